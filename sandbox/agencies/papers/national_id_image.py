"""戶政國民身分證影像: both sides of a person's ID card, as pictures and in words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people import specimens
from sandbox.people.drawing import digits
from sandbox.people.personas import Persona

ISSUE_KINDS = {"初領": "初發", "補領": "補發", "換領": "換發"}
"""What the register calls the issue, and what is printed on the card; foreign residents have no such card."""

CITY_LETTERS = 3
OF_AGE = 18
FIRST_ROC_YEAR = 1912


def write(person: Persona, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write both sides; None for foreign residents, who hold a residence card instead."""
    if person.life.id_issue_kind not in ISSUE_KINDS:
        return None
    return {"front": front(person), "back": back(person), "remark": ""}


def front(person: Persona) -> dict[str, Any]:
    """Return the front: who it is, and when the card was issued."""
    life = person.life
    city, kind = life.address[:CITY_LETTERS], ISSUE_KINDS[life.id_issue_kind]
    picture = specimens.card(
        "國民身分證（樣本）",
        (
            ("姓名", person.name),
            ("出生年月日", in_words(person.birth_date)),
            ("發證日期", in_words(person.id_issued_on)),
            ("發證縣市", f"{city}　{kind}"),
            ("性別", life.sex),
            ("統一編號", person.national_id),
        ),
        portrait=True,
    )
    return {
        "image": base64.b64encode(picture).decode(),
        "printed_name": person.name,
        "birth_date": person.birth_date.isoformat(),
        "issued_on": person.id_issued_on.isoformat(),
        "issued_at": city,
        "issue_kind": kind,
        "sex": life.sex,
        "card_number": person.national_id,
    }


def back(person: Persona) -> dict[str, Any]:
    """Return the back: the family, military service, and where the person lives."""
    life, service, film_no = person.life, military_service(person), digits(10, "film", person.id)
    picture = specimens.card(
        "國民身分證（樣本）背面",
        (
            ("父", life.father),
            ("母", life.mother),
            ("配偶", life.spouse),
            ("役別", service or ""),
            ("出生地", life.birthplace),
            ("住址", life.address),
            ("膠膜號碼", film_no),
        ),
        portrait=False,
    )
    return {
        "image": base64.b64encode(picture).decode(),
        "father": life.father or None,
        "mother": life.mother or None,
        "spouse": life.spouse or None,
        "military_service": service,
        "birthplace": life.birthplace,
        "address": life.address,
        "film_no": film_no,
    }


def military_service(person: Persona) -> str | None:
    """Return 役別: men who were of age when the card was issued are in the reserve."""
    eighteenth = person.birth_date.replace(year=person.birth_date.year + OF_AGE)
    return "後備役" if person.life.sex == "男" and eighteenth <= person.id_issued_on else None


def in_words(day: date) -> str:
    """Return a day as cards print it, in the calendar of the Republic."""
    return f"民國{day.year - FIRST_ROC_YEAR + 1}年{day.month}月{day.day}日"


DATASET = Dataset(
    id="national-id-image",
    provider="moi",
    name="戶政國民身分證影像",
    minimum_level=1,
    wire="signed_zip",
    write=write,
    free_text="remark",
)
