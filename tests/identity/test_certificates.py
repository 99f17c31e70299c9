"""A citizen's certificate is worth what stands above it: the pinned root, its time, its use and a fresh list (RFC 5280)."""

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import VerificationError
from pytest_django.fixtures import Settings

from identity import authorities, certificates
from identity.methods import citizen_certificate
from identity.methods.base import AuthorityDown, NotAccepted
from mydata.core import clock, outbound
from tests.identity.authority import DAY, NOW, YEAR, Authority, pin, usage
from tests.identity.conftest import Clock

ROOT = Authority("測試根憑證")
ISSUING = Authority("測試憑證管理中心", issuer=ROOT)
SECOND = dt.timedelta(seconds=1)


class Office:
    """Answers for the authority's address: a CRL, or nothing."""

    def __init__(self) -> None:
        self.crl: bytes | None = ISSUING.crl()
        self.asked: list[str] = []

    def get(self, url: str) -> bytes:
        self.asked.append(url)
        if self.crl is None:
            raise AuthorityDown
        return self.crl


@pytest.fixture(autouse=True)
def trust(tmp_path: Path, settings: Settings, moved: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    moved.now = NOW
    settings.TRUST_DIR = tmp_path
    pin(tmp_path, ROOT, ISSUING)
    monkeypatch.setattr(certificates, "_kept", {})


@pytest.fixture(autouse=True)
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    standing = Office()
    monkeypatch.setattr(authorities, "get", standing.get)
    return standing


def accepted(signer: x509.Certificate, *others: x509.Certificate) -> x509.Certificate:
    """Run steps 3 and 4 and return the issuer."""
    issuer = certificates.issuer_of(signer, list(others))
    citizen_certificate._check_usage(signer)
    return issuer


def test_step_3_a_citizen_s_certificate_leads_to_the_pinned_root() -> None:
    assert accepted(ISSUING.citizen()) == ISSUING.certificate


def test_step_3_an_issuing_authority_that_came_with_the_signature_may_stand_between() -> None:
    newer = Authority("測試憑證管理中心 第二代", issuer=ROOT)
    signer = newer.citizen()
    assert accepted(signer, newer.certificate) == newer.certificate
    with pytest.raises(VerificationError):
        accepted(signer)


def test_step_3_another_authority_s_certificate_leads_nowhere_even_under_the_same_names() -> None:
    other_root = Authority(ROOT.name)
    for other in (Authority(ISSUING.name, issuer=other_root), Authority("別的憑證管理中心", issuer=other_root)):
        with pytest.raises(VerificationError):
            accepted(other.citizen(), other.certificate, other_root.certificate)


def test_step_3_a_certificate_that_vouches_for_itself_is_none() -> None:
    alone = Authority("虛構人", is_ca=False, certifies=False)
    with pytest.raises(VerificationError):
        accepted(alone.certificate, alone.certificate)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (NOW - DAY, NOW + SECOND, True),
        (NOW, NOW + DAY, True),
        (NOW - DAY, NOW - SECOND, False),
        (NOW + SECOND, NOW + DAY, False),
    ],
)
def test_step_3_it_counts_within_its_time_only(starts: dt.datetime, ends: dt.datetime, holds: bool) -> None:  # noqa: FBT001 - a column of the table
    signer = ISSUING.citizen(starts=starts, ends=ends)
    if holds:
        assert accepted(signer) == ISSUING.certificate
    else:
        with pytest.raises(VerificationError):
            accepted(signer)


@pytest.mark.parametrize("years", [-2, 2])
def test_step_3_the_authority_s_own_time_counts_too(moved: Clock, years: int) -> None:
    signer = ISSUING.citizen(starts=NOW - 9 * YEAR, ends=NOW + 9 * YEAR)
    moved.now = NOW + years * YEAR
    with pytest.raises(VerificationError):
        accepted(signer)


@pytest.mark.parametrize(
    ("is_ca", "certifies"), [(False, True), (None, True), (True, False), (True, None), (False, False)]
)
def test_step_3_nobody_stands_between_who_may_not_issue(is_ca: bool | None, certifies: bool | None) -> None:  # noqa: FBT001 - columns of the table
    between = Authority("不得簽發者", issuer=ROOT, is_ca=is_ca, certifies=certifies)
    with pytest.raises(VerificationError):
        accepted(between.citizen(), between.certificate)


def test_step_3_a_citizen_does_not_issue_for_another() -> None:
    card = Authority("虛構人", issuer=ISSUING, is_ca=False, certifies=False)
    with pytest.raises(VerificationError):
        accepted(card.citizen(), card.certificate)


@pytest.mark.parametrize(
    "signer",
    [
        pytest.param(ISSUING.certificate, id="an authority's own certificate"),
        pytest.param(
            ISSUING.citizen(is_ca=True, key_usage=usage(signs=True, certifies=False)), id="a CA that may sign"
        ),
        pytest.param(ISSUING.citizen(key_usage=usage(signs=True, certifies=True)), id="signs and certifies"),
        pytest.param(ISSUING.citizen(key_usage=usage(signs=False, certifies=False)), id="may not sign"),
        pytest.param(ISSUING.citizen(key_usage=None), id="no key usage at all"),
    ],
)
def test_step_4_only_a_person_s_signing_certificate_signs(signer: x509.Certificate) -> None:
    with pytest.raises(NotAccepted):
        citizen_certificate._check_usage(signer)


def test_step_4_basic_constraints_may_be_left_out_by_who_is_no_authority() -> None:
    assert accepted(ISSUING.citizen(is_ca=None)) == ISSUING.certificate


def test_step_5_what_the_list_names_is_revoked_and_nothing_else(office: Office) -> None:
    lost, good = ISSUING.citizen(), ISSUING.citizen()
    office.crl = ISSUING.crl(ISSUING.citizen(), lost)
    assert certificates.is_revoked(lost, ISSUING.certificate)
    assert not certificates.is_revoked(good, ISSUING.certificate)


@pytest.mark.parametrize(
    "crl",
    [
        pytest.param(None, id="unreachable"),
        pytest.param(b"", id="empty"),
        pytest.param(b"no list", id="no DER"),
        pytest.param(ROOT.crl(), id="of another issuer"),
        pytest.param(Authority("別的憑證管理中心").crl(), id="of a stranger"),
        pytest.param(Authority(ISSUING.name).crl(), id="of a stranger under the same name"),
        pytest.param(Authority("別的憑證管理中心", key=ISSUING.key).crl(), id="of another issuer with the same key"),
        pytest.param(ISSUING.crl(by=ROOT.key), id="signed by another key"),
        pytest.param(ISSUING.crl()[:-1] + b"\0", id="with a signature that does not hold"),
        pytest.param(ISSUING.crl(until=NOW), id="stale"),
        pytest.param(ISSUING.crl(updated=NOW - 9 * DAY, until=NOW - DAY), id="stale for a day"),
        pytest.param(ISSUING.crl(updated=NOW + dt.timedelta(minutes=6)), id="from the future"),
    ],
)
def test_step_5_without_a_signed_and_fresh_list_nobody_is_let_in(office: Office, crl: bytes | None) -> None:
    office.crl = crl
    for _ in range(2):
        with pytest.raises(AuthorityDown):
            certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)
    office.crl = ISSUING.crl()
    certificates._kept.clear()
    assert not certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)


def test_step_5_a_clock_that_is_a_little_ahead_does_no_harm(office: Office) -> None:
    office.crl = ISSUING.crl(updated=NOW + dt.timedelta(minutes=5))
    assert not certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)


def test_step_5_a_queue_of_sign_ins_asks_once_and_a_later_one_learns_what_was_revoked_since(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed, lost = 0.0, ISSUING.citizen()
    monkeypatch.setattr(clock, "monotonic", lambda: 1000.0 + passed)
    for _ in range(3):
        assert not certificates.is_revoked(lost, ISSUING.certificate)
    assert len(office.asked) == 1
    office.crl = ISSUING.crl(lost)
    passed = certificates.CRL_KEPT
    assert not certificates.is_revoked(lost, ISSUING.certificate)
    passed = certificates.CRL_KEPT + 1
    assert certificates.is_revoked(lost, ISSUING.certificate)
    assert len(office.asked) == 2


def test_step_5_a_list_that_is_kept_gets_stale_all_the_same(office: Office, moved: Clock) -> None:
    office.crl = ISSUING.crl(until=NOW + SECOND)
    assert not certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)
    moved.move(seconds=1)
    with pytest.raises(AuthorityDown):
        certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)


def test_step_5_a_list_that_was_not_had_is_asked_for_again(office: Office) -> None:
    office.crl = None
    for _ in range(2):
        with pytest.raises(AuthorityDown):
            certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)
    assert len(office.asked) == 2


@pytest.mark.parametrize(
    "failure", [outbound.Unreachable(), outbound.AnswerTooLarge(), outbound.NoRoom(), 404, 503, 302]
)
def test_step_5_an_authority_that_cannot_be_reached_is_down(
    monkeypatch: pytest.MonkeyPatch, failure: outbound.OutboundError | int
) -> None:
    def fetch(call: outbound.Call) -> tuple[outbound.Reply, bytes]:
        assert call.url.endswith("/crl")
        if isinstance(failure, int):
            return outbound.Reply(failure, {}), ISSUING.crl()
        raise failure

    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(certificates, "_kept", {})
    monkeypatch.setattr(outbound, "fetch", fetch)
    with pytest.raises(AuthorityDown):
        certificates.is_revoked(ISSUING.citizen(), ISSUING.certificate)
