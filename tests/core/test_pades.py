"""The portal's signature in a PDF, as two readers of other people judge it: Poppler with NSS, and pyHanko's validator."""

import datetime as dt
import io
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from asn1crypto import cms
from cryptography import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pytest_django.fixtures import Settings

from mydata.core import pades, signing
from tests.house.poppler import Poppler
from tests.personal_cloud.test_documents_pdf import _nodes, opened, published

AT = dt.datetime(2026, 11, 23, 8, 45, 30, tzinfo=dt.UTC)
VALID, TRUSTED, WHOLE = "Signature is Valid.", "Certificate is Trusted.", "Total document signed"


@cache
def unsigned() -> bytes:
    return published("household-individual")


@cache
def signed() -> bytes:
    return pades.sign(unsigned(), at=AT)


def status(content: bytes, authority: bytes) -> PdfSignatureStatus:
    """Return what pyHanko finds where only this CA is trusted."""
    roots = list(load_certs_from_pemder_data(authority))
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))


@pytest.fixture
def stranger(tmp_path: Path, settings: Settings) -> bytes:
    """The CA of somebody else who calls themselves the same."""
    mine, here, caches = signing.ca_pem(), settings.SECRETS_DIR, (signing._key, signing._authority)
    settings.SECRETS_DIR = tmp_path / "another portal"
    for each in caches:
        each.cache_clear()
    theirs = signing.ca_pem()
    settings.SECRETS_DIR = here
    for each in caches:
        each.cache_clear()
    assert (signing.ca_pem(), theirs != mine) == (mine, True)
    return theirs


def test_both_readers_find_it_valid_trusted_and_over_the_whole_document(poppler: Poppler, tmp_path: Path) -> None:
    said = poppler.verdict(signed(), tmp_path, authority=signing.ca_pem())
    for expected in (VALID, TRUSTED, WHOLE, "ETSI.CAdES.detached", "SHA-256", "CN=MyData Portal Documents,C=TW"):
        assert expected in said
    found = status(signed(), signing.ca_pem())
    assert found.bottom_line
    assert found.summary() == "INTACT:TRUSTED,UNTOUCHED"


def test_neither_trusts_it_under_the_ca_of_somebody_else(poppler: Poppler, tmp_path: Path, stranger: bytes) -> None:
    assert TRUSTED not in poppler.verdict(signed(), tmp_path, authority=stranger)
    found = status(signed(), stranger)
    assert (found.intact, found.trusted, found.bottom_line) == (True, False, False)


def places() -> list[int]:
    """Choose bytes of every part: the first text, the middle, the tags, the title, the field, the time of signing."""
    document, whole = unsigned(), signed()
    added = len(document)
    marks = (b"stream\n", b"/StructTreeRoot", b"dc:title>", b"/Lang")
    return [
        *(document.index(mark) + len(mark) + 3 for mark in marks),
        len(document) // 2,
        whole.index(b"/SigFlags", added) + 10,
        whole.index(b"/M (", added) + 12,
    ]


def test_both_say_so_when_one_byte_was_changed_wherever_it_stands(poppler: Poppler, tmp_path: Path) -> None:
    for place in places():
        changed = bytearray(signed())
        changed[place] ^= 1
        said = poppler.verdict(bytes(changed), tmp_path, authority=signing.ca_pem())
        assert VALID not in said, place
        assert not status(bytes(changed), signing.ca_pem()).bottom_line, place


def test_both_say_so_when_something_was_added_behind_it(poppler: Poppler, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(signed()), incremental=True)
    writer.pages[0].rotate(90)
    added = io.BytesIO()
    writer.write(added)
    assert added.getvalue().startswith(signed())
    assert WHOLE not in poppler.verdict(added.getvalue(), tmp_path, authority=signing.ca_pem())
    assert not status(added.getvalue(), signing.ca_pem()).bottom_line


def test_it_stands_behind_the_document_and_leaves_tags_title_language_and_dates_alone() -> None:
    assert signed().startswith(unsigned())
    before, after = opened(unsigned()), opened(signed())
    roots: tuple[Any, Any] = (before.root_object, after.root_object)
    assert after.metadata == before.metadata
    for read in (_tags, _xmp, lambda root: (root["/Lang"], root["/MarkInfo"], root["/ViewerPreferences"])):
        assert read(roots[0]) == read(roots[1])
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]


def _tags(root: Any) -> list[str]:  # noqa: ANN401 - a PDF object
    return [str(node["/S"]) for node in _nodes(root["/StructTreeRoot"])]


def _xmp(root: Any) -> bytes:  # noqa: ANN401 - a PDF object
    content: bytes = root["/Metadata"].get_data()
    return content


def test_its_field_is_hidden_outside_the_page_and_named_as_pdf_ua_asks() -> None:
    pages: list[Any] = list(opened(signed()).pages)
    page, *others = pages
    assert all("/Annots" not in one for one in others)
    (field,) = (one.get_object() for one in page["/Annots"])
    left, bottom, right, top = field["/Rect"]
    assert (right < 0, top < 0, right - left, top - bottom) == (True, True, 0, 0)
    assert field["/F"] & 2, "hidden, hence no part of the reading order (ISO 14289-1, 7.18.1)"
    assert page["/Tabs"] == "/S", "the order of tabs follows the tags (ISO 14289-1, 7.18.3)"
    assert "平臺的數位簽章" in field["/TU"]
    assert "/AP" not in field


def envelope() -> tuple[Any, cms.SignedData]:
    """Return the signature's dictionary and the CMS in it."""
    root: Any = opened(signed()).root_object
    value = root["/AcroForm"]["/Fields"][0].get_object()["/V"]
    return value, cms.ContentInfo.load(bytes(value["/Contents"]).rstrip(b"\0") + b"\0" * 2)["content"]


def test_it_is_pades_b_b_with_the_signers_certificate_and_its_ca_inside() -> None:
    value, signed_data = envelope()
    assert (value["/Filter"], value["/SubFilter"]) == ("/Adobe.PPKLite", "/ETSI.CAdES.detached")
    assert str(value["/M"]).startswith("D:20261123084530")
    (info,) = signed_data["signer_infos"]
    attributes = {attribute["type"].native for attribute in info["signed_attrs"]}
    named = {"content_type", "message_digest", "signing_certificate_v2"}
    assert attributes == named, "and no signing time: it stands in /M (EN 319 142-1, 6.3)"
    assert info["digest_algorithm"]["algorithm"].native == "sha256"
    assert info["signature_algorithm"].signature_algo == "rsassa_pkcs1v15"
    names = {one.chosen.subject.native["common_name"] for one in signed_data["certificates"]}
    assert names == {"MyData Portal Documents", "MyData Portal CA"}


def test_its_certificate_is_for_documents_and_signs_nothing_else() -> None:
    signer = signing.document_signer()
    signer.certificate.verify_directly_issued_by(signer.authority)
    usage = signer.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    purposes = signer.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert signing.DOCUMENT_SIGNING in purposes
    assert signer.key.key_size == 3072
    assert signer.certificate.public_key() != signing._signer_certificate().public_key()


def test_the_key_is_loaded_once_and_a_signature_costs_little(
    monkeypatch: pytest.MonkeyPatch,
    record_property: Any,  # noqa: ANN401 - pytest's own
) -> None:
    signed()
    monkeypatch.setattr(signing, "load_pem_private_key", lambda *_: pytest.fail("the key was loaded again"))
    begun = time.process_time()
    added = [len(pades.sign(unsigned(), at=AT)) - len(unsigned()) for _ in range(10)]
    took = (time.process_time() - begun) / 10
    record_property("seconds", round(took, 4))
    print(f"one signature: {took * 1000:.0f} ms, {max(added)} bytes")  # noqa: T201 - a measurement is there to be read
    assert took < 0.07, "loading the key anew costs 70 ms alone"
    assert max(added) < 12_000


def test_the_same_document_signed_at_the_same_moment_says_the_same() -> None:
    first, second = (re.sub(rb"/ID \[.*?\]", b"", pades.sign(unsigned(), at=AT)) for _ in range(2))
    assert first[: len(unsigned())] == second[: len(unsigned())]
    assert status(pades.sign(unsigned(), at=AT), signing.ca_pem()).bottom_line
