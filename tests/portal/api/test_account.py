"""How somebody is told, chosen by a program."""

import pytest

from identity import enrolment
from mydata.core import clock
from tests.portal.api.calling import Json, Program, problem
from tests.portal.api.contract import fits

pytestmark = pytest.mark.django_db
WISHED: Json = {"told_by": "email", "language": "en", "phrase": "red bean"}


@pytest.fixture
def member(citizen: Program) -> Program:
    enrolment.enrol(written_id="A123456789", email="who@mail.example", mobile="0912345678", now=clock.now())
    return citizen


def test_what_is_chosen_is_answered_and_stays(member: Program) -> None:
    before = member.get("/account").json()
    chosen = member.send("PUT", "/account", WISHED)

    assert (before["told_by"], before["language"], before.get("phrase")) == ("both", "zh", None)
    assert chosen.status_code == 200
    fits("setPreferences", 200, chosen.json())
    assert (
        chosen.json()
        == member.get("/account").json()
        == WISHED
        | {
            "email": "w***@mail.example",
            "mobile": "09**-***-678",
        }
    )
    assert "phrase" not in member.send("PUT", "/account", {"told_by": "email", "language": "en"}).json()


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"phrase": "x1"}, (422, "bad_parameters")),
        ({"phrase": 7}, (400, "malformed")),
        ({"told_by": "pigeon"}, (400, "malformed")),
        ({"language": None}, (400, "malformed")),
        ({"colour": "red"}, (400, "malformed")),
    ],
)
def test_what_cannot_be_chosen_is_refused(member: Program, wrong: Json, expected: tuple[int, str]) -> None:
    assert problem(member.send("PUT", "/account", WISHED | wrong)) == expected
    assert member.get("/account").json()["told_by"] == "both"


def test_who_is_no_member_has_nothing_to_choose(citizen: Program) -> None:
    assert problem(citizen.send("PUT", "/account", WISHED)) == (404, "not_found")
