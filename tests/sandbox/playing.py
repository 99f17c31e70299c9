"""A sandbox as a real process, and the least portal that its agencies can ask."""

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Sandbox:
    """One running sandbox."""

    directory: Path
    portal: str
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self.directory.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "sandbox", "--port", str(self.port)]
        command += ["--portal", self.portal, "--dir", str(self.directory)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )

    def wait(self) -> None:
        """Wait until it serves."""
        assert self.process is not None
        give_up = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                if self.get("/healthz").status_code == 200:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> int:
        """Send SIGTERM and return the exit status; a process that lingers fails the test."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=10)

    def __enter__(self) -> Self:
        self.launch()
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.stop() == 0
        assert "Traceback" not in self.log.read_text(encoding="utf-8")

    def get(self, path: str, params: dict[str, str] | None = None, *, timeout: float = 20) -> requests.Response:
        return requests.get(f"{self.url}{path}", params=params, timeout=timeout)

    def post(self, path: str, body: object, *, timeout: float = 20) -> requests.Response:
        return requests.post(f"{self.url}{path}", json=body, timeout=timeout)

    def people(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get("/people").json()["items"]
        return items

    def person(self, tag: str, place: int = 0) -> dict[str, Any]:
        return [person for person in self.people() if tag in person["tags"]][place]

    def registered(self, dataset: str) -> dict[str, Any]:
        entries: list[dict[str, Any]] = self.get("/registration.json").json()["datasets"]
        return next(entry for entry in entries if entry["id"] == dataset)

    def fault(self, target: str, kind: str, count: int = 1) -> None:
        answer = self.post("/faults", {"target": target, "kind": kind, "count": count})
        assert answer.status_code == 200, answer.text


@dataclass(frozen=True)
class Token:
    """What the stub portal gave out for one item."""

    text: str
    tx_id: str
    sub: str


class StubPortal(ThreadingHTTPServer):
    """Answers `/connect/introspect` and `/connect/userinfo` for tokens that a test asked it to give out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Connect)
        self.tokens: dict[str, dict[str, str]] = {}
        self.basic: list[str] = []
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.deaf = 0
        """So many of the next answers to remarks are not heard."""

    def sign(self, claims: dict[str, Any], *, typ: str) -> bytes:
        """Return a compact JWS of this portal."""
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"typ": typ, "kid": "stub"}).encode()

    def jwks(self) -> dict[str, object]:
        """Return the public half."""
        public = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).to_jwk(
            self.key.public_key(), as_dict=True
        )
        return {"keys": [{**public, "kid": "stub", "alg": "ES256"}]}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def give(self, dataset: str, national_id: str, *, tx_id: str = "") -> Token:
        """Give out an active token."""
        token = Token(f"mydata::{uuid.uuid4()}", tx_id or str(uuid.uuid4()), f"sub-{uuid.uuid4()}")
        self.tokens[token.text] = {"scope": dataset, "tx_id": token.tx_id, "sub": token.sub, "uid": national_id}
        return token

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Connect(BaseHTTPRequestHandler):
    """The two calls of an agency, and those of its desk."""

    server: StubPortal

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.startswith("/connect/remarks/"):
            self.hear(json.loads(body))
            return
        form = parse_qs(body)
        self.server.basic.append(base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode())
        known = self.server.tokens.get(form["token"][0])
        facts = {"scope": known["scope"], "tx_id": known["tx_id"]} if known else {}
        self.answer({"active": bool(known), **facts})

    def hear(self, answer: dict[str, Any]) -> None:
        """Hear what became of a remark, unless this portal is deaf just now."""
        if self.server.deaf:
            self.server.deaf -= 1
            self.answer({}, status=503)
            return
        basic = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        remark = self.path.rpartition("/")[2]
        self.server.told.append((basic, {"remark": remark, **answer}))
        self.answer({"id": remark, "state": "answered"})

    def do_GET(self) -> None:
        if self.path == "/.well-known/jwks.json":
            self.answer(self.server.jwks())
            return
        known = self.server.tokens[self.headers["Authorization"].removeprefix("Bearer ")]
        person = {"birthdate": None, "cn": None, "uid_verified": True}
        self.answer({"sub": known["sub"], "uid": known["uid"], **person})

    def answer(self, facts: dict[str, object], *, status: int = 200) -> None:
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def ask(
    sandbox: Sandbox, token: Token, dataset: str, parameters: dict[str, Any] | None = None, *, timeout: float = 20
) -> requests.Response:
    """Call an agency as the portal does, in the way its registration says; `timeout` in seconds."""
    endpoint = sandbox.registered(dataset)["endpoints"]["live"]
    in_body = endpoint["parameters_in"] == "json"
    headers = {"Authorization": f"Bearer {token.text}", "tx_id": token.tx_id}
    return requests.request(
        endpoint["method"],
        endpoint["url"],
        headers=headers,
        params=None if in_body else parameters,
        json=parameters if in_body else None,
        timeout=timeout,
    )
