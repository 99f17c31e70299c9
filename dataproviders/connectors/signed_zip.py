"""`application/zip`: data files, a manifest of their digests, its RSA signature and the registered certificate.

1. The archive opens, is packed in a plain way, holds no more than it may, no name twice and none that leads elsewhere. 2. `META-INFO/certificate.cer` is a certificate
registered for this dataset. 3. `META-INFO/manifest.sha256withrsa` is its raw RSASSA-PKCS1-v1_5 signature over the bytes of
`META-INFO/manifest.xml`. 4. Every data file stands in the manifest with its SHA-256, and nothing else stands there.
5. `{dataset}.json` names this errand, 6. this person, 7. and holds by the schema.
"""

import datetime as dt
import io
import zipfile
import zlib
from typing import BinaryIO
from xml.etree import ElementTree as ET

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from dataproviders import integrity
from dataproviders.connectors.base import Part
from dataproviders.errors import BadAnswer
from dataproviders.integrity import Checked, Expected

DER = Encoding.DER
META = "META-INFO/"
MANIFEST = META + "manifest.xml"
SIGNATURE = META + "manifest.sha256withrsa"
CERTIFICATE = META + "certificate.cer"
MAX_FILES = 64
MAX_UNPACKED = 64 * 1024 * 1024
MAX_META = 1024 * 1024
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What agencies pack with; other methods let an archive ask for gigabytes of working memory."""
MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "pdf": "application/pdf"}


class SignedZip:
    """The layout that agencies already serve today."""

    wire = "signed_zip"
    media_type = "application/zip"
    original_name = "original.zip"

    def check(self, body: BinaryIO, expected: Expected, *, now: dt.datetime) -> Checked:  # noqa: ARG002 - the shape of every connector
        """Run the seven steps. Raises BadAnswer, WrongPerson."""
        try:
            with zipfile.ZipFile(body) as archive:
                return _check(archive, expected)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise BadAnswer from error

    def parts(self, original: bytes, dataset: str) -> list[Part]:
        """Return the files that a citizen is given: `{dataset}.json`, and `.csv` and `.pdf` where the agency made them."""
        with zipfile.ZipFile(io.BytesIO(original)) as archive:
            present = set(archive.namelist())
            return [
                Part(name=name, media_type=media_type, content=archive.read(name))
                for ending, media_type in MEDIA_TYPES.items()
                if (name := f"{dataset}.{ending}") in present
            ]


def _check(archive: zipfile.ZipFile, expected: Expected) -> Checked:
    names = _names(archive)
    certificate = _registered(_meta(archive, CERTIFICATE), expected)
    manifest = _meta(archive, MANIFEST)
    _check_signature(certificate, _meta(archive, SIGNATURE), manifest)
    _check_digests(archive, names, _digests(manifest))
    wanted = f"{expected.dataset}.json"
    if wanted not in names:
        raise BadAnswer
    document = integrity.read_json(archive.read(wanted))
    if not isinstance(document, dict):
        raise BadAnswer
    integrity.check_errand(expected, dataset=document.get("dataset"), tx_id=document.get("tx_id"))
    integrity.check_person(expected, document.get("sub"))
    data = integrity.check_data(expected, document.get("data"))
    issued = integrity.read_moment(document.get("issued_at"))
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    return Checked(data=data, issued_at=issued, signer=fingerprint)


def _names(archive: zipfile.ZipFile) -> set[str]:
    """Step 1. Return the data files' names. Raises BadAnswer."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or len(set(names)) != len(names) or unpacked > MAX_UNPACKED:
        raise BadAnswer
    if any(entry.compress_type not in METHODS or not _stays_inside(entry.filename) for entry in entries):
        raise BadAnswer
    return {entry.filename for entry in entries if not entry.filename.startswith(META) and not entry.is_dir()}


def _stays_inside(name: str) -> bool:
    """Say whether a file of this name, unpacked on any system, stays in the folder it is unpacked into."""
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and not set("\\:") & set(name)


def _meta(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > MAX_META:
            raise BadAnswer
        return archive.read(name)
    except KeyError as error:
        raise BadAnswer from error


def _registered(der: bytes, expected: Expected) -> x509.Certificate:
    """Step 2. Raises BadAnswer."""
    for pem in expected.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        if certificate.public_bytes(DER) == der:
            return certificate
    raise BadAnswer


def _check_signature(certificate: x509.Certificate, signature: bytes, manifest: bytes) -> None:
    """Step 3. Raises BadAnswer."""
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise BadAnswer
    try:
        key.verify(signature, manifest, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise BadAnswer from error


def _digests(manifest: bytes) -> dict[str, str]:
    """Return the manifest's `{file name: digest}`. Raises BadAnswer."""
    # A byte of zero means UTF-16, in which the two words would not be found.
    if b"<!DOCTYPE" in manifest or b"<!ENTITY" in manifest or b"\0" in manifest:
        raise BadAnswer
    try:
        files = ET.fromstring(manifest)  # noqa: S314 - see the import
    except (ET.ParseError, LookupError) as error:
        raise BadAnswer from error
    return {
        (file.findtext("filename") or "").strip(): (file.findtext("digest") or "").strip()
        for file in files.iter("file")
    }


def _check_digests(archive: zipfile.ZipFile, names: set[str], digests: dict[str, str]) -> None:
    """Step 4. Raises BadAnswer."""
    if set(digests) != names:
        raise BadAnswer
    for name in names:
        with archive.open(name) as file:
            if integrity.sha256_of(file) != digests[name]:  # type: ignore[arg-type]  # a zip's file reads like any other
                raise BadAnswer
