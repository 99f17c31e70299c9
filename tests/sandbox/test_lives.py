"""The papers of different agencies tell one story: the same people, employers, dates and amounts."""

import base64
import dataclasses
import io
import re
from datetime import date
from typing import Any

import pytest
from PIL import Image

from sandbox.agencies import years
from sandbox.people import labour_insurance
from sandbox.people.families import families
from sandbox.people.personas import Persona
from tests.sandbox.shelf import EVERYBODY, held, holders, paper, persona
from tests.sandbox.test_people import holds

MOST_BYTES_OF_A_PICTURE = 60_000
HIGHEST_INSURED_WAGE = 45_800
MARRIED = re.compile("民國([0-9]+年[0-9]+月[0-9]+日)與(?:..國人)?([^，。]+)結婚")
WORKING = [person for person in EVERYBODY if person.life.jobs]
EVERY_YEAR = dict(zip(("from_year", "to_year"), years.this_and_four_back(years.today()), strict=True))
by_id = pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.id)
by_worker = pytest.mark.parametrize("person", WORKING, ids=lambda person: person.id)


def relatives(person: Persona, degree: int = 2) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = held("kinship", person, degree=degree)["relatives"]
    return found


@by_id
def test_a_person_is_the_same_alone_and_in_the_household(person: Persona) -> None:
    alone, whole = held("household-individual", person), held("household-whole", person)
    mine = next(member for member in whole["members"] if member["national_id"] == person.national_id)
    for here, there in (
        *(("name", "name"), ("birth_date", "birth_date"), ("birthplace", "birthplace"), ("notes", "personal_notes")),
        *(("father", "father_name"), ("mother", "mother_name"), ("spouse", "spouse_name")),
        ("moved_in_on", "moved_in_on"),
    ):
        assert mine[here] == alone[there]
    assert whole["household_no"] == alone["household_no"]
    assert whole["household_address"] == alone["registered_address"]
    assert whole["members"][0]["position"] == "戶長"
    assert "家屬" not in {member["position"] for member in whole["members"]}


@by_id
def test_kinship_knows_the_parents_and_the_spouse_of_the_register(person: Persona) -> None:
    alone = held("household-individual", person)
    named = {relative["title"]: relative["full_name"] for relative in relatives(person)}
    assert (named["父"], named["母"]) == (alone["father_name"], alone["mother_name"])
    assert (named.get("夫") or named.get("妻")) == alone["spouse_name"]


@by_id
def test_who_lives_with_a_person_is_kin_and_the_same_in_both_papers(person: Persona) -> None:
    together = {member["national_id"] for member in held("household-whole", person)["members"]} - {person.national_id}
    assert together == {relative["id_number"] for relative in relatives(person) if relative["same_household"]}


@by_id
def test_both_spouses_were_married_on_the_same_day(person: Persona) -> None:
    weddings = [
        (found[1], {member["name"], found[2]})
        for member in held("household-whole", person)["members"]
        for found in MARRIED.finditer(member["notes"])
    ]
    assert all(weddings.count(wedding) == 2 for wedding in weddings)


def test_notes_can_be_left_out_of_the_household() -> None:
    members = held("household-whole", persona("lin-yi-jun"), notes="omitted")["members"]
    assert {member["notes"] for member in members} == {""}


def test_the_minor_stands_in_her_mothers_household_and_insurance() -> None:
    child, mother = persona("zhou-xiao-qing"), persona("lin-yi-jun")
    whole = held("household-whole", child)
    assert whole["members"] == held("household-whole", mother)["members"]
    assert [member["position"] for member in whole["members"]] == ["戶長", "妻", "長女"]
    hers, theirs = held("nhi-enrolment", child)["enrolments"], held("nhi-enrolment", mother)["enrolments"]
    assert {one["principal"] for one in hers} == {mother.name}
    assert [one["unit_code"] for one in hers] == [one["unit_code"] for one in theirs]
    assert paper("nhi-premium", child) is None, "her mother pays"


def test_relatives_have_valid_numbers_of_their_own_and_could_be_relatives() -> None:
    everybody = list(families())
    numbers = [kin.national_id for kin in everybody if kin.national_id]
    assert [number for number in numbers if not holds(number)] == []
    assert len(set(numbers)) == len(numbers)
    for kin in everybody:
        ages = [child.birth_date.year - kin.birth_date.year for child in families().children(kin)]
        assert all(18 <= age <= 55 for age in ages), kin.name
        spouse = families().spouse(kin)
        assert kin.died_on or spouse is None or spouse.spouse == kin.id, kin.name


def test_the_second_letter_of_a_relatives_number_says_man_or_woman() -> None:
    citizens = [kin for kin in families() if (kin.national_id or "")[1:2] in {"1", "2"}]
    assert [kin.name for kin in citizens if kin.is_woman is not (kin.national_id or "")[1:2].startswith("2")] == []


def test_the_awkward_names_are_written_as_they_are() -> None:
    assert "林𠮷祥" in {member["father"] for member in held("household-whole", persona("lin-ji-xiang"))["members"]}
    assert {"馬躍", "古拉斯‧馬躍"} <= {relative["full_name"] for relative in relatives(persona("ba-nai"))}
    japanese, vietnamese = persona("tanaka-mayumi"), persona("nguyen-thi-hoa")
    assert "田中和子" in {relative["full_name"] for relative in relatives(japanese)}
    abroad = next(relative for relative in relatives(vietnamese) if relative["full_name"] == "NGUYEN VAN MINH")
    assert abroad["id_number"] is None
    assert held("nhi-enrolment", vietnamese)["name"] == "阮氏花"


def test_second_degree_reaches_grandchildren_and_siblings() -> None:
    titles = {relative["title"] for relative in relatives(persona("lin-ji-xiang"))}
    assert {"孫", "長子", "長女"} <= titles
    assert "孫" not in {relative["title"] for relative in relatives(persona("lin-ji-xiang"), degree=1)}
    assert {"祖父", "祖母", "外祖父", "外祖母"} & {one["title"] for one in relatives(persona("zhou-xiao-qing"))}
    assert "弟" in {relative["title"] for relative in relatives(persona("shen-yu-an"))}


@by_worker
def test_employers_and_days_are_the_same_in_all_insurances(person: Persona) -> None:
    periods = held("labor-insured", person)["periods"]
    changes = held("labor-pension-contribution", person)["changes"]
    employers = {job.employer.name for job in person.life.jobs}
    assert {period["unit_name"] for period in periods} == employers
    assert {change["employer_name"] for change in changes} == employers
    enrolled = {one["enrolled_through"]: one for one in held("nhi-enrolment", person)["enrolments"]}
    assert {name for name in enrolled if not name.endswith("公所")} <= employers
    for job in person.life.jobs:
        name, first, last = job.employer.name, job.begins_on.isoformat(), job.ends_on and job.ends_on.isoformat()
        mine = [period for period in periods if period["unit_name"] == name]
        assert (mine[0]["effective_on"], mine[-1]["withdrawn_on"]) == (first, last)
        ends = [one["effective_on"] for one in changes if (one["employer_name"], one["kind"]) == (name, "停繳")]
        assert ends == ([last] if last else [])
        if name in enrolled:
            assert (enrolled[name]["enrolled_on"], enrolled[name]["left_on"]) == (first, last)


@by_worker
def test_wages_are_the_same_in_pension_and_labour_insurance(person: Persona) -> None:
    periods = held("labor-insured", person)["periods"]
    for change in held("labor-pension-contribution", person)["changes"]:
        day = change["effective_on"]
        then = [
            period["insured_salary"]
            for period in periods
            if period["unit_name"] == change["employer_name"]
            and period["effective_on"] <= day <= (period["withdrawn_on"] or day)
        ]
        assert then == [min(change["monthly_wage"], HIGHEST_INSURED_WAGE)]


def test_only_those_who_are_old_enough_draw_an_annuity() -> None:
    assert holders("labor-annuity") == ["lin-ji-xiang"]
    person = persona("lin-ji-xiang")
    annuity = held("labor-annuity", person, **EVERY_YEAR)
    last_job = person.life.jobs[-1].ends_on
    assert last_job is not None
    assert last_job.year - person.birth_date.year >= annuity["pensionable_age"]
    assert annuity["paid_total"] == sum(payment["amount"] for payment in annuity["payments"])
    detail = held("labor-farmer-benefit-detail", person, insurance="labour")["details"]
    monthly = [one for one in detail if one["benefit"] == "老年年金給付"]
    assert [(one["approved"], one["approved_on"]) for one in monthly] == [
        (payment["amount"], payment["paid_on"]) for payment in annuity["payments"]
    ]


def test_the_young_those_who_work_and_those_insured_too_short_draw_none() -> None:
    person = persona("lin-ji-xiang")
    (job,) = person.life.jobs
    young = dataclasses.replace(person, birth_date=date(1970, 10, 10))
    working, short = (
        dataclasses.replace(person, life=dataclasses.replace(person.life, jobs=(dataclasses.replace(job, **changed),)))
        for changed in ({"ends_on": None}, {"begins_on": date(2010, 1, 1)})
    )
    assert labour_insurance.annuity(person) is not None
    assert [labour_insurance.annuity(one) for one in (young, working, short)] == [None, None, None]


def test_births_and_deaths_of_the_register_are_those_of_the_benefits() -> None:
    for person in EVERYBODY:
        data = paper("labor-farmer-benefit-detail", person)
        near = {one["born_on"] for one in relatives(person, 1)} | {one["died_on"] for one in relatives(person, 1)}
        for detail in data["details"] if data else ():
            if detail["benefit"] == "生育給付" or "死亡" in detail["benefit"]:
                assert detail["event_on"] in near or detail["event_on"] == "2019-01-30", person.id
    widower = persona("lin-ji-xiang")
    assert "民國108年1月30日配偶林陳玉枝死亡" in held("household-individual", widower)["personal_notes"]
    assert held("national-pension-benefit", widower)["benefits"][0]["insured_person"] == "林陳玉枝"


def test_parameters_choose_among_benefits() -> None:
    person = persona("tsai-cheng-han")
    every = held("labor-farmer-benefit-detail", person)["details"]
    late = held("labor-farmer-benefit-detail", person, since="2019-01-01")["details"]
    assert late == [detail for detail in every if detail["approved_on"] >= "2019-01-01"] != every
    assert paper("labor-farmer-benefit-detail", person, insurance="farmers") is None
    assert paper("national-pension-benefit", persona("wu-ya-ting"), kind="annuity") is None


def test_premiums_are_paid_for_kin_and_supplements_for_the_dividends_of_the_tax_office() -> None:
    for person in EVERYBODY:
        data = paper("nhi-premium", person, **EVERY_YEAR)
        titles = {relative["full_name"]: relative["title"] for relative in relatives(person)} | {person.name: "本人"}
        for line in data["premiums"] if data else ():
            assert titles[line["person_name"]] == line["relation"]
    investor, year = persona("zhang-zhi-wei"), years.filed(years.today())[1]
    dividends = {
        (record["payer_tax_id"], record["paid"])
        for record in held("personal-income", investor, year=year)["records"]
        if record["code"] == "54C" and record["paid"] >= 20_000
    }
    withheld = held("nhi-premium", investor, from_year=year, to_year=year)["supplements"]
    assert {(one["withholder_tax_id"], one["payment"]) for one in withheld} == dividends


def test_years_may_be_named_in_either_order() -> None:
    first, last = EVERY_YEAR["from_year"], EVERY_YEAR["to_year"]
    person = persona("lin-yi-jun")
    assert held("nhi-premium", person, from_year=last, to_year=first) == held("nhi-premium", person, **EVERY_YEAR)


def test_the_register_of_low_income_lists_the_whole_household() -> None:
    assert holders("low-income-register") == ["lin-ji-xiang", "nguyen-thi-hoa"]
    for name in holders("low-income-register"):
        data, whole = held("low-income-register", persona(name)), held("household-whole", persona(name))
        assert [one["person_id"] for one in data["listed"]] == [one["national_id"] for one in whole["members"]]
        assert data["case_address"] == whole["household_address"]
    assert paper("low-income-register", persona("lin-ji-xiang"), year=EVERY_YEAR["from_year"]) is None


def test_students_are_young_or_at_night_school_and_no_semester_is_from_before() -> None:
    assert holders("senior-high-student-record") == ["lin-ji-xiang", "jian-yu-wen", "shen-yu-an"]
    for name in holders("senior-high-student-record"):
        data, born = held("senior-high-student-record", persona(name)), persona(name).birth_date.year
        for school in data["enrolments"]:
            age = date.fromisoformat(school["admitted_on"]).year - born
            assert 15 <= age <= 18 or school["division"] == "進修部"
        assert min(semester["school_year"] for semester in data["semesters"]) >= 105
    assert paper("senior-high-student-record", persona("shen-yu-an"), since_year=107) is None
    assert len(held("senior-high-student-record", persona("shen-yu-an"))["enrolments"]) == 2


def test_nobody_one_and_hundreds_are_among_them() -> None:
    assert "zhou-xiao-qing" not in holders("labor-insured")
    assert len(held("national-pension-benefit", persona("wu-ya-ting"))["benefits"]) == 1
    assert len(held("household-whole", persona("wu-ya-ting"))["members"]) == 1
    investor = held("nhi-premium", persona("zhang-zhi-wei"), **EVERY_YEAR)
    assert len(investor["premiums"]) > 200
    assert len(investor["supplements"]) > 200


def test_id_cards_are_specimens_of_citizens_and_small() -> None:
    foreign = {"nguyen-thi-hoa", "tanaka-mayumi"}
    assert set(holders("national-id-image")) == {person.id for person in EVERYBODY} - foreign
    for name in holders("national-id-image"):
        data, register = held("national-id-image", persona(name)), held("household-individual", persona(name))
        assert data["front"]["issued_on"] == register["id_issued_on"]
        assert data["back"]["spouse"] == register["spouse_name"]
        for side in (data["front"], data["back"]):
            content = base64.b64decode(side["image"], validate=True)
            assert len(content) < MOST_BYTES_OF_A_PICTURE
            with Image.open(io.BytesIO(content)) as picture:
                assert (picture.format, picture.size) == ("PNG", (856, 540))


def test_no_two_pictures_are_alike() -> None:
    pictures = [held("national-id-image", persona(name))["front"]["image"] for name in holders("national-id-image")]
    assert len(set(pictures)) == len(pictures)
