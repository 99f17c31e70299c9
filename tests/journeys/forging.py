"""What a forger would hand in: changed files, other signers, things added afterwards; and honest papers to compare."""

import datetime as dt
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pypdf
import pyzipper
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs7,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Kind = Literal["ecdsa", "pkcs1v15", "pss"]
VALID = dt.timedelta(days=30)


@dataclass(frozen=True)
class Authority:
    """Somebody who issues certificates: the portal's CA, or another one that calls itself the same."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, secrets: Path) -> "Authority":
        """Return the house's own."""
        key = load_pem_private_key((secrets / "portal-ca.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(x509.load_pem_x509_certificate((secrets / "portal-ca.pem").read_bytes()), key)

    @classmethod
    def posing(cls) -> "Authority":
        """Return one of the same name with a key of its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("MyData Portal CA")
        builder = _dated(subject=name, issuer=name, key=key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return cls(builder.add_extension(_usage(is_authority=True), critical=True).sign(key, hashes.SHA256()), key)

    def issue(
        self,
        key: Key,
        *,
        is_authority: bool = False,
        purpose: x509.ObjectIdentifier | None = None,
        until: dt.timedelta = VALID,
        serial: int | None = None,
    ) -> bytes:
        """Return a signer's certificate (DER), valid from a year ago `until` then from now, for e-mail or `purpose`."""
        builder = _dated(subject=_name("MyData Portal"), issuer=self.certificate.subject, key=key, until=until)
        wanted = x509.ExtendedKeyUsage([purpose or ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = (
            builder.serial_number(serial or x509.random_serial_number())
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(_usage(is_authority=is_authority), critical=True)
            .add_extension(wanted, critical=False)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def new_key(kind: Kind) -> Key:
    """Make a signer's key."""
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else rsa.generate_private_key(65537, 2048)


# -- Zips ---------------------------------------------------------------------------------------------------------------


def rebuilt(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Return the zip packed anew and in good order: `changes` are files' new contents, None for one to leave out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        files: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
        for name, held in (files | dict(changes)).items():
            if held is not None:
                new.writestr(name, held)
    return packed.getvalue()


def stuffed(content: bytes, where: Literal["before", "both", "behind"]) -> bytes:
    """Return the zip with a PDF beside the name of its first file: in the head before it, in the directory too, or there alone."""
    packed = io.BytesIO()
    paper = b"%PDF-1.7 another paper"
    field = b"MM" + len(paper).to_bytes(2, "little") + paper
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for place, name in enumerate(old.namelist()):
            entry = zipfile.ZipInfo(name)
            entry.extra = field if place == 0 and where != "behind" else b""
            new.writestr(entry, old.read(name))
        first = new.infolist()[0]
        first.extra, first.comment = (field if where == "both" else b""), (paper if where == "behind" else b"")
    return packed.getvalue()


def foreign_zip() -> bytes:
    """Return a zip of somebody else's, with a name in Big5 as older programs here write it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xxxx.txt", b"a shopping list")
    return packed.getvalue().replace(b"xxxx", "清單".encode("big5"))


def member(content: bytes, name: str) -> bytes:
    """Return one file of the zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def bytes_of(content: bytes, name: str) -> range:
    """Return where in the zip the packed bytes of one file stand."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(name)
    head = content[entry.header_offset :][:30]
    start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    return range(start, start + entry.compress_size)


def flipped(content: bytes, at: int) -> bytes:
    """Return the content with one bit of one byte changed."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def resigned(
    content: bytes,
    authority: Authority,
    changes: Mapping[str, bytes],
    *,
    is_detached: bool = True,
    **certificate: Any,  # noqa: ANN401 - handed on to `issue`
) -> bytes:
    """Return the zip with `changes`, its list brought into agreement, signed by a new signer of `authority`."""
    manifest = json.loads(member(content, "manifest.json"))
    for item in manifest["items"]:
        for file in item["files"]:
            if file["name"] in changes:
                file["sha256"] = hashlib.sha256(changes[file["name"]]).hexdigest()
    listing = json.dumps(manifest).encode()
    key = new_key("ecdsa")
    der = authority.issue(key, **certificate)
    options = [pkcs7.PKCS7Options.Binary] + ([pkcs7.PKCS7Options.DetachedSignature] if is_detached else [])
    signature = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(listing)
        .add_signer(x509.load_der_x509_certificate(der), key, hashes.SHA256())
        .sign(Encoding.DER, options)
    )
    return rebuilt(content, {**changes, "manifest.json": listing, "manifest.p7s": signature})


def under_passphrase(content: bytes, passphrase: str) -> bytes:
    """Return the zip packed anew as WinZip AES-256, as the portal packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, pyzipper.AESZipFile(packed, "w", pyzipper.ZIP_DEFLATED) as new:
        new.setpassword(passphrase.encode())
        new.setencryption(pyzipper.WZ_AES, nbits=256)
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return packed.getvalue()


def noise(size: int) -> bytes:
    """Return bytes that no packer makes smaller, the same every time."""
    return random.Random(1).randbytes(size)


# -- PDFs ---------------------------------------------------------------------------------------------------------------


def plain_pdf() -> bytes:
    """Return a PDF of one empty page."""
    written = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(written)
    return written.getvalue()


def signed_pdf(authority: Authority, kind: Kind, *, key: Key | None = None, serial: int | None = None) -> bytes:
    """Return a PDF with a PAdES signature by a signer of `authority`, a new one unless its key is given."""
    key = key or new_key(kind)
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(authority.issue(key, serial=serial)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
        prefer_pss=kind == "pss",
    )
    how = signers.PdfSignatureMetadata(
        field_name="Portal", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", name="MyData Portal"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(plain_pdf()))
    with ThreadPoolExecutor(1) as elsewhere:  # pyHanko wants a loop of its own, and the browser's runs in this thread
        return bytes(elsewhere.submit(signers.sign_pdf, writer, how, signer=signer).result().getvalue())


def with_certificate(content: bytes, der: bytes) -> bytes:
    """Return the signed PDF with another certificate in its signature, which nothing but a signed attribute can tell."""
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    signature = cms.ContentInfo.load(bytes.fromhex(content[start:end].decode()))
    signature["content"]["certificates"] = [cms.CertificateChoices("certificate", asn1_x509.Certificate.load(der))]
    written = bytes(signature.dump(force=True)).hex().encode()
    return content[:start] + written.ljust(end - start, b"0") + content[end:]


def revised(content: bytes) -> bytes:
    """Return the PDF with a revision appended after its signature."""
    written = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Lang"] = pdf_string("en")
    writer.update_root()  # type: ignore[no-untyped-call]  # as above
    writer.write(written)  # type: ignore[no-untyped-call]  # as above
    return written.getvalue()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _dated(*, subject: x509.Name, issuer: x509.Name, key: Key, until: dt.timedelta = VALID) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .not_valid_before(now - dt.timedelta(days=365))
        .not_valid_after(now + until)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
