"""全國高級中等學校學生學籍資料: admission, semesters and graduation, from school year 105 on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sandbox.agencies.datasets import Dataset
from sandbox.people.personas import Persona, read_toml


def write(person: Persona, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Write the record since the school year asked for; None for those who did not go to school then."""
    student = books()["student"].get(person.id, {})
    asked = [semester for semester in student.get("semesters", ()) if semester[0] >= parameters["since_year"]]
    if not asked:
        return None
    attended = {school for _, _, school, *_ in asked}
    return {
        "student_name": person.name,
        "student_id": person.national_id,
        "born_on": person.birth_date.isoformat(),
        "enrolments": [enrolment(entry) for entry in student["enrolments"] if entry["school"] in attended],
        "semesters": [semester(*entry) for entry in asked],
        "remark": "",
    }


def enrolment(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return one school that was attended."""
    school, left_on = books()["school"][entry["school"]], entry.get("left_on")
    return {
        "school_code": school["code"],
        "school_name": school["name"],
        "division": entry["division"],
        "programme": entry["programme"],
        "student_no": entry["student_no"],
        "admitted_on": entry["admitted_on"].isoformat(),
        "admitted_by": entry["admitted_by"],
        "left_on": left_on and left_on.isoformat(),
        "outcome": entry.get("outcome"),
        "diploma_no": entry.get("diploma_no"),
    }


def semester(year: int, half: int, school: str, grade: int, class_name: str, standing: str) -> dict[str, Any]:
    """Return one semester."""
    return {
        "school_year": year,
        "semester": half,
        "at_school": books()["school"][school]["code"],
        "grade": grade,
        "class_name": class_name,
        "standing": standing,
    }


@cache
def books() -> dict[str, Any]:
    """Return schools and students."""
    return read_toml("schooling.toml")


DATASET = Dataset(
    id="senior-high-student-record",
    provider="k12ea",
    name="全國高級中等學校學生學籍資料-105學年度迄今",
    minimum_level=4,
    wire="signed_zip",
    write=write,
    free_text="remark",
)
