"""A file that somebody took home, checked with what its own README tells them and the portal's public keys, nothing else."""

import hashlib
import io
import json
import re
import shlex
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jwt
import pyzipper
import requests

from tests.house.standing import StandingHouse

Json = dict[str, Any]
PAPERS = {"README.txt", "manifest.json", "manifest.p7s", "portal-ca.pem", "consent.jws"}


def unpack(content: bytes, folder: Path, *, passphrase: str | None = None) -> Path:
    """Unpack the zip into `folder`, with a passphrase as WinZip AES. Raises RuntimeError for a wrong one."""
    if passphrase is None:
        with zipfile.ZipFile(io.BytesIO(content)) as plain:
            plain.extractall(folder)
    else:
        with pyzipper.AESZipFile(io.BytesIO(content)) as locked:
            locked.extractall(folder, pwd=passphrase.encode())
    return folder


def run_readme(folder: Path) -> None:
    """Run the very line that the README prints, word for word. Raises CalledProcessError where the signature fails."""
    printed = {line.strip() for line in (folder / "README.txt").read_text().splitlines()}
    (command,) = [line for line in printed if line.startswith("openssl ")]
    subprocess.run(shlex.split(command), cwd=folder, capture_output=True, check=True, timeout=30)


def compare_digests(folder: Path) -> Json:
    """Compare every file with the manifest, and the manifest with what lies there; return the manifest."""
    manifest: Json = json.loads((folder / "manifest.json").read_text())
    listed = {file["name"]: file["sha256"] for item in manifest["items"] for file in item["files"]}
    lying = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert lying == PAPERS | set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
        assert re.fullmatch(r"[a-z0-9/._-]+", name), "a name that some computer cannot write"
    return manifest


def check_file(house: StandingHouse, folder: Path, *, datasets: Iterable[str]) -> Json:
    """Do everything that a careful person can do with the unpacked file; return the claims of its consent."""
    run_readme(folder)
    published = requests.get(f"{house.base}/.well-known/portal-ca.pem", timeout=10).text
    assert (folder / "portal-ca.pem").read_text() == published
    manifest = compare_digests(folder)
    assert (manifest["version"], manifest["issuer"]) == (1, house.base)
    landed = [item for item in manifest["items"] if item["state"] == "landed"]
    assert [item["dataset"] for item in landed] == list(datasets)
    for item in landed:
        endings = {file["name"].partition(".")[2] for file in item["files"]}
        assert {"json", "csv", "pdf"} < endings, item
        assert endings & {"zip", "jws"}, "the agency's own bytes are missing"
    consent = read_receipt(house, (folder / "consent.jws").read_text(), kind="mydata-consent+jws")
    assert consent["grant"] == manifest["grant"]
    assert hashlib.sha256(consent["wording"].encode()).hexdigest() == consent["wording_hash"]
    return consent


def read_receipt(house: StandingHouse, receipt: str, *, kind: str) -> Json:
    """Return a receipt's claims under the key that the portal publishes (RFC 7515). Raises InvalidSignatureError."""
    head = jwt.get_unverified_header(receipt)
    keys = requests.get(f"{house.base}/.well-known/jwks.json", timeout=10).json()["keys"]
    (key,) = [jwt.PyJWK(key) for key in keys if key["kid"] == head["kid"]]
    assert head["typ"] == kind
    claims: Json = jwt.decode(receipt, key, algorithms=["ES256"], options={"verify_aud": False})
    assert claims["iss"] == house.base
    return claims


def check_deletion(house: StandingHouse, receipt: str, *, because: str, datasets: Iterable[str]) -> Json:
    """Check a deletion receipt: what was destroyed, why, and from when to when; return its claims."""
    claims = read_receipt(house, receipt, kind="mydata-deletion+jws")
    assert claims["because"] == because
    assert [one["item"] for one in claims["destroyed"]] == list(datasets)
    assert all(re.fullmatch("[0-9a-f]{64}", one["commitment"]) for one in claims["destroyed"])
    assert claims["started_at"] <= claims["finished_at"]
    return claims
