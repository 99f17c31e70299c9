"""`application/zip`: data files, a manifest of their digests, and a signature over the manifest.

{dataset}.json                        {dataset, tx_id, sub, issued_at, data}
{dataset}.csv                         the same data as a table, where the dataset offers one
META-INFO/manifest.xml                <files><file><filename/><digest/></file>…</files>, SHA-256, lower-case hex
META-INFO/manifest.sha256withrsa      RSASSA-PKCS1-v1_5 with SHA-256 over the bytes of the manifest
META-INFO/certificate.cer             the registered certificate, DER
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sandbox.agencies.answer import Answer
from sandbox.agencies.datasets import PROVIDERS, Dataset
from sandbox.faults import Kind
from sandbox.keyring import Keyring
from sandbox.statements import turned_over

CERTIFICATE_LIFE = timedelta(days=10 * 365)


class SignedZip:
    """The form that agencies serve today."""

    content_type = "application/zip"

    def __init__(self, dataset: Dataset, keyring: Keyring) -> None:
        """Sign with the key of `dataset`, under a certificate that its agency issued to itself."""
        name = f"dataset-{dataset.id}"
        self._key = keyring.rsa_key(name)
        self._certificate = keyring.certificate(name, lambda: self_issued(dataset, self._key))

    def seal(self, answer: Answer, kind: Kind | None = None) -> bytes:
        """Return the zip; `kind` may ask for no signature, a wrong one, or a digest that does not fit."""
        files = dict(data_files(answer))
        manifest = manifest_of(files, false=kind is Kind.BAD_DIGEST)
        signature = self._key.sign(manifest, padding.PKCS1v15(), hashes.SHA256())
        if kind is Kind.BAD_SIGNATURE:
            signature = turned_over(signature)
        files["META-INFO/manifest.xml"] = manifest
        if kind is not Kind.UNSIGNED:
            files["META-INFO/manifest.sha256withrsa"] = signature
        files["META-INFO/certificate.cer"] = self._certificate.public_bytes(Encoding.DER)
        return packed(files)

    def registration(self) -> dict[str, object]:
        """Return `{certificate_pem}`."""
        return {"certificate_pem": self._certificate.public_bytes(Encoding.PEM).decode()}


def data_files(answer: Answer) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each data file."""
    envelope = {
        "dataset": answer.dataset.id,
        "tx_id": answer.tx_id,
        "sub": answer.sub,
        "issued_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": answer.data,
    }
    yield f"{answer.dataset.id}.json", json.dumps(envelope, ensure_ascii=False, indent=1).encode()
    if answer.dataset.with_csv:
        yield f"{answer.dataset.id}.csv", table(answer)


def table(answer: Answer) -> bytes:
    """Return `data` as CSV (RFC 4180), a byte-order mark first because Excel wants one.

    Single values come first, title and value a line; each list follows under its title, with a line of titles of its own.
    """
    properties = answer.dataset.schema["properties"]
    lists = {name: value for name, value in answer.data.items() if isinstance(value, list)}
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(["欄位", "內容"])
    writer.writerows((properties[name]["title"], value) for name, value in answer.data.items() if name not in lists)
    for name, rows in lists.items():
        writer.writerows(([], [properties[name]["title"]]))
        writer.writerow([entry["title"] for entry in properties[name]["items"]["properties"].values()])
        writer.writerows(row.values() for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def manifest_of(files: Mapping[str, bytes], *, false: bool) -> bytes:
    """Return the manifest of `files`; a `false` one names the digests of other contents."""
    root = ET.Element("files")
    for name, content in files.items():
        entry = ET.SubElement(root, "file")
        ET.SubElement(entry, "filename").text = name
        ET.SubElement(entry, "digest").text = hashlib.sha256(content + b"!" * false).hexdigest()
    whole: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return whole


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return `files` as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def self_issued(dataset: Dataset, key: rsa.RSAPrivateKey) -> x509.Certificate:
    """Return a certificate that the agency issues to itself; the portal trusts it because it was registered."""
    names = {
        NameOID.COUNTRY_NAME: "TW",
        NameOID.ORGANIZATION_NAME: PROVIDERS[dataset.provider],
        NameOID.COMMON_NAME: dataset.id,
    }
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in names.items()])
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(yesterday)
        .not_valid_after(yesterday + CERTIFICATE_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
