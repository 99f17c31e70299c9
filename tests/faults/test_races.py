"""D4: acts that meet in one moment come out in one of the ways that are legal, on both stores, and leave nothing over."""

import json
import re
import subprocess
import uuid
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from runner import environment
from tests.house.standing import StandingHouse

GONE = "(Gone|IllegalMove)"
WITHDRAWN = "-> purged erased withdrawn clean"
RELEASED = "-> released landed given clean"
LEGAL = {
    "withdraw_and_claim": rf"(purged \| {GONE} {WITHDRAWN})|(IllegalMove \| claimed {RELEASED})",
    "two_claims_under_one_key": rf"(Busy|claimed) \| claimed {RELEASED}",
    "give_twice": r"IllegalMove \| given -> 1 parcel, 0 stray shares",
    "give_and_refuse": r"(given \| IllegalMove -> given, 1 parcel)|(IllegalMove \| refused -> refused, 0 parcel)",
    "acknowledge_twice": " -> purged erased spent clean",
    "purge_and_download": r"purged \| (whole|Gone) -> purged erased spent clean",
    "purge_and_preview": rf"purged \| (seen|Gone) {WITHDRAWN}",
    "purge_and_land": rf"purged \| None {WITHDRAWN}",
    "purge_and_take": r"purged \| (taken|None) -> purged erased expired clean",
    "purge_and_settle": rf"purged \| None {WITHDRAWN}",
    "purge_thrice": rf"purged \| purged \| purged {WITHDRAWN}",
}
"""What may come of each contest: what each act brought, and how the parcel stands afterwards."""

LEGAL_OF_CODES = {
    "pick_up_many_times": r"CodeUsed 11, opened 1 -> accepted clean",
    "pick_up_and_revoke": r"(opened \| CodeUsed -> accepted clean)|(CodeRevoked \| revoked -> revoked clean)",
    "pick_up_and_withdraw": rf"(opened \| purged {WITHDRAWN}, accepted clean)"
    rf"|((Gone|CodeRevoked) \| purged {WITHDRAWN}, revoked clean)",
    "pick_up_and_claim": rf"(opened \| claimed {RELEASED}, accepted clean)"
    rf"|(CodeRevoked \| claimed {RELEASED}, revoked clean)",
    "show_thrice": r"revoked\+revoked\+shown clean",
    "guess_many_times": "TooManyWrongCodes 7, UnknownCode 5",
    "show_and_withdraw": rf"(shown \| purged {WITHDRAWN}, revoked clean)|({GONE} \| purged {WITHDRAWN},  clean)",
}
"""The same of a code, with how the codes of the parcel stand."""


@pytest.fixture(params=["sqlite", "postgres"])
def arena(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """An environment of the contest's own, on either store, with no portal and no worker beside."""
    if request.param == "sqlite":
        surroundings, database = request.getfixturevalue("house").environ, ""
    else:
        stack: StandingHouse = request.getfixturevalue("stack_house")
        surroundings, database = stack.environ, own_database(stack.environ["DATABASE_URL"])
    own = {f"MYDATA_{name}_DIR": str(tmp_path / name.lower()) for name in ("DATA", "KEY", "SECRETS", "NOTICE")}
    plain = {name: value for name, value in surroundings.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return (
        plain | own | ({"DATABASE_URL": database} if database else {}) | {"DJANGO_SETTINGS_MODULE": "mydata.settings"}
    )


def own_database(address: str) -> str:
    name = f"contests_{uuid.uuid4().hex}"
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return f"{address.rpartition('/')[0]}/{name}"


def illegal(contest: str, outcomes: dict[str, int]) -> list[str]:
    return [
        f"{contest}, {often} times: {came}"
        for came, often in outcomes.items()
        if not re.fullmatch((LEGAL | LEGAL_OF_CODES)[contest], came)
    ]


@pytest.mark.parametrize(("program", "legal"), [("contests", LEGAL), ("code_contests", LEGAL_OF_CODES)])
def test_every_race_ends_in_a_legal_outcome(arena: dict[str, str], program: str, legal: dict[str, str]) -> None:
    words = [str(environment.PYTHON), "-m", f"tests.faults.{program}"]
    done = subprocess.run(words, env=arena, cwd=environment.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert set(came) == set(legal)
    assert sum(sum(outcomes.values()) for outcomes in came.values()) >= 200
    assert [line for contest, outcomes in came.items() for line in illegal(contest, outcomes)] == []


def test_an_illegal_outcome_is_named() -> None:
    assert illegal("give_twice", {"given | given -> 2 parcel, 0 stray shares": 3})
    assert illegal("purge_and_land", {"purged | None -> purged landed withdrawn LEFT OVER": 1})
    assert illegal("guess_many_times", {"TooManyWrongCodes 6, UnknownCode 6": 1})
    assert not illegal("give_twice", {"IllegalMove | given -> 1 parcel, 0 stray shares": 3})
