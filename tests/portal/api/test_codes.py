"""A code shown by one program and brought by another of the same person (CONTRACT, sections 3 and 8)."""

import re
from http.cookies import Morsel
from ipaddress import ip_network

import pytest
from pytest_django.fixtures import Settings

from audit.models import Event
from identity import holder
from identity.levels import AssuranceLevel
from mydata.core import references
from personal_cloud import codes
from personal_cloud.models import CodeTry, CounterCode, Parcel
from portal.models import IdempotentCall
from portal.notices.models import Notice
from tests.portal.api.calling import Json, Program, problem
from tests.portal.api.conftest import STRONG, WEAK
from tests.portal.api.contract import fits
from tests.portal.citizen.landing import land

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
PERSON = "A123456789"
KEY = {"Idempotency-Key": "a-key"}
CARD = (AssuranceLevel.CITIZEN_CERTIFICATE, "citizen_certificate")
DOCUMENTS = (AssuranceLevel.TWO_DOCUMENTS, "two_documents")


@pytest.fixture
def elsewhere(db: None) -> Program:  # noqa: ARG001 - asked for by name
    """Another device on which the same person signed in."""
    found = Program()
    found.sign_in(PERSON, *DOCUMENTS)
    return found


def sealed(program: Program, dataset: str = WEAK, **parameters: int) -> str:
    """Agree, let the agency answer, and return the parcel's id."""
    grant = program.post("/grants", {"datasets": [{"id": dataset, "parameters": parameters}]}).json()
    given = program.post(f"/grants/{grant['id']}/give", {"wording_hash": grant["wording_hash"]}).json()
    land(Parcel.objects.get(pk=given["parcel"]), dataset, {"plate": "ABC-1234"})
    return str(given["parcel"])


def shown(program: Program, parcel: str, **headers: str) -> Json:
    answer = program.post(f"/parcels/{parcel}/codes", {}, **headers)
    assert answer.status_code == 201, answer.content
    found: Json = answer.json()
    return found


def half_cookie(program: Program, parcel: str) -> "Morsel[str] | None":
    return program.browser.cookies.get(f"mydata_half_{parcel}")


def test_a_code_comes_in_two_writings_and_says_how_long_it_lives(citizen: Program) -> None:
    answer = shown(citizen, sealed(citizen))

    fits("createCode", 201, answer)
    assert re.fullmatch("MYD1:[0-9A-HJKMNP-TV-Z]{26,}", answer["qr"])
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", answer["spoken"])
    assert answer["expires_at"].endswith("Z")


@pytest.mark.parametrize("writing", ["qr", "spoken"])
def test_whoever_brings_it_opens_the_parcel_there_and_the_first_program_still_does(
    citizen: Program, elsewhere: Program, writing: str
) -> None:
    parcel = sealed(citizen)
    code = shown(citizen, parcel)[writing]
    assert elsewhere.get(f"/parcels/{parcel}").json()["opens_here"] is False

    answer = elsewhere.post("/pickups", {"code": code})

    assert answer.status_code == 201, answer.content
    fits("pickUp", 201, answer.json())
    assert answer.json()["parcel"] == parcel
    for program in (citizen, elsewhere):
        assert program.get(f"/parcels/{parcel}").json()["opens_here"] is True
        assert program.get("/parcels").json()["items"][0]["opens_here"] is True
        assert program.get(f"/parcels/{parcel}/items/{WEAK}").json()["data"] == {"plate": "ABC-1234"}
    assert problem(elsewhere.post("/pickups", {"code": code})) == (409, "code_used")


def test_the_half_is_kept_in_a_cookie_of_its_own_as_long_as_the_parcel_lives(
    citizen: Program, elsewhere: Program
) -> None:
    parcel = sealed(citizen)
    elsewhere.post("/pickups", {"code": shown(citizen, parcel)["qr"]})

    cookie = half_cookie(elsewhere, parcel)
    assert cookie is not None
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert 28_000 < int(cookie["max-age"]) <= 28_800
    assert half_cookie(citizen, parcel) is None
    own = elsewhere.browser.cookies[holder.cookie_name(references.of_subject(PERSON))].value
    assert own != cookie.value


def test_the_other_device_takes_the_file_and_the_claim_has_one_winner(citizen: Program, elsewhere: Program) -> None:
    parcel = sealed(citizen)
    elsewhere.post("/pickups", {"code": shown(citizen, parcel)["spoken"]})

    claimed = elsewhere.post(f"/parcels/{parcel}/claim", {}, **KEY)

    assert claimed.status_code == 201, claimed.content
    assert elsewhere.post(f"/parcels/{parcel}/claim", {}, **KEY).json() == claimed.json()
    assert problem(citizen.post(f"/parcels/{parcel}/claim", {})) == (409, "already_claimed")
    assert problem(citizen.get(f"/parcels/{parcel}/file")) == (409, "claim_first")
    content = b"".join(elsewhere.get(f"/parcels/{parcel}/file").streaming_content)
    assert len(content) == claimed.json()["size"]
    received = elsewhere.post(f"/parcels/{parcel}/received", {"sha256": claimed.json()["sha256"]})
    assert received.json()["state"] == "purged"
    assert problem(elsewhere.get(f"/parcels/{parcel}/items/{WEAK}")) == (410, "gone")
    gone = half_cookie(elsewhere, parcel)
    assert gone is not None
    assert (gone.value, gone["max-age"]) == ("", 0), "what was handed over is forgotten with the parcel"


def test_the_other_device_forgets_the_half_when_it_sees_the_parcel_destroyed(
    citizen: Program, elsewhere: Program
) -> None:
    parcel = sealed(citizen)
    elsewhere.post("/pickups", {"code": shown(citizen, parcel)["qr"]})
    citizen.post(f"/grants/{Parcel.objects.get().grant_id}/withdraw")

    assert elsewhere.get(f"/parcels/{parcel}").json()["state"] == "purged"
    gone = half_cookie(elsewhere, parcel)
    assert gone is not None
    assert gone["max-age"] == 0


def test_the_first_program_may_claim_after_the_code_was_used(citizen: Program, elsewhere: Program) -> None:
    parcel = sealed(citizen)
    elsewhere.post("/pickups", {"code": shown(citizen, parcel)["qr"]})

    assert citizen.post(f"/parcels/{parcel}/claim", {}).status_code == 201
    assert problem(elsewhere.post(f"/parcels/{parcel}/claim", {})) == (409, "already_claimed")


@pytest.mark.parametrize(
    "body",
    [
        {"service": "something"},
        {"agent": "somebody"},
        {"agent": {"mandate": 1}},
        {"service": "something", "agent": ["somebody"]},
    ],
)
def test_no_service_and_no_agent_takes_a_code_yet(citizen: Program, body: Json) -> None:
    parcel = sealed(citizen)

    assert problem(citizen.post(f"/parcels/{parcel}/codes", body)) == (422, "not_allowed_for_service")
    assert problem(citizen.post(f"/parcels/{parcel}/codes", body, **KEY)) == (422, "not_allowed_for_service")
    assert not CounterCode.objects.exists()


def test_a_key_that_made_a_code_makes_none_for_a_service(citizen: Program) -> None:
    parcel = sealed(citizen)
    assert citizen.post(f"/parcels/{parcel}/codes", {}, **KEY).status_code == 201

    answer = citizen.post(f"/parcels/{parcel}/codes", {"service": "something"}, **KEY)

    assert problem(answer) == (422, "idempotency_mismatch")


@pytest.mark.parametrize("body", [{"pin": 1}, {"service": 1}, {"service": ""}, {"service": None}, {"agent": None}])
def test_a_body_that_the_call_does_not_take_is_malformed(citizen: Program, body: Json) -> None:
    assert problem(citizen.post(f"/parcels/{sealed(citizen)}/codes", body)) == (400, "malformed")


@pytest.mark.parametrize("body", [{}, {"code": None}, {"code": 1}, {"code": ""}, {"code": "x" * 201}, {"qr": "x"}])
def test_a_body_without_a_code_is_malformed(citizen: Program, body: Json) -> None:
    assert problem(citizen.post("/pickups", body)) == (400, "malformed")


def test_a_code_that_is_mistyped_says_so_and_not_where(citizen: Program) -> None:
    spoken = shown(citizen, sealed(citizen))["spoken"]
    wrong = spoken[:-1] + ("0" if spoken[-1] != "0" else "1")

    answer = citizen.post("/pickups", {"code": wrong})

    assert problem(answer) == (422, "code_mistyped")
    assert wrong not in answer.content.decode()
    assert not CodeTry.objects.exists()


def test_who_is_wrong_five_times_is_told_to_wait_and_a_right_code_too(citizen: Program, other: Program) -> None:
    spoken = shown(citizen, sealed(citizen))["spoken"]
    for _ in range(5):
        assert problem(other.post("/pickups", {"code": spoken})) == (404, "not_found")

    refused = other.post("/pickups", {"code": spoken})

    assert problem(refused) == (429, "limit_reached")
    assert 890 < int(refused["Retry-After"]) <= 900
    assert problem(citizen.post("/pickups", {"code": spoken})) == (429, "limit_reached"), "from the same network"
    CodeTry.objects.all().delete()
    assert citizen.post("/pickups", {"code": spoken}).status_code == 201, "the code was not touched"


def test_who_guesses_behind_the_operators_proxy_locks_out_nobody_on_another_network(
    citizen: Program, other: Program, settings: Settings
) -> None:
    settings.PROXIES = [ip_network("127.0.0.1")]
    spoken = shown(citizen, sealed(citizen))["spoken"]
    for _ in range(6):
        refused = other.post("/pickups", {"code": spoken}, **{"X-Forwarded-For": "192.0.2.7"})
    assert problem(refused) == (429, "limit_reached")

    assert citizen.post("/pickups", {"code": spoken}, **{"X-Forwarded-For": "192.0.2.8"}).status_code == 201


def test_a_caller_who_is_no_proxy_of_the_operators_gets_no_new_tries_by_naming_networks(
    citizen: Program, other: Program
) -> None:
    spoken = shown(citizen, sealed(citizen))["spoken"]
    for number in range(5):
        other.post("/pickups", {"code": spoken}, **{"X-Forwarded-For": f"192.0.2.{number}"})

    refused = citizen.post("/pickups", {"code": spoken}, **{"X-Forwarded-For": "192.0.2.8"})
    assert problem(refused) == (429, "limit_reached")


def test_a_code_is_taken_back_in_any_browser_and_by_nobody_else(
    citizen: Program, elsewhere: Program, other: Program
) -> None:
    code = shown(citizen, sealed(citizen))
    assert problem(other.send("DELETE", f"/codes/{code['id']}")) == (404, "not_found")

    for _ in range(2):
        assert elsewhere.send("DELETE", f"/codes/{code['id']}").status_code == 204

    assert problem(elsewhere.post("/pickups", {"code": code["qr"]})) == (409, "code_revoked")


def test_a_new_code_takes_the_place_of_the_one_before(citizen: Program, elsewhere: Program) -> None:
    parcel = sealed(citizen)
    first, second = shown(citizen, parcel), shown(citizen, parcel)

    assert problem(elsewhere.post("/pickups", {"code": first["spoken"]})) == (409, "code_revoked")
    assert elsewhere.post("/pickups", {"code": second["spoken"]}).status_code == 201


def test_a_code_is_shown_only_where_the_parcel_opens(citizen: Program, elsewhere: Program, other: Program) -> None:
    parcel = sealed(citizen)

    assert problem(elsewhere.post(f"/parcels/{parcel}/codes", {})) == (409, "other_browser")
    assert problem(other.post(f"/parcels/{parcel}/codes", {})) == (404, "not_found")


def test_a_parcel_that_is_taken_or_gone_has_no_code(citizen: Program) -> None:
    parcel = sealed(citizen)
    claimed = citizen.post(f"/parcels/{parcel}/claim", {}).json()
    assert problem(citizen.post(f"/parcels/{parcel}/codes", {})) == (409, "illegal_state")
    citizen.post(f"/parcels/{parcel}/received", {"sha256": claimed["sha256"]})

    assert problem(citizen.post(f"/parcels/{parcel}/codes", {})) == (410, "gone")


def test_the_same_key_gets_the_same_code_and_nothing_of_it_is_kept(citizen: Program) -> None:
    parcel = sealed(citizen)

    first, again = shown(citizen, parcel, **KEY), shown(citizen, parcel, **KEY)

    assert again == first
    assert CounterCode.objects.count() == 1
    rows = str([list(model.objects.values()) for model in (IdempotentCall, CounterCode, Event)])
    assert not any(text in rows for text in (first["qr"][5:], first["spoken"], first["spoken"].replace("-", "")))


def test_a_pick_up_sent_again_is_answered_the_same_and_another_code_under_its_key_is_a_mismatch(
    citizen: Program, elsewhere: Program
) -> None:
    code, other_code = (shown(citizen, sealed(citizen)) for _ in range(2))

    first, again = (elsewhere.post("/pickups", {"code": code["qr"]}, **KEY) for _ in range(2))

    assert (again.status_code, again.json()) == (201, first.json())
    for written in (other_code["qr"], other_code["spoken"]):
        assert problem(elsewhere.post("/pickups", {"code": written}, **KEY)) == (422, "idempotency_mismatch")
    assert CounterCode.objects.filter(state="accepted").count() == 1


def test_a_session_too_weak_for_the_data_is_asked_for_more_and_the_code_stays_good(elsewhere: Program) -> None:
    strong = Program()
    strong.sign_in(PERSON, *CARD)
    code = shown(strong, sealed(strong, STRONG, year=113))

    answer = elsewhere.post("/pickups", {"code": code["spoken"]})

    assert problem(answer) == (403, "step_up")
    assert answer.json()["required_level"] == 1
    elsewhere.sign_in(PERSON, *CARD)
    assert elsewhere.post("/pickups", {"code": code["spoken"]}).status_code == 201


def test_the_record_of_use_and_a_notice_tell_of_the_other_device(citizen: Program, elsewhere: Program) -> None:
    from identity import enrolment  # noqa: PLC0415 - not before Django is set up
    from mydata.core import clock  # noqa: PLC0415 - as above

    enrolment.enrol(written_id=PERSON, email="a@example.org", mobile=None, now=clock.now())
    parcel = sealed(citizen)
    code = shown(citizen, parcel)
    elsewhere.post("/pickups", {"code": code["qr"]})

    lines = {line["action"]: line for line in citizen.get("/usage").json()["items"]}
    for action in ("code:shown", "code:opened"):
        assert (lines[action]["parcel"], lines[action]["datasets"]) == (parcel, [WEAK])
        assert lines[action]["payload"]["code"] == code["id"]
    assert "另一個裝置" in lines["code:opened"]["sentence"]["zh"]
    assert Notice.objects.filter(template="code_opened").count() == 1


def test_garbage_in_the_cookie_of_a_half_opens_nothing_and_breaks_nothing(citizen: Program, elsewhere: Program) -> None:
    parcel = sealed(citizen)
    for garbage in ("", "x", "\xe7\x9f\xad", "A" * 43):
        elsewhere.browser.cookies[f"mydata_half_{parcel}"] = garbage
        citizen.browser.cookies[f"mydata_half_{parcel}"] = garbage

        assert elsewhere.get(f"/parcels/{parcel}").json()["opens_here"] is False
        assert problem(elsewhere.get(f"/parcels/{parcel}/items/{WEAK}")) == (409, "other_browser")
        assert citizen.get(f"/parcels/{parcel}/items/{WEAK}").status_code == 200, "its own secret opens it all the same"


def test_somebody_elses_half_is_worth_nothing_without_being_them(
    citizen: Program, elsewhere: Program, other: Program
) -> None:
    parcel = sealed(citizen)
    elsewhere.post("/pickups", {"code": shown(citizen, parcel)["qr"]})
    cookie = half_cookie(elsewhere, parcel)
    assert cookie is not None
    other.browser.cookies[f"mydata_half_{parcel}"] = cookie.value

    assert problem(other.get(f"/parcels/{parcel}/items/{WEAK}")) == (404, "not_found")


def test_the_vocabulary_of_states_is_the_contracts() -> None:
    assert [str(state) for state in codes.State] == ["shown", "scanned", "accepted", "declined", "expired", "revoked"]
