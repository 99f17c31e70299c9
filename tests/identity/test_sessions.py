"""A sign-in lasts as long as it may, changes its name when it grows, and leaves the holder's secret alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client

from identity import gates, holder, sessions
from identity.envelope import Envelope
from identity.errors import NotSignedIn, OtherBrowser
from identity.levels import AssuranceLevel
from mydata.core import keys
from tests.identity.conftest import Browser, Clock
from tests.strictness import as_strict_as_postgresql

pytestmark = pytest.mark.django_db
ALICE, BOB = "reference-of-alice", "reference-of-bob"
ENVELOPE = Envelope(uid="A123456789", birth_date=None, name="某人")


def enters(
    subject: str = ALICE, level: AssuranceLevel = AssuranceLevel.TWO_DOCUMENTS
) -> Callable[[HttpRequest], object]:
    """Return the act of signing in."""
    return lambda request: sessions.begin(
        request, subject=subject, level=level, method="two_documents", envelope=ENVELOPE
    )


def secret_of(browser: Browser, subject: str = ALICE) -> str:
    return browser.cookies[holder.cookie_name(subject)]


def share_of(request: HttpRequest) -> str:
    return str(request.session[sessions.KEY]["share"])


def test_somebody_who_signed_in_is_known_at_the_next_visit(browser: Browser, moved: Clock) -> None:
    browser.visit(enters())
    found = gates.sign_in(browser.visit())
    assert (found.subject, found.level) == (ALICE, AssuranceLevel.TWO_DOCUMENTS)
    assert found.expires_at == moved.now + dt.timedelta(minutes=60)
    assert sessions.envelope(browser.visit()) == ENVELOPE


@pytest.mark.parametrize("name", ["\0abcdefghij", "abcdefghij\0", "../../../etc/passwd", "\u4e00" * 32])
def test_a_cookie_that_names_no_session_of_ours_is_none(client: Client, name: str) -> None:
    octal = "".join(f"\\{octet:03o}" for octet in name.encode())
    with as_strict_as_postgresql():
        answer = client.get("/", headers={"Cookie": f'{settings.SESSION_COOKIE_NAME}="{octal}"'})
    assert answer.status_code == 200


def test_the_session_keeps_no_identity_that_opens_without_the_holder(browser: Browser) -> None:
    request = browser.visit(enters())
    kept = request.session[sessions.KEY]
    assert ENVELOPE.uid not in str(kept)
    for lost in ("cookie", "share"):
        stripped = Browser()
        stripped.session = browser.session
        stripped.cookies = {} if lost == "cookie" else dict(browser.cookies)
        if lost == "share":
            keys.store().destroy(sessions.SHARES, share_of(request))
        with pytest.raises(OtherBrowser):
            sessions.envelope(stripped.visit())


def test_signing_in_more_strongly_changes_the_session_and_its_share_but_never_the_secret(browser: Browser) -> None:
    first = browser.visit(enters())
    before, secret, share = browser.session, secret_of(browser), share_of(first)
    second = browser.visit(enters(level=AssuranceLevel.CITIZEN_CERTIFICATE))
    assert browser.session != before
    assert not Session.objects.filter(pk=before).exists()
    assert secret_of(browser) == secret
    assert share_of(second) != share
    with pytest.raises(keys.KeyGone):
        keys.store().get(sessions.SHARES, share)
    assert gates.sign_in(browser.visit()).level == AssuranceLevel.CITIZEN_CERTIFICATE
    assert sessions.envelope(browser.visit()) == ENVELOPE


def test_a_weaker_proof_does_not_weaken_the_session_nor_lengthen_it(browser: Browser, moved: Clock) -> None:
    browser.visit(enters(level=AssuranceLevel.CITIZEN_CERTIFICATE))
    ends = gates.sign_in(browser.visit()).expires_at
    moved.move(minutes=10)
    browser.visit(enters(level=AssuranceLevel.TWO_DOCUMENTS))
    found = gates.sign_in(browser.visit())
    assert (found.level, found.expires_at) == (AssuranceLevel.CITIZEN_CERTIFICATE, ends)


def test_a_quarter_of_an_hour_without_a_visit_ends_it(browser: Browser, moved: Clock) -> None:
    request = browser.visit(enters())
    moved.move(minutes=15)
    assert gates.sign_in_or_none(browser.visit()) is not None
    moved.move(minutes=15, seconds=1)
    with pytest.raises(NotSignedIn):
        gates.sign_in(browser.visit())
    with pytest.raises(keys.KeyGone):
        keys.store().get(sessions.SHARES, share_of(request))


def test_an_hour_ends_it_however_busy(browser: Browser, moved: Clock) -> None:
    browser.visit(enters())
    for _ in range(6):
        moved.move(minutes=10)
        assert gates.sign_in_or_none(browser.visit()) is not None
    moved.move(seconds=1)
    assert gates.sign_in_or_none(browser.visit()) is None


def test_activity_is_written_at_most_once_a_minute(browser: Browser, moved: Clock) -> None:
    browser.visit(enters())
    moved.move(seconds=59)
    assert not browser.visit().session.modified
    moved.move(seconds=1)
    assert browser.visit().session.modified
    assert not browser.visit().session.modified


def test_signing_out_destroys_the_share_and_the_row_and_leaves_the_secret(browser: Browser) -> None:
    request = browser.visit(enters())
    before, secret, share = browser.session, secret_of(browser), share_of(request)
    browser.visit(sessions.end)
    assert not Session.objects.filter(pk=before).exists()
    with pytest.raises(keys.KeyGone):
        keys.store().get(sessions.SHARES, share)
    assert secret_of(browser) == secret
    browser.visit(enters())
    assert secret_of(browser) == secret, "parcels still alive would have been lost"


def test_two_people_at_one_computer_have_each_their_own_secret(browser: Browser) -> None:
    browser.visit(enters(ALICE))
    alices = secret_of(browser, ALICE)
    browser.visit(enters(BOB))
    assert gates.sign_in(browser.visit()).subject == BOB
    assert secret_of(browser, BOB) != alices
    assert secret_of(browser, ALICE) == alices
    browser.visit(enters(ALICE))
    assert secret_of(browser, ALICE) == alices
    assert "alice" not in holder.cookie_name(ALICE)


def test_the_cookie_lives_as_long_as_the_last_parcel(browser: Browser, moved: Clock) -> None:
    browser.visit(enters())
    name = holder.cookie_name(ALICE)
    assert browser.lives[name] == 3600
    browser.visit(lambda request: holder.keep_until(request, moved.now + dt.timedelta(hours=8)))
    assert browser.lives[name] == 8 * 3600
    browser.visit(lambda request: holder.keep_until(request, moved.now + dt.timedelta(hours=1)))
    assert browser.lives[name] == 8 * 3600, "an earlier end shortened it"


@pytest.mark.parametrize("value", ["", "short", "!" * 43, "A" * 42, "A" * 44, "資料"])
def test_a_secret_that_is_none_is_replaced_by_a_fresh_one(browser: Browser, value: str) -> None:
    browser.cookies[holder.cookie_name(ALICE)] = value
    browser.visit(enters())
    assert len(secret_of(browser)) == 43
    assert secret_of(browser) != value


def test_without_the_secret_it_is_another_browser(browser: Browser) -> None:
    browser.visit(enters())
    browser.cookies.clear()
    with pytest.raises(OtherBrowser):
        holder.secret(browser.visit())
