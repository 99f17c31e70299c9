"""The portal's own signatures, checked by others' tools; and the secrets that are made once, whoever comes at once."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from cryptography import x509
from django.conf import settings as read_settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from mydata.core import keyring, signing

CONTENT = '{"version": 1,\n "名稱": "個人化資料"}\r\n'.encode() * 50
CACHED = (signing._key, signing._kid, signing._authority, signing._signer_certificate, signing.document_signer)
PROGRAM = """
import django, json, sys
django.setup()
from mydata.core import keyring, signing
print("ready", flush=True)
sys.stdin.readline()
cms = signing.detached_cms(b"content").hex()
print(json.dumps([signing.jwks(), signing.ca_pem().decode(), keyring.secret("pepper").hex(), cms]))
"""


@pytest.fixture(autouse=True)
def fresh_secrets(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Begin without any key, and forget those of this test."""
    settings.SECRETS_DIR = tmp_path / "secrets"
    for each in (*CACHED, keyring.secret):
        each.cache_clear()
    yield
    for each in (*CACHED, keyring.secret):
        each.cache_clear()


def openssl(folder: Path, signature: bytes, content: bytes, authority: bytes) -> tuple[bool, bytes]:
    """Verify as the README in the citizen's file says; return whether it held, and what openssl read."""
    for name, written in (("manifest.p7s", signature), ("manifest.json", content), ("portal-ca.pem", authority)):
        (folder / name).write_bytes(written)
    command = "openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json -CAfile portal-ca.pem"
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, check=False)
    return done.returncode == 0, done.stdout


def test_openssl_verifies_what_the_portal_signed(tmp_path: Path) -> None:
    assert openssl(tmp_path, signing.detached_cms(CONTENT), CONTENT, signing.ca_pem()) == (True, CONTENT)


def test_openssl_refuses_one_changed_byte_anywhere(tmp_path: Path) -> None:
    signature = signing.detached_cms(CONTENT)
    for at in (0, len(CONTENT) // 2, len(CONTENT) - 1):
        changed = CONTENT[:at] + bytes([CONTENT[at] ^ 1]) + CONTENT[at + 1 :]
        assert not openssl(tmp_path, signature, changed, signing.ca_pem())[0]
    assert not openssl(tmp_path, signature, CONTENT.replace(b"\r\n", b"\n"), signing.ca_pem())[0]
    assert not openssl(tmp_path, signature[:-1] + bytes([signature[-1] ^ 1]), CONTENT, signing.ca_pem())[0]


def test_openssl_refuses_it_under_another_authority(tmp_path: Path, settings: Settings) -> None:
    signature, mine = signing.detached_cms(CONTENT), signing.ca_pem()
    settings.SECRETS_DIR = tmp_path / "another portal"
    for each in CACHED:
        each.cache_clear()
    assert signing.ca_pem() != mine
    assert not openssl(tmp_path, signature, CONTENT, signing.ca_pem())[0]


def test_the_signature_stands_beside_the_content_and_the_signer_is_no_authority() -> None:
    assert CONTENT[:40] not in signing.detached_cms(CONTENT)
    signer = signing._signer_certificate()
    authority = x509.load_pem_x509_certificate(signing.ca_pem())
    signer.verify_directly_issued_by(authority)
    assert not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not signer.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_a_receipt_verifies_by_the_published_key_and_no_private_part_is_published() -> None:
    receipt = signing.jws({"a": "甲"}, "kind+jws")
    (public,) = signing.jwks()["keys"]
    assert set(public) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert jwt.get_unverified_header(receipt) == {"alg": "ES256", "typ": "kind+jws", "kid": public["kid"]}
    assert jwt.decode(receipt, jwt.PyJWK(public), algorithms=["ES256"]) == {"a": "甲"}


def test_keys_outlive_the_process(tmp_path: Path) -> None:
    before = (signing.jwks(), signing.ca_pem(), signing._signer_certificate())
    for each in CACHED:
        each.cache_clear()
    assert (signing.jwks(), signing.ca_pem(), signing._signer_certificate()) == before
    assert openssl(tmp_path, signing.detached_cms(CONTENT), CONTENT, before[1])[0]


def test_only_the_owner_reads_the_secrets() -> None:
    signing.detached_cms(b"")
    folder: Path = read_settings.SECRETS_DIR
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.name for path in folder.iterdir()} == {"portal-ca.key", "portal-ca.pem", "signer.key", "signer.pem"}


def test_what_was_written_first_stays(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "secret"
    keyring.write_once(path, b"first")
    keyring.write_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert [one.name for one in path.parent.iterdir()] == ["secret"], "a draft was left behind"


def test_of_many_who_write_at_once_one_is_kept_whole(tmp_path: Path) -> None:
    for number in range(20):
        path, line = tmp_path / str(number), threading.Barrier(8)
        contents = [bytes([who]) * 5000 for who in range(8)]

        def write(content: bytes, path: Path = path, line: threading.Barrier = line) -> None:
            line.wait()
            keyring.write_once(path, content)

        writers = [threading.Thread(target=write, args=(content,)) for content in contents]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert path.read_bytes() in contents


def test_outside_the_sandbox_no_secret_is_made(settings: Settings) -> None:
    settings.SANDBOX = False
    for make in (signing.jwks, signing.ca_pem, lambda: keyring.secret("pepper")):
        with pytest.raises(ImproperlyConfigured):
            make()
    assert not settings.SECRETS_DIR.exists()


def test_a_secret_of_another_length_is_refused(settings: Settings) -> None:
    settings.SECRETS_DIR.mkdir()
    for length in (0, 31, 33):
        (settings.SECRETS_DIR / "pepper").write_bytes(b"x" * length)
        with pytest.raises(ImproperlyConfigured):
            keyring.secret("pepper")


def test_two_processes_that_start_at_once_come_to_one_set_of_keys(tmp_path: Path) -> None:
    environ = os.environ | {"MYDATA_SECRETS_DIR": str(tmp_path / "shared"), "MYDATA_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-c", PROGRAM]
    started = [
        subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [each.stdout.readline() for each in started if each.stdout] == ["ready\n"] * 2
    for each in started:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    found = [json.loads(each.communicate(timeout=60)[0]) for each in started]
    assert found[0][:3] == found[1][:3]
    for _, authority, _, cms in found:
        assert openssl(tmp_path, bytes.fromhex(cms), b"content", authority.encode())[0]
