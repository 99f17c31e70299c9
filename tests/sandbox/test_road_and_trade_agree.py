"""Papers of different agencies about one person agree with each other, and each with itself."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from sandbox.agencies.papers.traffic_violation import payment
from sandbox.people import licences, traffic
from sandbox.people.check_digits import with_check_digit
from sandbox.people.personas import Persona, Vehicle, employers
from sandbox.people.ventures import ventures
from sandbox.people.work import KNOWN_UNTIL
from tests.sandbox.writing import PEOPLE, held, paper, papers

COVERED_BY = {
    "普通輕型機車": {"普通輕型機車", "普通重型機車", "大型重型機車"},
    "普通重型機車": {"普通重型機車", "大型重型機車"},
    "大型重型機車": {"大型重型機車"},
}
"""Which licences allow to ride a motorcycle of that kind; whatever is no motorcycle here needs one for cars."""

YOUNGEST = {"大型重型機車": 20, "職業大貨車": 20}
OF_AGE = 18
DAYS_BY_LAW = {"當事人登記聯單": 0, "現場圖": 7, "現場照片": 7, "初步分析研判表": 30}


def plates(person: Persona) -> dict[str, dict[str, Any]]:
    """Return what the vehicle register says about somebody's vehicles, by plate."""
    registered = paper("vehicle-registration", person.id)
    return {each["plate"]: each for each in registered["vehicles"]} if registered else {}


def age(person: Persona, day: str) -> int:
    born, then = person.birth_date, date.fromisoformat(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


# -- vehicles ----------------------------------------------------------------------------------------------------------


def test_violations_name_a_vehicle_that_the_offender_owned_then() -> None:
    for person, data in papers("traffic-violation"):
        own = plates(person)
        for each in data["violations"]:
            assert each["occurred_at"] >= own[each["plate"]]["licence_issued_on"]
            assert own[each["plate"]]["kind"].endswith("機車") is (each["vehicle_class"] == "機車")


def test_tolls_are_owed_for_own_cars_and_never_for_motorcycles() -> None:
    for person, data in papers("etc-arrears"):
        own = plates(person)
        for each in data["passages"]:
            assert each["travelled_on"] >= own[each["travelled_with"]]["licence_issued_on"]
            assert not own[each["travelled_with"]]["kind"].endswith("機車")


def test_accident_requests_name_an_own_vehicle_or_none() -> None:
    for person, data in papers("traffic-accident-request"):
        own = plates(person)
        for each in data["requests"]:
            if each["own_plate"] is not None:
                assert each["accident_at"] >= own[each["own_plate"]]["licence_issued_on"]


def test_whoever_owns_a_vehicle_may_drive_it() -> None:
    for person in PEOPLE.values():
        classes = {each.licence_class for each in licences.licences_of(person).driving}
        for vehicle in person.life.vehicles:
            assert allowed(vehicle, classes), (person.id, vehicle.plate)


def allowed(vehicle: Vehicle, classes: set[str]) -> bool:
    """Tell whether one of the licences covers the vehicle."""
    covering = COVERED_BY.get(vehicle.kind)
    return bool(classes & covering) if covering else any(not each.endswith("機車") for each in classes)


# -- licences ----------------------------------------------------------------------------------------------------------


def test_nobody_was_licensed_to_drive_too_young_and_no_card_is_older_than_its_licence() -> None:
    for person, data in papers("driver-licence"):
        for each in data["licences"]:
            assert age(person, each["first_obtained_on"]) >= YOUNGEST.get(each["licence_class"], OF_AGE)
            assert each["first_obtained_on"] <= each["card_issued_on"]
            assert (each["licence_state"] == "吊扣") is (each["suspended_from"] is not None)
            assert each["licence_class"].startswith("職業") is (each["review_due_on"] is not None)


def test_points_of_the_last_year_are_those_of_the_violations() -> None:
    for person, data in papers("driver-licence"):
        violations = paper("traffic-violation", person.id, since="2025-10-31")
        points = sum(each["penalty_points"] for each in violations["violations"]) if violations else 0
        assert data["points_within_a_year"] == points < 12
    assert held("driver-licence", "wu-ya-ting")["points_within_a_year"] > 0


def test_foreign_residents_drive_until_their_residence_ends() -> None:
    for person, data in papers("driver-licence"):
        foreign = person.life.id_issue_kind == "居留證"
        assert all(foreign is (each["valid_until"] is not None) for each in data["licences"])


def test_guides_qualified_before_they_practised_and_in_the_way_of_their_year() -> None:
    for person, data in papers("tour-guide-licence"):
        assert age(person, data["qualified_on"]) >= OF_AGE
        assert data["qualified_on"] < data["issued_on"] < data["expires_on"]
        assert (data["qualified_by"] == "評量測驗合格") is (data["qualified_on"] >= "2024-01-01")
        assert (data["assessment_scheme"] is None) is (data["qualified_by"] == "國家考試及格")
        assert (data["employing_agency"] is None) is (data["engagement"] == "特約")
        assert (data["guide_state"] == "逾期") is (data["expires_on"] < "2026-10-31")


def test_tour_managers_trained_before_they_practised_and_renewed_in_time_or_trained_again() -> None:
    for _, data in papers("tour-manager-licence"):
        issues, trainings = data["renewals"], data["trainings"]
        assert [each["renewal_kind"] for each in issues] == ["初次發證", *["期滿換證"] * (len(issues) - 1)]
        assert trainings[0]["completed_on"] <= issues[0]["effective_from"]
        for before, after in pairwise(issues):
            gap = date.fromisoformat(after["effective_from"]) - date.fromisoformat(before["effective_until"])
            assert gap == timedelta(days=1) or trainings[-1]["training_kind"] == "重行參加訓練"
        assert (data["standing"] == "逾期未換證") is (issues[-1]["effective_until"] < "2026-10-31")
        assert (data["licence_class"] == "華語領隊人員") is ("國外" not in data["destinations"])
        assert (data["licence_class"] == "華語領隊人員") is (data["tested_language"] is None)


# -- sums and days -----------------------------------------------------------------------------------------------------


def test_fines_add_up_and_are_paid_after_the_deed() -> None:
    for _, data in papers("traffic-violation"):
        unpaid = [each for each in data["violations"] if each["payment"] != "已繳納"]
        assert (data["unpaid_count"], data["unpaid_total"]) == (len(unpaid), sum(each["fine"] for each in unpaid))
        for each in data["violations"]:
            assert (each["paid_on"] or "9999") > each["occurred_at"][:10]
            assert each["penalty_points"] == 0 or each["reported_how"] == "當場舉發"
        times = [each["occurred_at"] for each in data["violations"]]
        assert times == sorted(times, reverse=True)
    numbers = [each["notice_no"] for _, data in papers("traffic-violation") for each in data["violations"]]
    assert len(set(numbers)) == len(numbers)


def test_a_fine_of_yesterday_is_not_paid_in_a_future_that_nobody_knows() -> None:
    for place in range(50):
        assert payment(KNOWN_UNTIL - timedelta(days=1), "somebody", place) == {"payment": "未繳納", "paid_on": None}


def test_every_passage_is_on_one_notice_and_all_amounts_add_up() -> None:
    for _, data in papers("etc-arrears"):
        numbers = [each["bill_no"] for each in data["notices"]]
        assert len(set(numbers)) == len(numbers)
        assert len({(each["billed_plate"], each["period_from"]) for each in data["notices"]}) == len(numbers)
        assert {each["on_bill"] for each in data["passages"]} == set(numbers)
        for notice in data["notices"]:
            listed = [each for each in data["passages"] if each["on_bill"] == notice["bill_no"]]
            assert all(notice["period_from"] <= each["travelled_on"] <= notice["period_to"] for each in listed)
            assert (notice["days"], notice["toll_due"]) == (len(listed), sum(each["toll"] for each in listed))
            assert notice["amount_due"] == notice["toll_due"] + notice["handling_fee"] + notice["penalty"]
        assert data["total_due"] == sum(each["amount_due"] for each in data["notices"])


@pytest.mark.parametrize(
    ("stage", "fee", "penalty"),
    [
        ("自行繳費期", 0, 0),
        ("平信通知繳費", 0, 0),
        ("雙掛號通知補繳", 50, 0),
        ("裁處罰鍰", 50, 300),
        ("移送強制執行", 50, 300),
    ],
)
def test_the_longer_tolls_are_owed_the_more_is_asked(stage: str, fee: int, penalty: int) -> None:
    notices = [each for each in held("etc-arrears", "tsai-cheng-han")["notices"] if each["stage"] == stage]
    assert notices
    for each in notices:
        assert (each["handling_fee"], each["penalty"]) == (fee, penalty * each["days"])


def test_accident_documents_are_provided_no_earlier_than_the_law_allows() -> None:
    outcomes = set()
    for _, data in papers("traffic-accident-request"):
        for request in data["requests"]:
            assert request["requested_on"] >= request["accident_at"][:10]
            assert (request["progress"] == "已結案") is (request["closed_on"] is not None)
            for each in request["documents"]:
                outcomes.add(each["outcome"])
                assert (each["outcome"] == "已提供") is (each["provided_on"] is not None)
                assert (each["provided_on"] or "9999") > each["available_from"]
                waited = date.fromisoformat(each["available_from"]) - date.fromisoformat(request["accident_at"][:10])
                assert waited.days == DAYS_BY_LAW[each["document"]]
    assert outcomes == {"已提供", "審核中", "未屆得提供日期", "不予提供"}


# -- trade -------------------------------------------------------------------------------------------------------------


def test_every_registered_number_is_invented_valid_and_given_once() -> None:
    numbers = [each.business_no for each in ventures().businesses] + [each.company_no for each in ventures().companies]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert number.startswith("0000")
        assert with_check_digit(number[:7]) == number
    assert all("範例" in each.business_name for each in ventures().businesses)
    assert all("範例" in each.company_name for each in ventures().companies)


def test_a_company_that_pays_wages_has_the_same_name_and_number_everywhere() -> None:
    by_number = {each.tax_id: each.name for each in employers().values()}
    by_name = {name: number for number, name in by_number.items()}
    for company in ventures().companies:
        assert by_number.get(company.company_no, company.company_name) == company.company_name
        assert by_name.get(company.company_name, company.company_no) == company.company_no
    assert sum(company.company_no in by_number for company in ventures().companies) >= 3


def test_people_stand_by_name_in_the_businesses_that_list_them() -> None:
    for person, data in papers("business-registration"):
        for each in data["businesses"]:
            by_role = {
                "負責人": [each["head_name"]],
                "合夥人": [one["partner_name"] for one in each["partners"]],
                "經理人": [one["manager_name"] for one in each["managers"]],
                "法定代理人": [each["legal_representative"]],
            }
            assert all(person.name in by_role[role] for role in each["roles"])
            assert bool(each["partners"]) is (each["organisation"] == "合夥")
            assert not each["partners"] or each["capital"] == sum(one["contribution"] for one in each["partners"])
            assert (each["state"] == "停業") is (each["suspended_from"] is not None)


def test_people_stand_by_name_in_the_companies_that_list_them() -> None:
    for person, data in papers("company-registration"):
        for each in data["companies"]:
            titles = [one["title"] for one in each["board"] if one["member_name"] == person.name]
            managing = person.name in {one["officer_name"] for one in each["officers"]}
            listed = [*titles, *["經理人"] * managing]
            assert each["positions"] == (["清算人"] if each["company_state"] == "解散" else listed)
            assert each["representative"] == each["board"][0]["member_name"]


def test_shares_belong_to_companies_that_have_them_and_nobody_holds_more_than_there_are() -> None:
    for company in (each for _, data in papers("company-registration") for each in data["companies"]):
        with_shares = company["kind"] == "股份有限公司"
        for name in ("par_value", "issued_shares", "term_begins_on", "term_ends_on"):
            assert (company[name] is not None) is with_shares
        assert company["paid_in_capital"] <= company["authorised_capital"]
        for member in company["board"]:
            assert (member["shares"] is not None, member["invested"] is None) == (with_shares, with_shares)
        if with_shares:
            assert company["issued_shares"] * company["par_value"] == company["paid_in_capital"]
            blocks = {(one["represents"] or one["member_name"], one["shares"]) for one in company["board"]}
            assert sum(shares for _, shares in blocks) <= company["issued_shares"]


def test_whatever_is_known_is_about_people_who_exist() -> None:
    registered = (each.roles for each in ventures().businesses), (each.positions for each in ventures().companies)
    named = {name for kind in registered for people in kind for name in people}
    assert named | set(traffic._register()) | set(licences._register()) <= set(PEOPLE)
