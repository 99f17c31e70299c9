"""References: the same person has another name for every purpose, and nobody joins two of them."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from mydata.core import keyring, references

PERSON, OTHER = "A123456789", "A223456781"
SUBJECT = "mfzwizltoqqhg5dbojsxe4tfmy"


@pytest.fixture
def other_secrets(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Stand in another portal, with secrets of its own."""
    settings.SECRETS_DIR = tmp_path
    keyring.secret.cache_clear()
    yield
    keyring.secret.cache_clear()


def test_a_person_has_one_reference_and_nobody_else_has_it() -> None:
    assert references.of_subject(PERSON) == references.of_subject(PERSON)
    assert references.of_subject(PERSON) != references.of_subject(OTHER)
    assert len(references.of_subject(PERSON)) == 26
    assert references.of_subject(PERSON).isalnum()
    assert PERSON.lower() not in references.of_subject(PERSON)


def test_one_value_is_named_apart_for_every_purpose() -> None:
    names = [
        references.of_subject(SUBJECT),
        references.of_subject(f"{SUBJECT}\n{SUBJECT}"),
        references.pairwise(SUBJECT, SUBJECT),
        references.per_transaction(SUBJECT, SUBJECT),
        SUBJECT,
    ]
    assert len(set(names)) == len(names)


def test_services_know_a_person_by_names_that_have_nothing_in_common() -> None:
    sectors = ["a", "b", "ab", "a\nb", "", "citizen"]
    names = [references.pairwise(subject, sector) for sector in sectors for subject in (SUBJECT, SUBJECT[:-1], "b")]
    assert len(set(names)) == len(names)
    assert references.pairwise(SUBJECT, "a") == references.pairwise(SUBJECT, "a")
    for one, two in combinations([*names, SUBJECT], 2):
        alike = sum(first == second for first, second in zip(one, two, strict=False))
        assert alike < 13, "26 letters of 32 kinds agree in few places by chance"


def test_an_agency_knows_a_person_by_another_name_in_every_transaction() -> None:
    names = {references.per_transaction(SUBJECT, str(number)) for number in range(50)}
    assert len(names) == 50
    assert references.per_transaction(SUBJECT, "1") in names
    assert references.per_transaction("somebody-else", "1") not in names


def test_a_digest_to_look_a_secret_up_by_is_keyed_and_apart_for_every_purpose() -> None:
    digests = {references.digest(purpose, value) for purpose in ("claim", "token") for value in (b"", b"x", b"y")}
    assert len(digests) == 6
    assert all(len(digest) == 64 and set(digest) <= set("0123456789abcdef") for digest in digests)
    assert references.digest("claim", b"x") in digests


def test_another_portal_has_other_names_for_everybody(request: pytest.FixtureRequest) -> None:
    def all_names() -> list[str]:
        return [
            references.of_subject(PERSON),
            references.pairwise(SUBJECT, "a"),
            references.per_transaction(SUBJECT, "1"),
            references.digest("claim", b"x"),
        ]

    here = all_names()
    request.getfixturevalue("other_secrets")
    assert not set(here) & set(all_names())


def test_names_and_digests_hang_on_keys_of_their_own(tmp_path: Path, other_secrets: None) -> None:  # noqa: ARG001 - asked for by name
    before = (references.of_subject(PERSON), references.digest("claim", b"x"))
    (tmp_path / "lookup").write_bytes(b"\1" * 32)
    keyring.secret.cache_clear()
    after = (references.of_subject(PERSON), references.digest("claim", b"x"))
    assert after[0] == before[0], "a person's name outlives the keys of what is only looked up"
    assert after[1] != before[1]
