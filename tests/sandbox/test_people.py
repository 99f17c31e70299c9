import re
from collections import Counter
from datetime import date
from itertools import pairwise

from sandbox.people.personas import People, employers
from tests.sandbox.playing import Sandbox

FIELDS = "id tags label national_id birth_date name health_card_no household_no id_issued_on email mobile cards notes"
TAGS = (
    "ordinary no_records one_name rare_name minor foreign_old foreign_new revoked_card expired_card agency_down "
    "agency_slow agency_garbage agency_wrong_person first_use"
)
LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def letter(value: str) -> int:
    return LETTERS.index(value) + 10


def holds(number: str) -> bool:
    """Check the last digit: the first letter counts as two digits, a second letter as the last of its two."""
    first = divmod(letter(number[0]), 10)
    second = letter(number[1]) % 10 if number[1].isalpha() else int(number[1])
    digits = (*first, second, *map(int, number[2:]))
    return (
        sum(digit * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


def test_the_check_knows_a_good_number_from_a_bad_one() -> None:
    assert holds("A123456789")
    assert not holds("A123456788")


def test_everybody_has_exactly_the_published_fields(sandbox: Sandbox) -> None:
    for person in sandbox.people():
        assert set(person) == set(FIELDS.split())


def test_every_number_has_a_valid_check_digit(sandbox: Sandbox) -> None:
    assert [person["id"] for person in sandbox.people() if not holds(person["national_id"])] == []


def test_numbers_have_the_form_of_their_kind(sandbox: Sandbox) -> None:
    forms = {"foreign_old": r"[A-Z][A-D]\d{8}", "foreign_new": r"[A-Z][89]\d{8}"}
    for person in sandbox.people():
        form = next((form for tag, form in forms.items() if tag in person["tags"]), r"[A-Z][12]\d{8}")
        assert re.fullmatch(form, person["national_id"])
        assert re.fullmatch(r"\d{12}", person["health_card_no"])
        assert re.fullmatch(r"[A-Z]\d{7}", person["household_no"])
        assert re.fullmatch(r"09\d{8}", person["mobile"])
        assert person["email"].endswith(".example")
        assert date.fromisoformat(person["birth_date"]) < date.fromisoformat(person["id_issued_on"])


def test_every_tag_is_there_and_six_are_ordinary(sandbox: Sandbox) -> None:
    tags = Counter(tag for person in sandbox.people() for tag in person["tags"])
    assert set(tags) == set(TAGS.split())
    assert tags["ordinary"] >= 6


def test_nothing_that_identifies_is_given_twice(sandbox: Sandbox) -> None:
    for name in ("id", "national_id", "health_card_no", "email", "mobile"):
        assert not [value for value, times in Counter(person[name] for person in sandbox.people()).items() if times > 1]


def test_cards_are_what_the_tags_say(sandbox: Sandbox) -> None:
    for person in sandbox.people():
        certificates = [card["status"] for card in person["cards"] if card["kind"] == "citizen_certificate"]
        expected = {"revoked_card": "revoked", "expired_card": "expired"}.get(person["tags"][0], "good")
        assert certificates[:1] == ([] if "minor" in person["tags"] else [expected])
        assert ("health_card", "good") in {(card["kind"], card["status"]) for card in person["cards"]}
    assert "foreign" in {card["status"] for person in sandbox.people() for card in person["cards"]}


def test_the_awkward_names_are_awkward(sandbox: Sandbox) -> None:
    assert any(ord(letter) > 0xFFFF for letter in sandbox.person("rare_name")["name"])
    assert len(sandbox.person("one_name")["name"]) == 2
    assert "林怡君" in sandbox.person("minor")["notes"]


def test_the_tax_numbers_of_employers_have_valid_check_digits() -> None:
    for employer in employers().values():
        weighted = (
            int(digit) * weight for digit, weight in zip(employer.tax_id, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)
        )
        assert sum(sum(map(int, str(product))) for product in weighted) % 10 == 0


def test_the_lives_behind_the_people_hang_together() -> None:
    people = {person.name: person for person in People.load()}
    child = people["周小晴"]
    mother = people[child.life.mother]
    assert child.household_no == mother.household_no
    assert child.life.address == mother.life.address
    assert mother.life.spouse == child.life.father
    for person in people.values():
        assert all(before.begins_on <= after.begins_on for before, after in pairwise(person.life.jobs))
