"""A small agency of the tests' own, which serves bodies of any size and breaks off where it is told to.

It speaks the provider wire of the contract (section 4) in its older form, the signed zip, with entries that are not
compressed: what it says travels in the clear, so that it could be found.
"""

import datetime as dt
import hashlib
import io
import json
import random
import threading
import time
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

MIB = 1024 * 1024
SECRET = "a secret between agency and portal"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["remark"],
    "properties": {"remark": {"type": "string", "title": "備註"}},
    "additionalProperties": False,
}
KINDS = {
    "whole": 12 * MIB,
    "slow": 12 * MIB,
    "small": 1024,
    "too-large": 21 * MIB,
    "cut-short": 3 * MIB,
    "cut-chunk": 3 * MIB,
    "no-number": 1024,
}
"""What each dataset does, with the bytes of paper that it serves."""


class Agency:
    """Serves the datasets of KINDS to one portal; `mark` fills the papers."""

    def __init__(self, portal: str, mark: str) -> None:
        self.portal, self.mark = portal, mark
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._certificate = _self_issued(self._key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def seed(self) -> dict[str, object]:
        """Return the seed file that registers this agency."""
        return {
            "providers": [{"id": "large", "name": "大檔案局"}],
            "datasets": [self._entry(kind) for kind in KINDS],
        }

    def zip_for(self, dataset: str, tx_id: str, sub: str) -> bytes:
        """Return the signed answer: a small JSON and a paper of the size that the dataset is for."""
        document = {
            "dataset": dataset,
            "tx_id": tx_id,
            "sub": sub,
            "issued_at": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data": {"remark": self.mark},
        }
        size = KINDS[dataset]
        files = {f"{dataset}.json": json.dumps(document).encode(), f"{dataset}.pdf": self._paper(size)}
        return self._signed(files)

    def _paper(self, size: int) -> bytes:
        """Return `size` bytes that no zip makes smaller, with the mark in every 4 KiB."""
        chance, block = random.Random(size), 4096 - len(self.mark.encode())
        pieces = (self.mark.encode() + chance.randbytes(block) for _ in range(size // 4096 + 1))
        return (b"%PDF-1.4\n" + b"".join(pieces))[:size]

    def _entry(self, kind: str) -> dict[str, object]:
        url = f"http://127.0.0.1:{self._server.server_port}/{kind}"
        return {
            "id": kind,
            "provider": "large",
            "name": f"大檔案 {kind}",
            "minimum_level": 4,
            "schema": SCHEMA,
            "wire": "signed_zip",
            "secret": SECRET,
            "endpoints": {"live": {"url": url}},
            "certificate_pem": self._certificate.public_bytes(Encoding.PEM).decode(),
        }

    def _signed(self, files: Mapping[str, bytes]) -> bytes:
        entries = "".join(
            f"<file><filename>{name}</filename><digest>{hashlib.sha256(content).hexdigest()}</digest></file>"
            for name, content in files.items()
        )
        manifest = f"<files>{entries}</files>".encode()
        meta = {
            "META-INFO/manifest.xml": manifest,
            "META-INFO/manifest.sha256withrsa": self._key.sign(manifest, padding.PKCS1v15(), hashes.SHA256()),
            "META-INFO/certificate.cer": self._certificate.public_bytes(Encoding.DER),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in (dict(files) | meta).items():
                archive.writestr(name, content)
        return buffer.getvalue()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        agency = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                dataset = self.path.strip("/").split("?")[0]
                sub = agency.ask(self.headers["Authorization"])
                serve(self, dataset, agency.zip_for(dataset, self.headers["tx_id"], sub))

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        return Handler

    def ask(self, authorization: str) -> str:
        """Ask the portal whom the token is about (userinfo)."""
        answer = requests.get(f"{self.portal}/connect/userinfo", headers={"Authorization": authorization}, timeout=10)
        answer.raise_for_status()
        return str(answer.json()["sub"])


def serve(handler: BaseHTTPRequestHandler, dataset: str, body: bytes) -> None:
    """Send `body` whole, in pieces with pauses, cut off, or under a length that is no number."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/zip")
    handler.close_connection = True
    if dataset == "cut-chunk":
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n" % len(body) + body[: len(body) // 2])
        return
    handler.send_header("Content-Length", "a lot" if dataset == "no-number" else str(len(body)))
    handler.end_headers()
    sent = body[: len(body) // 2] if dataset == "cut-short" else body
    for start in range(0, len(sent), MIB):
        handler.wfile.write(sent[start : start + MIB])
        if dataset == "slow":
            time.sleep(0.3)


def _self_issued(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "large")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    return dated.sign(key, hashes.SHA256())
