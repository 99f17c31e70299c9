"""A small agency of the tests' own: asks the portal back like any agency, then answers as the test says."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import requests

from tests.dataproviders.papers import SCHEMA, claims, document, jwk, rsa_signer, signed_json, signed_zip

PROVIDER = "tests"
SECRET = "secret-of-a-dataset-of-the-tests"
ZIP, JOSE = "application/zip", "application/jose"


@dataclass(frozen=True)
class Asked:
    """One call of the portal, and whom it is about."""

    dataset: str
    tx_id: str
    sub: str
    token: str
    issuer: str
    number: int
    """How often this dataset was asked before."""


@dataclass(frozen=True)
class Said:
    """What the agency answers."""

    body: bytes = b""
    status: int = 200
    content_type: str = ZIP
    headers: Mapping[str, str] = field(default_factory=dict)


Say = Callable[[Asked], Said]


class Agency(ThreadingHTTPServer):
    """Serves every dataset that a test put on its shelf."""

    daemon_threads = True

    def __init__(self, portal: str) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.portal = portal
        self.shelf: dict[str, Say] = {}
        self.calls: list[Asked] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def entry(self, dataset: str, wire: str = "signed_zip", **changes: object) -> dict[str, Any]:
        """Return a dataset's entry of a seed file."""
        key = {"certificate_pem": rsa_signer().pem} if wire == "signed_zip" else {"jwks": {"keys": [jwk()]}}
        return {
            "id": dataset,
            "provider": PROVIDER,
            "name": f"測試資料 {dataset}",
            "minimum_level": 4,
            "schema": SCHEMA,
            "wire": wire,
            "secret": SECRET,
            "endpoints": {"live": {"url": f"http://127.0.0.1:{self.server_port}/{dataset}"}},
            **key,
        } | changes

    def ask_portal(self, dataset: str, token: str) -> dict[str, Any]:
        """Ask who a token is about, having proven which dataset asks."""
        form = {"token": token}
        facts = requests.post(f"{self.portal}/connect/introspect", form, auth=(dataset, SECRET), timeout=10).json()
        assert facts["active"], facts
        headers = {"Authorization": f"Bearer {token}"}
        whom = requests.get(f"{self.portal}/connect/userinfo", headers=headers, timeout=10).json()
        return {**whom, **facts}


class _Desk(BaseHTTPRequestHandler):
    server: Agency

    def do_GET(self) -> None:
        dataset = self.path.strip("/").partition("?")[0]
        token = self.headers["Authorization"].removeprefix("Bearer ")
        facts = self.server.ask_portal(dataset, token)
        before = sum(call.dataset == dataset for call in self.server.calls)
        asked = Asked(dataset, self.headers["tx_id"], facts["sub"], token, self.server.portal, before)
        self.server.calls.append(asked)
        self._answer(self.server.shelf[dataset](asked))

    def _answer(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in {"Content-Type": said.content_type, **said.headers}.items():
            self.send_header(name, value)
        if said.status != 204:
            self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        try:
            self.wfile.write(said.body)
        except OSError:
            return  # the portal has heard enough

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def right_zip(asked: Asked, **changes: object) -> Said:
    """Answer as an agency should, in a signed zip."""
    said = document(dataset=asked.dataset, tx_id=asked.tx_id, sub=asked.sub) | changes
    return Said(signed_zip(said, dataset=asked.dataset))


def right_json(asked: Asked, **changes: object) -> Said:
    """Answer as an agency should, in a signed document."""
    said = claims(**_errand(asked), iat=int(time.time())) | changes
    return Said(signed_json(said), content_type=JOSE)


def seed_file(*datasets: dict[str, Any]) -> dict[str, object]:
    """Return a seed file of these datasets."""
    return {"providers": [{"id": PROVIDER, "name": "測試機關"}], "datasets": list(datasets)}


def payload(asked: Asked, **raw: str) -> bytes:
    """Return the claims of a right answer with some members as raw JSON."""
    text = json.dumps(claims(**_errand(asked), iat=int(time.time())) | {name: f"@{name}@" for name in raw})
    for name, value in raw.items():
        text = text.replace(f'"@{name}@"', value)
    return text.encode()


def _errand(asked: Asked) -> dict[str, object]:
    return {"iss": PROVIDER, "aud": asked.issuer, "dataset": asked.dataset, "tx_id": asked.tx_id, "sub": asked.sub}
