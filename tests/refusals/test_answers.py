"""Every way in which an agency's answer can be wrong, over the wire, ends in the contract's reason (sections 4 and 8)."""

import base64
import zlib

import pytest

from tests.dataproviders.papers import ec_key, signed_json, signed_zip
from tests.house.client import Client, Json
from tests.house.standing import until
from tests.refusals.agency import JOSE, Agency, Asked, Said, Say, payload, right_json, right_zip
from tests.refusals.conftest import LETTER, PAPER

MIB = 1024 * 1024


def deflated(asked: Asked) -> Said:
    right = right_zip(asked)
    return Said(zlib.compress(right.body), headers={"Content-Encoding": "deflate"})


def redirect(status: int) -> Say:
    return lambda asked: Said(status=status, headers={"Location": f"/{asked.dataset}"})


def status(number: int) -> Say:
    return lambda _: Said(b"" if number in {204, 304} else b"{}", status=number)


def letter(**raw: str) -> Say:
    """Answer with some claims as raw JSON."""
    return lambda asked: Said(signed_json(payload(asked, **raw)), content_type=JOSE)


def later(asked: Asked) -> Said:
    """Ask to be called again, once, by a date."""
    if asked.number >= len(OF_THE_ZIP):
        return right_zip(asked)
    return Said(status=429, headers={"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"})


OF_THE_ZIP: dict[str, tuple[Say, str | None]] = {
    "right": (right_zip, None),
    "right, with parameters in its type": (
        lambda a: Said(right_zip(a).body, content_type="Application/ZIP; x=1"),
        None,
    ),
    "another type": (lambda a: Said(right_zip(a).body, content_type="application/octet-stream"), "bad_answer"),
    "a letter's type": (lambda a: Said(right_zip(a).body, content_type=JOSE), "bad_answer"),
    "a page": (lambda _: Said(b"<html>maintenance</html>", content_type="text/html"), "bad_answer"),
    "empty": (lambda _: Said(b""), "bad_answer"),
    "compressed on the way": (deflated, "bad_answer"),
    "too large": (lambda _: Said(b"\0" * (20 * MIB + 1)), "bad_answer"),
    "another schema": (lambda a: right_zip(a, data={"answer": "many"}), "bad_answer"),
    "another call's": (lambda a: right_zip(a, tx_id="5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10"), "bad_answer"),
    "another dataset's": (lambda a: right_zip(a, dataset="personal-income"), "bad_answer"),
    "somebody else's": (lambda a: right_zip(a, sub="somebody-else"), "wrong_person"),
    "nobody's": (lambda a: right_zip(a, sub=None), "bad_answer"),
    "unsigned": (lambda a: Said(signed_zip(dataset=a.dataset, signature=b"")), "bad_answer"),
    "moved": (redirect(302), "provider_refused"),
    "moved for good": (redirect(308), "provider_refused"),
    "not modified": (status(304), "provider_refused"),
    "not found": (status(404), "provider_refused"),
    "unauthorized": (status(401), "provider_refused"),
    "accepted": (status(202), "provider_refused"),
    "broken": (status(500), "provider_down"),
    "busy": (status(503), "provider_down"),
    "none held": (status(204), "no_record"),
    # Who comes back must not be given the next one's answer.
    "later, by a date that is past": (later, None),
}
OF_THE_LETTER: dict[str, tuple[Say, str | None]] = {
    "right": (right_json, None),
    "a zip": (right_zip, "bad_answer"),
    "too old": (lambda a: right_json(a, iat=1_700_000_000), "bad_answer"),
    "from the future": (lambda a: right_json(a, iat=4_000_000_000), "bad_answer"),
    "of no time": (letter(iat="1" + "0" * 400), "bad_answer"),
    "for another portal": (lambda a: right_json(a, aud="http://other.example"), "bad_answer"),
    "from another agency": (lambda a: right_json(a, iss="moi"), "bad_answer"),
    "another call's": (lambda a: right_json(a, tx_id="another"), "bad_answer"),
    "somebody else's": (lambda a: right_json(a, sub="somebody-else"), "wrong_person"),
    "by a stranger's key": (lambda a: Said(signed_json(payload(a), key=ec_key("x")), content_type=JOSE), "bad_answer"),
    "endless": (letter(data="1e999"), "bad_answer"),
    "half a character": (letter(data='{"answer": 1, "remark": "\\ud800"}'), "bad_answer"),
    "deep": (letter(data="[" * 50_000 + "]" * 50_000), "bad_answer"),
    "no letter": (lambda _: Said(base64.b64encode(b"x" * 999), content_type=JOSE), "bad_answer"),
}
ENDS = {None: ("sealed", "landed", None), "no_record": ("sealed", "none_held", "no_record")}


def outcome(parcel: Json) -> tuple[str, str, str | None]:
    """Return the state of a parcel of one item, the item's state and its reason."""
    (item,) = parcel["items"]
    return parcel["state"], item["state"], item.get("reason")


@pytest.mark.parametrize(
    ("dataset", "answers"), [(PAPER, OF_THE_ZIP), (LETTER, OF_THE_LETTER)], ids=["signed_zip", "signed_json"]
)
def test_each_answer_ends_in_its_reason(
    client: Client, agency: Agency, dataset: str, answers: dict[str, tuple[Say, str | None]]
) -> None:
    right, waiting, parcels = agency.shelf[dataset], list(answers.values()), {}
    agency.calls.clear()
    agency.shelf[dataset] = lambda asked: waiting[min(asked.number, len(waiting) - 1)][0](asked)
    try:
        for number, name in enumerate(answers):
            _, parcels[name] = client.request(dataset, parameters={LETTER: {"year": 113}})
            until(lambda number=number: len(agency.calls) > number, what=f"the agency being asked ({name})")  # type: ignore[misc]  # bound for this turn
        found = {name: outcome(client.wait(parcel)) for name, parcel in parcels.items()}
    finally:
        agency.shelf[dataset] = right
    wanted = {name: ENDS.get(reason, ("failed", "failed", reason)) for name, (_, reason) in answers.items()}
    assert found == wanted


def test_a_token_says_nothing_once_its_item_has_ended(client: Client, agency: Agency) -> None:
    agency.calls.clear()
    _, parcel = client.request(PAPER)
    client.wait(parcel)
    (asked,) = agency.calls
    with pytest.raises(AssertionError, match="active"):
        agency.ask_portal(PAPER, asked.token)


def test_one_address_answers_for_one_transaction_only(client: Client, agency: Agency) -> None:
    agency.calls.clear()
    for _ in range(2):
        _, parcel = client.request(PAPER)
        client.wait(parcel)
    first, second = agency.calls
    assert len({first.tx_id, second.tx_id, first.sub, second.sub, first.token, second.token}) == 6
