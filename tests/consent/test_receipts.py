"""The proof of what was agreed to: exactly what was shown, under the portal's published key."""

import base64
import datetime as dt
import hashlib
import json
import uuid
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import transaction

from consent import grants
from consent.grants import Choice
from consent.models import Grant
from mydata.core import clock, references, signing
from tests.consent.asking import PARAMETERS, SUBJECT, dataset, drafted, sign_in
from tests.identity.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(moved: Clock) -> Grant:
    dataset("plain")
    dataset("income", parameters_schema=PARAMETERS)
    grant = drafted("plain", Choice("income", {"kind": "pay"}))
    with transaction.atomic():
        return grants.give(sign_in(), grant, now=moved.now, expires_at=moved.now + dt.timedelta(hours=8))


def read(receipt: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims, verified by the published keys; the library's clock is not the one that was moved."""
    header = jwt.get_unverified_header(receipt)
    key = jwt.PyJWKSet.from_dict(signing.jwks())[header["kid"]]
    return header, jwt.decode(receipt, key, algorithms=["ES256"], options={"verify_iat": False})


def test_the_receipt_says_what_was_shown_and_agreed_to(given: Grant) -> None:
    header, claims = read(given.receipt)
    assert (header["typ"], header["alg"]) == ("mydata-consent+jws", "ES256")
    assert str(uuid.UUID(claims.pop("jti"))) != str(given.pk)
    assert claims == {
        "iss": settings.ISSUER,
        "iat": int(clock.now().timestamp()),
        "grant": str(given.pk),
        "sub": references.pairwise(SUBJECT, "citizen"),
        "wording": given.wording,
        "wording_hash": hashlib.sha256(given.wording.encode()).hexdigest(),
        "datasets": ["plain", "income"],
        "parameters": {"plain": {}, "income": {"year": 115, "kind": "pay"}},
        "purpose": "自行下載保存運用",
        "recipient": "您本人",
        "expires_at": "2026-11-23T12:00:00Z",
    }
    assert SUBJECT not in json.dumps(claims)


def test_not_a_word_of_it_can_be_changed(given: Grant) -> None:
    head, body, signature = given.receipt.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    for name in claims:
        changed = json.dumps({**claims, name: "else"}).encode()
        forged = f"{head}.{base64.urlsafe_b64encode(changed).decode().rstrip('=')}.{signature}"
        with pytest.raises(jwt.InvalidSignatureError):
            read(forged)


def test_two_receipts_have_names_of_their_own(given: Grant) -> None:
    other = drafted("plain")
    with transaction.atomic():
        receipt = grants.give(sign_in(), other, now=clock.now(), expires_at=clock.now()).receipt
    assert read(receipt)[1]["jti"] != read(given.receipt)[1]["jti"]
