import csv
import hashlib
import io
import json
import re
from datetime import date
from typing import Any

import pytest

from sandbox.agencies.datasets import SCHEMAS
from sandbox.forms import Refused
from tests.sandbox.playing import Sandbox, StubPortal, ask
from tests.sandbox.test_schemas import named
from tests.sandbox.wires import opened
from tests.sandbox.writing import DATASETS, PEOPLE, fitting, held, paper, papers

ASKED: dict[str, tuple[dict[str, object], ...]] = {
    "business-registration": ({},),
    "company-registration": ({},),
    "traffic-violation": (
        {},
        {"payment": "unpaid"},
        {"payment": "paid"},
        {"since": "2026-01-01"},
        {"payment": "unpaid", "since": "2024-02-29"},
    ),
    "driver-licence": ({}, {"kind": "car"}, {"kind": "motorcycle"}),
    "etc-arrears": ({}, {"plate": "MYJ-4406"}, {"plate": "MYD-4401"}),
    "tour-guide-licence": ({},),
    "tour-manager-licence": ({},),
    "traffic-accident-request": ({}, {"since": "2026-10-27"}, {"since": "0001-01-01"}),
}
"""Every dataset of road and trade, with what it is asked for here."""

WITHOUT = {
    "business-registration": 12,
    "company-registration": 14,
    "traffic-violation": 7,
    "driver-licence": 2,
    "etc-arrears": 13,
    "tour-guide-licence": 15,
    "tour-manager-licence": 17,
    "traffic-accident-request": 13,
}
"""Of how many people, at least, an agency holds nothing."""


@pytest.mark.parametrize("dataset", ASKED)
def test_every_paper_of_everybody_fits_its_schema_whatever_is_asked(dataset: str) -> None:
    check = fitting(DATASETS[dataset])
    for parameters in ASKED[dataset]:
        written = list(papers(dataset, **parameters))
        assert written, parameters
        for person, data in written:
            check.validate(data)
            assert {person.name, person.national_id} <= set(map(str, data.values()))


@pytest.mark.parametrize("dataset", ASKED)
def test_a_remark_breaks_no_schema(dataset: str) -> None:
    for _, data in papers(dataset):
        fitting(DATASETS[dataset]).validate(data | {DATASETS[dataset].free_text: "a remark"})


@pytest.mark.parametrize(("dataset", "people"), WITHOUT.items())
def test_of_many_people_there_is_none(dataset: str, people: int) -> None:
    assert len(PEOPLE) - len(list(papers(dataset))) >= people


@pytest.mark.parametrize(
    ("dataset", "person", "digest"),
    [
        ("business-registration", "zhang-zhi-wei", "73e6ad4ee0571f31"),
        ("company-registration", "zhang-zhi-wei", "c6a4c487437fac7d"),
        ("traffic-violation", "wu-ya-ting", "ab4771bb56f27ed2"),
        ("driver-licence", "tsai-cheng-han", "1a89670b9bc98b67"),
        ("etc-arrears", "tsai-cheng-han", "fdf818a4aa997309"),
        ("tour-guide-licence", "tanaka-mayumi", "3cf836f7fe58833b"),
        ("tour-manager-licence", "li-shu-fen", "0d73dff4d2b2069b"),
        ("traffic-accident-request", "tsai-cheng-han", "fa6af41e62b3b907"),
    ],
)
def test_a_paper_says_the_same_in_every_release(dataset: str, person: str, digest: str) -> None:
    written = json.dumps(held(dataset, person), ensure_ascii=False, sort_keys=True).encode()
    assert hashlib.sha256(written).hexdigest()[:16] == digest


@pytest.mark.parametrize(
    ("dataset", "person", "records", "rows"),
    [
        ("etc-arrears", "tsai-cheng-han", "passages", 340),
        ("etc-arrears", "he-jia-hao", "passages", 1),
        ("traffic-violation", "wu-ya-ting", "violations", 27),
        ("traffic-violation", "chen-guan-yu", "violations", 1),
        ("driver-licence", "zhang-zhi-wei", "licences", 2),
        ("company-registration", "zhang-zhi-wei", "companies", 3),
        ("business-registration", "ba-nai", "businesses", 1),
        ("tour-manager-licence", "li-shu-fen", "renewals", 4),
        ("traffic-accident-request", "tsai-cheng-han", "requests", 2),
    ],
)
def test_some_have_hundreds_of_records_and_some_have_one(dataset: str, person: str, records: str, rows: int) -> None:
    assert len(held(dataset, person)[records]) == rows


def test_every_published_schema_has_its_paper_in_the_sandbox() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(DATASETS)


@pytest.mark.parametrize("dataset", ASKED)
def test_every_field_is_told_in_one_short_sentence_with_the_punctuation_of_its_language(dataset: str) -> None:
    for where, entry in named(DATASETS[dataset].schema):
        assert re.fullmatch("[^,;:()?!]{4,40}。", entry["description"]), where
        assert re.fullmatch("[A-Z][\x20-\x7e]{4,110}[.]", entry["x-en"]["description"]), where
        assert len(entry["title"]) <= 12, where
        assert entry["description"].rstrip("。") != entry["title"], where


def test_awkward_names_stand_in_the_papers() -> None:
    shop = held("business-registration", "lin-ji-xiang")["businesses"][0]
    assert shop["business_name"] == "範例𠮷祥商行"
    assert shop["head_name"] == held("driver-licence", "lin-ji-xiang")["driver_name"] == "林𠮷祥"
    assert held("tour-guide-licence", "ba-nai")["guide_name"] == "巴奈"
    assert held("driver-licence", "nguyen-thi-hoa")["licence_number"] == "FD00100121"


def test_a_minor_owns_a_business_and_her_mother_stands_for_her() -> None:
    mine, hers = (held("business-registration", one)["businesses"] for one in ("zhou-xiao-qing", "lin-yi-jun"))
    assert [one["roles"] for one in (*mine, *hers)] == [["負責人"], ["法定代理人"]]
    assert {key: value for key, value in mine[0].items() if key != "roles"} == {
        key: value for key, value in hers[0].items() if key != "roles"
    }
    assert (mine[0]["head_name"], mine[0]["legal_representative"]) == ("周小晴", "林怡君")


# -- parameters --------------------------------------------------------------------------------------------------------


def test_violations_are_chosen_by_payment_and_day() -> None:
    whole = held("traffic-violation", "wu-ya-ting")["violations"]
    unpaid, paid = (held("traffic-violation", "wu-ya-ting", payment=state) for state in ("unpaid", "paid"))
    assert all(each["paid_on"] is None for each in unpaid["violations"])
    assert all(each["paid_on"] for each in paid["violations"])
    assert sorted(each["notice_no"] for each in whole) == sorted(
        each["notice_no"] for each in (*unpaid["violations"], *paid["violations"])
    )
    since = whole[3]["occurred_at"][:10]
    assert held("traffic-violation", "wu-ya-ting", since=since)["violations"] == whole[:4]
    assert paper("traffic-violation", "wu-ya-ting", since="2026-11-01") is None
    assert paper("traffic-violation", "chen-guan-yu", payment="unpaid") is None


def test_licences_are_chosen_by_kind() -> None:
    def classes(**parameters: object) -> list[str]:
        return [each["licence_class"] for each in held("driver-licence", "zhang-zhi-wei", **parameters)["licences"]]

    assert classes() == ["普通小型車", "大型重型機車"]
    assert classes(kind="car") == ["普通小型車"]
    assert classes(kind="motorcycle") == ["大型重型機車"]
    assert paper("driver-licence", "ba-nai", kind="car") is None


def test_arrears_are_chosen_by_plate() -> None:
    assert held("etc-arrears", "tsai-cheng-han", plate="MYJ-4406") == held("etc-arrears", "tsai-cheng-han")
    for plate in ("MYJ-4416", "MYD-4401", "ZZ-9999"):
        assert paper("etc-arrears", "tsai-cheng-han", plate=plate) is None


def test_requests_are_chosen_by_day() -> None:
    whole = held("traffic-accident-request", "tsai-cheng-han")["requests"]
    assert held("traffic-accident-request", "tsai-cheng-han", since="2026-10-27")["requests"] == whole[:1]
    assert paper("traffic-accident-request", "tsai-cheng-han", since="2026-10-28") is None


@pytest.mark.parametrize(
    ("dataset", "parameters"),
    [
        ("traffic-violation", {"payment": "some"}),
        ("traffic-violation", {"since": "2026-02-30"}),
        ("driver-licence", {"kind": "boat"}),
        ("etc-arrears", {"plate": ""}),
        ("etc-arrears", {"plate": "myd-4401"}),
        ("etc-arrears", {"plate": ["MYD-4401"]}),
        ("traffic-accident-request", {"since": "last year"}),
        ("business-registration", {"kind": "all"}),
        ("company-registration", {"year": 114}),
        ("tour-guide-licence", {"since": "2026-01-01"}),
        ("tour-manager-licence", {"kind": "all"}),
    ],
)
def test_what_is_not_offered_is_refused(dataset: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        paper(dataset, "tsai-cheng-han", **parameters)
    assert refused.value.status == 400


# -- on the wire -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "person"),
    [
        ("business-registration", "lin-ji-xiang"),
        ("company-registration", "lin-ji-xiang"),
        ("traffic-violation", "lin-ji-xiang"),
        ("driver-licence", "ba-nai"),
        ("etc-arrears", "tsai-cheng-han"),
        ("tour-guide-licence", "ba-nai"),
        ("tour-manager-licence", "li-shu-fen"),
        ("traffic-accident-request", "nguyen-thi-hoa"),
    ],
)
def test_the_signed_answer_says_what_was_written(
    sandbox: Sandbox, portal: StubPortal, dataset: str, person: str
) -> None:
    answer = ask(sandbox, portal.give(dataset, PEOPLE[person].national_id), dataset)
    said = opened(sandbox.registered(dataset), answer.content, portal.url)
    assert said.data == held(dataset, person)


@pytest.mark.parametrize("dataset", ASKED)
def test_a_wrong_persons_paper_is_there_though_the_first_ordinary_person_has_none(
    sandbox: Sandbox, portal: StubPortal, dataset: str
) -> None:
    answer = ask(sandbox, portal.give(dataset, sandbox.person("agency_wrong_person")["national_id"]), dataset)
    assert answer.status_code == 200
    said = opened(sandbox.registered(dataset), answer.content, portal.url)
    assert sandbox.person("agency_wrong_person")["name"] not in json.dumps(said.data, ensure_ascii=False)


def test_records_come_as_a_table_below_the_single_values(sandbox: Sandbox, portal: StubPortal) -> None:
    answer = ask(sandbox, portal.give("etc-arrears", PEOPLE["tsai-cheng-han"].national_id), "etc-arrears")
    said = opened(sandbox.registered("etc-arrears"), answer.content, portal.url)
    table = list(csv.reader(io.StringIO(said.files["etc-arrears.csv"].decode("utf-8-sig"))))
    passages = table[table.index(["通行明細"]) :]
    assert ["車主姓名", "蔡承翰"] in table
    assert passages[1] == ["通行日期", "通行車號", "門架數", "通行里程", "當日通行費", "所屬通知單號"]
    assert len(passages) == 2 + len(said.data["passages"])
    assert passages[2] == [str(value) for value in said.data["passages"][0].values()]


def test_several_values_share_one_cell(sandbox: Sandbox, portal: StubPortal) -> None:
    answer = ask(sandbox, portal.give("tour-guide-licence", PEOPLE["tanaka-mayumi"].national_id), "tour-guide-licence")
    said = opened(sandbox.registered("tour-guide-licence"), answer.content, portal.url)
    table = dict(csv.reader(io.StringIO(said.files["tour-guide-licence.csv"].decode("utf-8-sig"))))
    assert table["執業語言"] == "日語、英語"
    assert table["專任旅行業"] == ""


def test_lives_are_known_until_a_day_and_no_later() -> None:
    for dataset in ASKED:
        for _, data in papers(dataset):
            for day in happened(data):
                assert date.fromisoformat(day[:10]) <= date(2026, 10, 31), (dataset, day)


def happened(value: object) -> list[str]:
    """Return every day on which something was done, at any depth."""
    done = ("paid_on", "occurred_at", "travelled_on", "requested_on", "provided_on", "closed_on", "issued_on")
    if isinstance(value, dict):
        here = [each for name, each in value.items() if name.endswith(done) and each]
        return here + [day for each in value.values() for day in happened(each)]
    return [day for each in value for day in happened(each)] if isinstance(value, list) else []
