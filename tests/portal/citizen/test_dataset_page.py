"""資料集: what it is good for, how it looks when filled in, when its agency is at work on it."""

import datetime as dt

import pytest
from django.urls import reverse

from dataproviders.models import Dataset
from mydata.core import clock
from tests.portal.citizen.conftest import SCHEMA, STRONG, WEAK, YEAR
from tests.portal.citizen.visiting import Visitor

PAGE = reverse("dataset", args=[WEAK])
SAMPLE = {"plate": "MYD-4401", "fees": [{"on": "2025-05-03", "amount": 1200}]}
PURPOSE = {"zh": "辦車貸時證明車子是您的", "en": "To show a lender that the car is yours"}


@pytest.fixture(autouse=True)
def described() -> None:
    Dataset.objects.filter(pk=WEAK).update(sample=SAMPLE, schema=SCHEMA | {"x-purpose": PURPOSE})


def windows(*hours: tuple[float, float]) -> list[dict[str, str]]:
    """Return times of maintenance, in hours from now."""
    now = clock.now()
    return [
        dict(zip(("from", "until"), ((now + dt.timedelta(hours=hour)).isoformat() for hour in pair), strict=True))
        for pair in hours
    ]


def test_it_says_what_it_is_good_for_and_shows_a_filled_sample(visitor: Visitor) -> None:
    page = visitor.read(PAGE)
    assert PURPOSE["zh"] in page
    assert PURPOSE["zh"] in visitor.read(reverse("datasets"))
    assert "MYD-4401" in page
    assert "民國114年5月3日</span>" in page, "no line ends within a date"
    assert "1,200 元" in page
    assert "樣本，不是任何人的資料" in page


def test_it_says_what_will_have_to_be_filled_in(visitor: Visitor) -> None:
    address = reverse("dataset", args=[STRONG])
    assert "申請時要填" not in visitor.read(address), "what has a default and what may be left empty is no hurdle"
    Dataset.objects.filter(pk=STRONG).update(parameters_schema=YEAR | {"required": ["since", "year"]})
    assert "<dt>申請時要填</dt><dd>起始日期</dd>" in visitor.read(address)


def test_the_catalogue_names_the_methods_of_each(visitor: Visitor) -> None:
    for dataset, methods in ((WEAK, ["自然人憑證", "雙證件"]), (STRONG, ["自然人憑證"])):
        page = visitor.read(f"{reverse('datasets')}?q={Dataset.objects.get(pk=dataset).name}")
        marks = page.partition(f'href="/datasets/{dataset}"')[2].partition("</ul>")[0]
        assert [name for name in ("自然人憑證", "雙證件") if f">{name}<" in marks] == methods


def test_a_dataset_without_a_sample_shows_none(visitor: Visitor) -> None:
    Dataset.objects.filter(pk=WEAK).update(sample=None)
    assert "填好的樣子" not in visitor.read(PAGE)


def test_maintenance_is_announced_and_shown_while_it_lasts(visitor: Visitor) -> None:
    weekly = {"weekday": "wednesday", "from": "12:00", "until": "13:30"}
    Dataset.objects.filter(pk=WEAK).update(maintenance=[weekly, *windows((-50, -49), (-1, 1))])
    page = visitor.read(PAGE)
    assert "每週三 12:00–13:30" in page
    assert page.count(" 到 ") == 1, "one that is over is no news"
    assert "正在維護系統，到" in page
    assert "選這一項" in page, "asking is still possible"
    assert "維護中，到" in visitor.read(reverse("datasets"))
    assert f'href="/datasets/{WEAK}"' in visitor.read(f"{reverse('datasets')}?status=available")


def test_a_program_reads_the_same(visitor: Visitor) -> None:
    Dataset.objects.filter(pk=WEAK).update(maintenance=windows((-1, 1)))
    listed = visitor.open("/api/v1/datasets").json()["items"]
    found = next(one for one in listed if one["id"] == WEAK)
    assert (found["status"], found["purpose"], found["maintenance"]) == ("maintenance", PURPOSE, windows_of(WEAK))
    assert "purpose" not in next(one for one in listed if one["id"] != WEAK)


def windows_of(name: str) -> list[dict[str, str]]:
    return list(Dataset.objects.get(pk=name).maintenance)
