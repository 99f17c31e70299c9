"""What each authority finds when it is asked whether two things belong together.

None of them answers with a national ID, and none says which of the given values was wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.forms import Form, refuse
from sandbox.people.personas import People, Persona

Examine = Callable[[People, Form], "Persona | None"]
"""Reads the question and returns whom it fits, None where it fits nobody. Raises `Refused` (400)."""


@dataclass(frozen=True)
class Question:
    """One kind of question: who is asked, where, how the answer is found, what it tells besides `match`."""

    authority: str
    path: str
    fields: tuple[str, ...]
    examine: Examine
    tells: tuple[str, ...]


def bearer_of_card(people: People, form: Form) -> Persona | None:
    """Find whose card it is and whether the number is theirs. Cards of other issuers are not in our books."""
    serial, person = form.text("subject_serial"), people.with_national_id(form.text("national_id"))
    ours = {card.subject_serial for card in (person.cards if person else ()) if _issued_here(card.kind, card.status)}
    return person if serial in ours else None


def holder_of_health_card(people: People, form: Form) -> Persona | None:
    """Find whether number, birth date and health card number are one person's."""
    asked = form.day("birth_date"), form.text("health_card_no")
    person = people.with_national_id(form.text("national_id"))
    return person if person and asked == (person.birth_date, person.health_card_no) else None


def person_on_register(people: People, form: Form) -> Persona | None:
    """Find whether number and birth date fit the ID's date of issue, the household number, or both if both came."""
    birth_date, issued, household = (
        form.day("birth_date"),
        form.day_or_null("id_issued_on"),
        form.text_or_null("household_no"),
    )
    person = people.with_national_id(form.text("national_id"))
    if issued is None and not household:
        refuse("id_issued_on or household_no is missing")
    if person is None or birth_date != person.birth_date:
        return None
    fits = issued in {None, person.id_issued_on} and household in {None, "", person.household_no}
    return person if fits else None


def _issued_here(kind: str, status: str) -> bool:
    return kind == "citizen_certificate" and status != "foreign"


QUESTIONS = (
    Question(
        authority="ca",
        path="/authorities/ca/binding",
        fields=("subject_serial", "national_id"),
        examine=bearer_of_card,
        tells=("name",),
    ),
    Question(
        authority="health_insurance",
        path="/authorities/health-insurance/check",
        fields=("national_id", "birth_date", "health_card_no"),
        examine=holder_of_health_card,
        tells=("name", "birth_date"),
    ),
    Question(
        authority="household",
        path="/authorities/household/check",
        fields=("national_id", "birth_date", "id_issued_on", "household_no"),
        examine=person_on_register,
        tells=("name", "birth_date"),
    ),
)
