"""The steps of the signed zip, by their numbers in `dataproviders.connectors.signed_zip`."""

import io
import json
import random
import zipfile

import pytest

from dataproviders.connectors.signed_zip import MAX_FILES, MAX_META, MAX_UNPACKED, SignedZip
from dataproviders.errors import BadAnswer, WrongPerson
from dataproviders.integrity import Checked, Expected
from tests.dataproviders.papers import (
    META,
    NOW,
    document,
    expected,
    manifest_of,
    packed,
    repacked,
    rsa_signer,
    signed_zip,
)

CERTIFICATE = f"{META}certificate.cer"
MANIFEST = f"{META}manifest.xml"
SIGNATURE = f"{META}manifest.sha256withrsa"


def check(body: bytes, wanted: Expected | None = None) -> Checked:
    return SignedZip().check(io.BytesIO(body), wanted or expected(), now=NOW)


def refused(body: bytes, wanted: Expected | None = None) -> None:
    with pytest.raises(BadAnswer):
        check(body, wanted)


def raw_json(text: str) -> bytes:
    """Return a document whose `data` is this very text."""
    return json.dumps(document(data="HERE")).replace('"HERE"', text).encode()


def bomb(size: int) -> bytes:
    return packed([("paper.json", b"\0" * size)])


def test_a_right_answer_is_taken() -> None:
    checked = check(signed_zip())
    assert checked.data == {"answer": 42}
    assert checked.issued_at == NOW
    assert len(checked.signer) == 64


def test_csv_and_pdf_come_with_it_and_nothing_else_is_handed_on() -> None:
    body = signed_zip(more=[("paper.csv", b"a,b"), ("paper.pdf", b"%PDF"), ("notes.txt", b"x")])
    check(body)
    assert [part.name for part in SignedZip().parts(body, "paper")] == ["paper.json", "paper.csv", "paper.pdf"]


@pytest.mark.parametrize("body", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"<html>", random.Random(7).randbytes(2048)])
def test_step_1_what_is_no_archive(body: bytes) -> None:
    refused(body)


def test_step_1_an_archive_cut_off_anywhere() -> None:
    body = signed_zip()
    for end in range(0, len(body), 97):
        refused(body[:end])


def test_step_1_a_changed_byte_anywhere_is_refused_or_changes_nothing() -> None:
    body, chance = signed_zip(), random.Random(20261123)
    for _ in range(400):
        at = chance.randrange(len(body))
        changed = body[:at] + bytes([body[at] ^ (1 << chance.randrange(8))]) + body[at + 1 :]
        try:
            assert check(changed).data == {"answer": 42}
        except (BadAnswer, WrongPerson):
            continue


def test_step_1_a_name_that_stands_twice() -> None:
    refused(signed_zip(unlisted=[("paper.json", json.dumps(document(data={"answer": 1})).encode())]))


def test_step_1_too_many_files() -> None:
    more = [(f"{number}.txt", b"") for number in range(MAX_FILES)]
    refused(signed_zip(more=more))
    check(signed_zip(more=more[: MAX_FILES - 4]))


def test_step_1_a_bomb_is_not_unpacked() -> None:
    refused(bomb(MAX_UNPACKED + 1))
    many = [(f"{number}.txt", b"\0" * (MAX_UNPACKED // 20)) for number in range(21)]
    refused(signed_zip(more=many))


def test_step_1_a_bomb_that_lies_about_its_size_is_cut_at_what_it_said() -> None:
    body = bytearray(signed_zip(b" " * 1_000_000 + json.dumps(document()).encode()))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = body.find(mark) + offset
        body[at : at + 4] = (10).to_bytes(4, "little")
    refused(bytes(body))


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_step_1_only_what_agencies_pack_with_is_unpacked(compression: int) -> None:
    refused(repacked(signed_zip(), compression))
    body = bytearray(repacked(signed_zip(), compression))
    at = body.find(b"paper.json") + 14
    body[at : at + 8] = b"\xff" * 8
    refused(bytes(body))


def test_step_1_stored_files_are_as_good_as_deflated_ones() -> None:
    assert check(repacked(signed_zip(), zipfile.ZIP_STORED)).data == {"answer": 42}


def test_step_1_an_encrypted_file() -> None:
    body = bytearray(signed_zip())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.find(mark) + offset] |= 1
    refused(bytes(body))


@pytest.mark.parametrize("name", ["../paper.json", "/etc/passwd", "a/../../b.txt", "C:\\x.txt", "..\\b.txt"])
def test_step_1_names_that_lead_out_of_the_archive(name: str) -> None:
    refused(signed_zip(more=[(name, b"x")]))


def test_step_2_another_certificate_than_the_registered_one() -> None:
    refused(signed_zip(certificate=rsa_signer("stranger").der))
    refused(signed_zip(certificate=b"no certificate"))
    refused(signed_zip(without=[CERTIFICATE]))
    refused(signed_zip(), expected(certificates=()))


def test_step_2_an_answer_wholly_signed_by_a_stranger() -> None:
    stranger = rsa_signer("stranger")
    manifest = manifest_of([("paper.json", json.dumps(document(), ensure_ascii=False).encode())])
    body = signed_zip(manifest=manifest, signature=stranger.sign(manifest), certificate=stranger.der)
    refused(body)
    assert check(body, expected(certificates=(rsa_signer().pem, stranger.pem))).data == {"answer": 42}


def test_step_2_meta_files_of_monstrous_size() -> None:
    refused(signed_zip(certificate=b"\0" * (MAX_META + 1)))
    refused(signed_zip(signature=b"\0" * (MAX_META + 1)))


def test_step_3_a_signature_that_does_not_hold() -> None:
    refused(signed_zip(signature=rsa_signer("stranger").sign(b"anything")))
    refused(signed_zip(signature=b""))
    refused(signed_zip(without=[SIGNATURE]))


def test_step_3_a_manifest_changed_after_signing() -> None:
    manifest = manifest_of([("paper.json", b"{}")])
    refused(signed_zip(signature=rsa_signer().sign(manifest)))
    refused(signed_zip(without=[MANIFEST]))


def test_step_4_a_file_changed_after_signing() -> None:
    refused(signed_zip(manifest=manifest_of([("paper.json", b"something else")])))


def test_step_4_a_file_that_the_manifest_does_not_name() -> None:
    refused(signed_zip(unlisted=[("paper.csv", b"slipped,in")]))


def test_step_4_a_file_that_only_the_manifest_names() -> None:
    content = json.dumps(document(), ensure_ascii=False).encode()
    refused(signed_zip(manifest=manifest_of([("paper.json", content), ("paper.csv", b"")])))


@pytest.mark.parametrize("manifest", [b"", b"<files>", b"no xml", b'<?xml version="1.0" encoding="nowhere"?><files/>'])
def test_step_4_a_manifest_that_is_no_xml(manifest: bytes) -> None:
    refused(signed_zip(manifest=manifest))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_step_4_a_manifest_with_a_document_type(encoding: str) -> None:
    listed = manifest_of([("paper.json", json.dumps(document(), ensure_ascii=False).encode())]).decode()
    head, _, rest = listed.partition("?>")
    wicked = f'{head.replace("UTF-8", encoding)}?><!DOCTYPE files [<!ENTITY x "x">]>{rest}'
    refused(signed_zip(manifest=wicked.encode(encoding)))


def test_step_5_an_answer_to_another_call() -> None:
    refused(signed_zip(document(tx_id="6c1f5f0e-0000-4a55-9d15-0e6f3a1f2c11")))
    refused(signed_zip(document(dataset="other")))
    refused(signed_zip(dataset="other"))
    refused(signed_zip(document(issued_at="yesterday")))
    refused(signed_zip(b"[]"))


def test_step_6_an_answer_about_somebody_else() -> None:
    with pytest.raises(WrongPerson):
        check(signed_zip(document(sub="somebody-else")))
    for nobody in (None, "", 7, ["x"]):
        refused(signed_zip(document(sub=nobody)))


def test_step_7_data_that_do_not_hold_by_the_schema() -> None:
    wrong: tuple[object, ...] = ({}, {"answer": "42"}, {"answer": 42, "more": 1}, [], None, "text")
    for data in wrong:
        refused(signed_zip(document(data=data)))


@pytest.mark.parametrize(
    "text",
    [
        '{"answer": 1, "answer": 42}',
        '{"answer": NaN}',
        '{"answer": 42, "remark": Infinity}',
        '{"answer": 1e999}',
        '{"answer": 42, "remark": "\\ud800"}',
        '{"answer": 42, "remark": "\\udc00\\ud800"}',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "{",
    ],
)
def test_step_7_json_that_two_readers_would_read_differently(text: str) -> None:
    refused(signed_zip(raw_json(text)), expected(schema={"type": "object"}))


def test_step_7_json_in_another_encoding() -> None:
    refused(signed_zip(json.dumps(document(data={"answer": 42, "remark": "國"}), ensure_ascii=False).encode("big5")))


def test_a_byte_order_mark_and_any_real_character_are_no_harm() -> None:
    said = json.dumps(document(data={"answer": 42, "remark": "𠮷 \\ud842"})).replace("\\\\ud842", "\\ud842\\udfb7")
    assert check(signed_zip(b"\xef\xbb\xbf" + said.encode())).data["remark"] == "𠮷 𠮷"
