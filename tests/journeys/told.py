"""What the portal told a person, line by line and letter by letter, and what must never be in it."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import rfc8785

from tests.house.client import Client
from tests.house.standing import StandingHouse, until

Json = dict[str, Any]
TOLD_OF = ("consent_given", "parcel_ready", "parcel_released", "parcel_purged")


class Trail:
    """The lines of a person's record of use that are written from now on.

    `program` gives a program that is signed in; a browser's is another one after each verification.
    """

    def __init__(self, program: Callable[[], Client]) -> None:
        self._program = program
        self._before = {line["event"] for line in program().usage()}

    def lines(self) -> list[Json]:
        """Return the new lines, oldest first; each is shown to be what its commitment says."""
        new = [line for line in self._program().usage() if line["event"] not in self._before]
        for line in new:
            salt = base64.urlsafe_b64decode(line["salt"] + "=" * (-len(line["salt"]) % 4))
            assert hashlib.sha256(salt + rfc8785.dumps(line["payload"])).hexdigest() == line["commitment"]
        return new[::-1]

    def wait_for(self, *, datasets: Iterable[str], **expected: int) -> list[Json]:
        """Return the lines once they are these and no others, `area_act=how often`; one a dataset where it names one."""
        wanted = {name.replace("_", ":", 1): count for name, count in expected.items()}
        try:
            until(lambda: self._counted() == wanted, what="the lines of the record of use")
        finally:
            assert self._counted() == wanted
        lines = self.lines()
        for action in ("data:landed", "parcel:viewed"):
            named = Counter(line["payload"]["dataset"] for line in lines if line["action"] == action)
            assert named in ({}, Counter(datasets)), action
        return lines

    def _counted(self) -> dict[str, int]:
        return dict(Counter(line["action"] for line in self.lines()))


class Letters:
    """What arrives for a person from now on, by e-mail and by SMS."""

    def __init__(self, house: StandingHouse, person: Json) -> None:
        self._house, self._person = house, person
        self._before = len(self._all())

    def check(self, *templates: str) -> None:
        """Wait for one letter a template and way, and see that none has a link or anything personal in it."""
        wanted = Counter(templates * 2)
        try:
            until(lambda: self._counted() == wanted, what="the letters")
        finally:
            assert self._counted() == wanted
        for letter in self._new():
            text = f"{letter['subject']}\n{letter['body']}"
            assert not re.search(r"https?:|www\.|127\.0\.0\.1|href", text), text
            assert not re.search(r"[A-Z][A-Z0-9]\d{8}|\d{4,}", text), text
            assert not [fact for fact in self._facts() if fact in text], text

    def _counted(self) -> Counter[str]:
        return Counter(str(letter["template"]) for letter in self._new())

    def _new(self) -> list[Json]:
        return self._all()[self._before :]

    def _all(self) -> list[Json]:
        found = self._house.post(self._person["email"]) + self._house.post(self._person["mobile"])
        return sorted(found, key=lambda letter: str(letter["sent_at"]))

    def _facts(self) -> list[str]:
        names = ("national_id", "birth_date", "name", "health_card_no", "household_no", "email", "mobile")
        return [self._person[name] for name in names if self._person[name]]
