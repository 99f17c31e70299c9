"""Land, property, taxes and e-invoices: every paper of everybody fits its schema, and the papers agree with each other."""

import csv
import io
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.agencies import datasets, years
from sandbox.people import purchases
from sandbox.people.estates import estate_of
from sandbox.people.personas import People, Persona
from tests.sandbox.playing import Sandbox, StubPortal, ask
from tests.sandbox.wires import opened

CATALOGUE = Path(__file__).parents[2] / "dataproviders" / "catalogue.toml"
LOADED = datasets.load()
PEOPLE = {person.id: person for person in People.load() if person.id != "xu-ming-de"}
MONEY = (
    "land-and-price",
    "property",
    "licence-tax-certificate",
    "house-tax-certificate",
    "income-tax-record",
    "einvoice-list",
    "einvoice-detail",
)

Paper = dict[str, Any]


def written(dataset: str, person: Persona, **parameters: object) -> Paper | None:
    """Write one paper as the agency does; what is not asked for takes its default of today."""
    return LOADED[dataset].write(person, defaults(dataset) | parameters)


def defaults(dataset: str) -> dict[str, object]:
    rules = years.bounded(LOADED[dataset].parameters, years.today())["properties"]
    return {name: rule["default"] for name, rule in rules.items() if "default" in rule}


def held(dataset: str, person: Persona, **parameters: object) -> Paper:
    paper = written(dataset, person, **parameters)
    assert paper is not None
    return paper


def choices(dataset: str, name: str) -> list[Any]:
    """Return what a parameter may be today: all of a list, the edges of a range."""
    rule = years.bounded(LOADED[dataset].parameters, years.today())["properties"][name]
    return rule.get("enum") or [one["const"] for one in rule.get("oneOf", [])] or [rule["minimum"], rule["maximum"]]


def askings(dataset: str, person: Persona) -> Iterator[dict[str, Any]]:
    """Yield every way in which a dataset may be asked for: by default, and at the edges."""
    match dataset:
        case "land-and-price":
            yield from ({"county": county} for county in choices(dataset, "county"))
        case "licence-tax-certificate":
            for vehicle in person.life.vehicles:
                yield from ({"plate": vehicle.plate, "year": year} for year in choices(dataset, "year"))
        case "house-tax-certificate" | "income-tax-record":
            yield from ({"year": year} for year in choices(dataset, "year"))
        case "einvoice-list":
            yield from ({"period": period} for period in choices(dataset, "period"))
        case "einvoice-detail":
            for period in choices(dataset, "period"):
                for invoice in purchases.invoices(person, period)[:3]:
                    yield {"invoice_no": invoice.number, "period": period}
    if "required" not in LOADED[dataset].parameters:
        yield {}


@pytest.mark.parametrize("dataset", MONEY)
def test_every_paper_of_everybody_fits_its_schema_however_it_is_asked_for(dataset: str) -> None:
    schema = LOADED[dataset].schema
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    count = 0
    for person in PEOPLE.values():
        for parameters in askings(dataset, person):
            paper = LOADED[dataset].write(person, LOADED[dataset].checked(parameters))
            if paper is not None:
                validator.validate(paper)
                assert {person.name, person.national_id} <= {
                    value for value in paper.values() if isinstance(value, str)
                }
                assert paper[LOADED[dataset].free_text] == ""
                assert paper == written(dataset, person, **parameters)
                count += 1
    assert count >= 10


@pytest.mark.parametrize("dataset", MONEY)
def test_names_and_levels_are_those_of_the_deck(dataset: str) -> None:
    deck = {one["id"]: one for one in tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["dataset"]}
    loaded = LOADED[dataset]
    assert deck[dataset] == {
        "id": loaded.id,
        "provider": loaded.provider,
        "name": loaded.name,
        "minimum_level": loaded.minimum_level,
    }


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_the_same_vehicle_stands_in_registration_tax_and_property(person: Persona) -> None:
    registered = {
        one["plate"]: one for one in (written("vehicle-registration", person) or {"vehicles": []})["vehicles"]
    }
    listed = holdings(person, "汽車")
    for plate, vehicle in registered.items():
        certificate = held("licence-tax-certificate", person, plate=plate, year=115)
        assert certificate["vehicle_kind"] == vehicle["kind"]
        assert certificate["cylinder_cc"] == vehicle["displacement_cc"]
        assert (plate in listed) or vehicle["kind"].endswith("機車")
        earlier = written("licence-tax-certificate", person, plate=plate, year=111)
        assert (earlier is None) is (vehicle["licence_issued_on"] > "2022-12-31")
    assert listed.keys() <= registered.keys()
    assert all(listed[plate]["engine_cc"] == registered[plate]["displacement_cc"] for plate in listed)


def holdings(person: Persona, kind: str) -> dict[str, Paper]:
    listed = (written("property", person) or {"holdings": []})["holdings"]
    return {one["mark"]: one for one in listed if one["kind"] == kind}


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_the_same_house_stands_in_register_tax_and_property(person: Persona) -> None:
    register = (written("land-and-price", person) or {"buildings": []})["buildings"]
    taxed = (written("house-tax-certificate", person, year=115) or {"houses": []})["houses"]
    places = [(one["description"]["door_plate"], one["ownership"]["share"]) for one in register]
    assert places == [(one["location"], one["owned_share"]) for one in taxed]
    assert {one["tax_no"]: one["taxable_value"] for one in taxed} == {
        mark: one["value"] for mark, one in holdings(person, "房屋").items()
    }
    for house in taxed:
        exact = house["taxable_value"] * house["rate"] / 100 * house["months"] / 12
        assert house["due"] == pytest.approx(exact, abs=1)


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_the_same_land_stands_in_register_and_property_at_its_announced_value(person: Persona) -> None:
    parcels = (written("land-and-price", person) or {"parcels": []})["parcels"]
    listed = holdings(person, "土地")
    assert [one["description"]["parcel_no"] for one in parcels] == list(listed)
    for parcel in parcels:
        described = parcel["description"]
        whole, part = map(int, parcel["ownership"]["share"].split("分之"))
        worth = described["area_m2"] * described["announced_value_per_m2"] * part / whole
        assert listed[described["parcel_no"]]["value"] == pytest.approx(worth, abs=1)


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_whoever_lives_in_an_own_house_owns_it_where_the_household_register_says(person: Persona) -> None:
    homes = [one.address for one in estate_of(person).buildings if one.lived_in]
    assert homes in ([], [person.life.address])


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
@pytest.mark.parametrize("year", [110, 114])
def test_income_tax_is_computed_from_the_income_that_payers_reported(person: Persona, year: int) -> None:
    record = written("income-tax-record", person, year=year)
    if record is None:
        assert "minor" in person.tags
        return
    income, assessed = written("personal-income", person, year=year), record["assessment"]
    assert income is not None
    assert assessed["gross_income"] == income["total_paid"]
    assert assessed["already_withheld"] == income["total_withheld"]
    tax = assessed["net_income"] * assessed["marginal_rate"] // 100 - assessed["progressive_difference"]
    assert assessed["tax_payable"] == tax
    assert assessed["balance"] == tax - assessed["dividend_credit"] - assessed["already_withheld"]
    settled = [one["paid_amount"] for one in record["payments"] if one["paid_tax"] == "綜合所得稅"]
    assert sum(settled) - record["refund_sum"] == assessed["balance"]


def test_companies_that_pay_dividends_are_the_investments() -> None:
    for person in PEOPLE.values():
        income = written("personal-income", person, year=114)
        assert income is not None
        payers = {one["payer_tax_id"]: one["payer_name"] for one in income["records"] if one["code"] == "54C"}
        assert payers == {mark: one["name_or_place"] for mark, one in holdings(person, "投資").items()}


def test_a_sold_estate_is_taxed_paid_by_one_and_owed_by_another() -> None:
    paid = held("income-tax-record", PEOPLE["zhang-zhi-wei"], year=113)
    owed = held("income-tax-record", PEOPLE["huang-mei-ling"], year=114)
    assert [one["paid_amount"] for one in paid["payments"] if one["paid_tax"] == "房地合一稅"] == [
        paid["estate_gains"][0]["gain_tax"]
    ]
    assert paid["arrears"] == []
    assert [one["unpaid"] for one in owed["arrears"]] == [owed["estate_gains"][0]["gain_tax"]] == [owed["arrears_sum"]]
    assert held("income-tax-record", PEOPLE["huang-mei-ling"], year=113)["estate_gains"] == []


def test_some_are_paid_for_some_exempt_and_some_not_due_yet() -> None:
    tsai, huang = PEOPLE["tsai-cheng-han"], PEOPLE["huang-mei-ling"]
    car, scooter = (held("licence-tax-certificate", tsai, plate=one.plate, year=115) for one in tsai.life.vehicles)
    assert (car["payment_state"], car["tax_paid"], car["exempt_because"]) == ("已繳納", 11_230, None)
    assert (scooter["payment_state"], scooter["tax_due"], scooter["paid_on"]) == ("免稅", 0, None)
    assert "電能" in scooter["exempt_because"]
    assert held("house-tax-certificate", huang, year=115)["houses"][0]["state"] == "已繳納"
    coming = written("house-tax-certificate", huang, year=116)
    assert coming is not None
    assert (coming["houses"][0]["state"], coming["sum_paid"]) == ("尚未開徵", 0)


def test_lists_are_long_for_one_a_single_line_for_another_and_none_for_a_third() -> None:
    long, single = (held("einvoice-list", PEOPLE[name]) for name in ("zhang-zhi-wei", "wu-ya-ting"))
    assert (long["invoice_count"], single["invoice_count"]) == (320, 1)
    assert len(held("property", PEOPLE["zhang-zhi-wei"])["holdings"]) > 124
    for dataset in ("einvoice-list", "land-and-price", "house-tax-certificate"):
        assert written(dataset, PEOPLE["nguyen-thi-hoa"]) is None
    for dataset in MONEY[:2]:
        assert written(dataset, PEOPLE["zhou-xiao-qing"]) is None


@pytest.mark.parametrize("period", ["114-11", "115-01", "115-09"])
def test_every_invoice_of_a_list_has_its_details(period: str) -> None:
    for person in PEOPLE.values():
        bought = purchases.invoices(person, period)
        listed = written("einvoice-list", person, period=period)
        assert (listed is None) is (not bought)
        for line in (listed or {"invoices": []})["invoices"]:
            detail = written("einvoice-detail", person, invoice_no=line["number"], period=period)
            assert detail is not None
            assert (detail["issued_on"], detail["seller_tax_id"]) == (line["date"], line["shop_tax_id"])
            assert detail["total_amount"] == line["sum"] == sum(one["line_amount"] for one in detail["lines"])
            assert detail["amount_without_tax"] + detail["sales_tax"] == line["sum"]
        assert len({invoice.number for invoice in bought}) == len(bought)
        assert all(before.on <= after.on for before, after in pairwise(bought))


def test_invoices_lie_within_their_period_and_void_ones_are_not_counted_as_spent() -> None:
    paper = written("einvoice-list", PEOPLE["zhang-zhi-wei"], period="113-01")
    assert paper is not None
    days = [one["date"] for one in paper["invoices"]]
    assert (min(days)[:7], max(days)) == ("2024-01", "2024-02-29")
    valid = [one["sum"] for one in paper["invoices"] if one["status"] == "開立"]
    assert (paper["valid_count"], paper["spent"]) == (len(valid), sum(valid))
    assert len(valid) < paper["invoice_count"]


def test_what_is_drawn_stays_as_it_was_drawn() -> None:
    """These values were drawn once; whoever changes one breaks somebody's tutorial."""
    lin = PEOPLE["lin-yi-jun"]
    first = purchases.invoices(lin, "115-09")[0]
    assert purchases.barcode(lin) == "/9PC91T+"
    assert (first.number, first.on.isoformat(), first.at, first.amount) == ("YH32674213", "2026-09-03", "14:39", 2_680)
    assert held("licence-tax-certificate", lin, plate="MYD-4401", year=115)["paid_on"] == "2026-04-11"
    assert held("income-tax-record", lin, year=114)["assessment"]["balance"] == 15_872
    assert held("property", lin)["total_value"] == 1_928_180


def test_numbers_of_estates_are_given_once_and_companies_carry_valid_ones() -> None:
    estates = [estate_of(person) for person in PEOPLE.values()]
    tax_numbers = [building.tax_no for estate in estates for building in estate.buildings]
    places = [(one.county, one.section, one.number) for estate in estates for one in estate.lands]
    places += [(one.county, one.section, one.number) for estate in estates for one in estate.buildings]
    assert len(set(tax_numbers)) == len(tax_numbers)
    assert len(set(places)) == len(places)
    for seller in purchases._sellers():
        products = [int(digit) * weight for digit, weight in zip(seller.tax_id, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)]
        assert sum(sum(map(int, str(product))) for product in products) % 10 == 0
        assert "範例" in seller.name
        assert seller.tax_id.startswith("000")


# -- over the wire -----------------------------------------------------------------------------------------------------


def wanted(dataset: str, person: Persona) -> dict[str, Any]:
    """Return parameters under which there is a paper."""
    newest = choices("einvoice-detail", "period")[0]
    asked = {
        "licence-tax-certificate": {"plate": person.life.vehicles[0].plate},
        "einvoice-detail": {"invoice_no": purchases.invoices(person, newest)[0].number},
    }
    return asked.get(dataset, {})


@pytest.mark.parametrize("dataset", MONEY)
def test_a_running_agency_says_what_another_process_writes(sandbox: Sandbox, portal: StubPortal, dataset: str) -> None:
    person = PEOPLE["lin-yi-jun"]
    parameters = wanted(dataset, person)
    answer = ask(sandbox, portal.give(dataset, person.national_id), dataset, parameters)
    assert answer.status_code == 200, answer.text
    said = opened(sandbox.registered(dataset), answer.content, portal.url)
    assert said.data == written(dataset, person, **parameters)


@pytest.mark.parametrize("dataset", MONEY)
def test_nobody_holds_anything_about_the_person_without_records(
    sandbox: Sandbox, portal: StubPortal, dataset: str
) -> None:
    nobody, parameters = sandbox.person("no_records"), wanted(dataset, PEOPLE["lin-yi-jun"])
    assert ask(sandbox, portal.give(dataset, nobody["national_id"]), dataset, parameters).status_code == 204


@pytest.mark.parametrize(
    ("dataset", "parameters", "status"),
    [
        ("licence-tax-certificate", {"plate": "MYE-4402"}, 204),
        ("licence-tax-certificate", {"plate": "MYD-4401", "year": 107}, 400),
        ("licence-tax-certificate", {"plate": "myd-4401"}, 400),
        ("licence-tax-certificate", {"plate": "MYD4401"}, 400),
        ("licence-tax-certificate", {"year": 115}, 400),
        ("licence-tax-certificate", {}, 400),
        ("einvoice-detail", {"invoice_no": "AB00000000"}, 204),
        ("einvoice-detail", {"invoice_no": "AB-00000000"}, 400),
        ("einvoice-detail", {"invoice_no": "AB0000000"}, 400),
        ("einvoice-detail", {"period": "115-09"}, 400),
        ("einvoice-list", {"period": "115-10"}, 400),
        ("einvoice-list", {"period": "99-01"}, 400),
        ("land-and-price", {"county": "臺北市"}, 200),
        ("land-and-price", {"county": "高雄市"}, 204),
        ("land-and-price", {"county": "東京都"}, 400),
        ("property", {"year": 115}, 400),
        ("house-tax-certificate", {"year": 99}, 400),
        ("income-tax-record", {"year": 99}, 400),
    ],
)
def test_what_is_not_ones_own_is_no_record_and_what_is_not_offered_is_refused(
    sandbox: Sandbox, portal: StubPortal, dataset: str, parameters: dict[str, Any], status: int
) -> None:
    token = portal.give(dataset, PEOPLE["lin-yi-jun"].national_id)
    assert ask(sandbox, token, dataset, parameters).status_code == status


def test_plates_and_invoice_numbers_never_stand_in_an_address(sandbox: Sandbox) -> None:
    for dataset in ("licence-tax-certificate", "einvoice-detail"):
        endpoint = sandbox.registered(dataset)["endpoints"]["live"]
        assert (endpoint["method"], endpoint["parameters_in"]) == ("POST", "json")


def test_a_zip_carries_its_lists_as_tables_too(sandbox: Sandbox, portal: StubPortal) -> None:
    token = portal.give("einvoice-list", PEOPLE["zhang-zhi-wei"].national_id)
    answer = ask(sandbox, token, "einvoice-list", {"period": choices("einvoice-list", "period")[0]})
    said = opened(sandbox.registered("einvoice-list"), answer.content, portal.url)
    rows = list(csv.reader(io.StringIO(said.files["einvoice-list.csv"].decode("utf-8-sig"))))
    assert rows[0] == ["欄位", "內容"]
    assert ["發票張數", "320"] in rows
    title = rows.index(["發票"])
    assert rows[title - 1] == []
    assert rows[title + 1][:2] == ["項次", "發票號碼"]
    assert [row[1] for row in rows[title + 2 :]] == [one["number"] for one in said.data["invoices"]]
