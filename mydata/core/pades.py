"""A PDF under the portal's own signature: PAdES B-B (ETSI EN 319 142-1), RSA with SHA-256, with its certificates.

The signature is added behind the document's own bytes. Its field shows nothing and lies outside the page, as PDF/UA-1
(ISO 14289-1, 7.18.1) asks of what is not tagged; tags, title and language stay as they were set. It certifies the
document: a reader tells whatever is added later.
"""

import asyncio
import datetime as dt
import io
from functools import cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mydata.core import signing

FIELD = "MyDataPortal"
FIELD_IN_WORDS = "平臺的數位簽章 Digital signature of the portal"
DIGEST = "sha256"

RESERVED = 8192
"""Hexadecimal digits kept for the CMS; it takes about half of them. Not to estimate it saves signing twice."""


def sign(document: bytes, *, at: dt.datetime) -> bytes:
    """Return the PDF with the portal's signature, which says that it was made `at` this aware moment."""
    file = io.BytesIO(document)
    writer = _Addition(file)
    embedding = PdfCMSEmbedder(new_field_spec=_field()).write_cms(FIELD, writer)
    next(embedding)
    embedding.send(_signature(at))
    prepared, _ = embedding.send(SigIOSetup(md_algorithm=DIGEST, in_place=True))
    embedding.send(asyncio.run(_signer().async_sign(prepared.document_digest, DIGEST, use_pades=True)))
    return file.getvalue()


class _Addition(IncrementalPdfFileWriter):
    """What is written behind a document, leaving what the document says of itself as it is."""

    def _update_meta(self) -> None:
        """Keep title, language and dates; the library would date and name itself."""


class _Portal(Signer):
    """Signs with the key that is loaded already."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - as the library calls it
        return signing.document_signer().key.sign(data, PKCS1v15(), hashes.SHA256())


@cache
def _signer() -> _Portal:
    signer = signing.document_signer()
    beside = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library forgot to say what it takes
    beside.register(_as_asn1(signer.authority))
    return _Portal(signing_cert=_as_asn1(signer.certificate), cert_registry=beside)


def _as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _field() -> SigFieldSpec:
    unseen = InvisSigSettings(set_hidden_flag=True, box_out_of_bounds=True)
    return SigFieldSpec(FIELD, on_page=0, invis_sig_settings=unseen, readable_field_name=FIELD_IN_WORDS)


def _signature(at: dt.datetime) -> SigObjSetup:
    placeholder = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=RESERVED)
    locked = SigMDPSetup(md_algorithm=DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    return SigObjSetup(sig_placeholder=placeholder, mdp_setup=locked)
