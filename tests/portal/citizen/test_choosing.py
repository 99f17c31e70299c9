"""資料目錄 and 選擇資料: filters that keep the address, at most five, conditions as fields, and what is still missing."""

import re

import pytest
from django.urls import reverse

from consent.models import Grant
from dataproviders.models import Dataset, Endpoint
from tests.portal.citizen.conftest import OTHER, PLANNED, STRONG, WEAK
from tests.portal.citizen.visiting import Elements, Visitor


def listed(visitor: Visitor, query: str) -> set[str]:
    """Return the datasets that the catalogue shows for this query."""
    links = Elements(visitor.read(f"{reverse('datasets')}?{query}")).all("a")
    return {link["href"].split("/")[2] for link in links if link["href"].startswith("/datasets/")}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {WEAK, OTHER, STRONG, PLANNED}),
        ("q=駕籍", {OTHER}),
        ("q=車號", {WEAK, OTHER, STRONG, PLANNED}),
        ("q=沒有這種東西", set()),
        ("status=planned", {PLANNED}),
        ("status=available", {WEAK, OTHER, STRONG}),
        ("method=two_documents", {WEAK, OTHER}),
        ("provider=agency&q=所得", {STRONG}),
        ("provider=nobody", set()),
        ("for=car", set()),
        ("status=x&for=y", {WEAK, OTHER, STRONG, PLANNED}),
    ],
)
def test_the_address_says_what_is_listed(visitor: Visitor, query: str, found: set[str]) -> None:
    assert listed(visitor, query) == found


def test_the_search_keeps_what_was_asked_and_shows_it_as_text(visitor: Visitor) -> None:
    page = visitor.read(f'{reverse("datasets")}?q="><script>alert(1)</script>')

    assert '<input class="govuk-input" id="q" name="q" type="search" value="&quot;&gt;&lt;script&gt;' in page


def test_what_is_planned_is_shown_and_cannot_be_chosen(visitor: Visitor) -> None:
    page = visitor.read(reverse("dataset", args=[PLANNED]))

    assert "尚未開放" in page
    assert reverse("choose_add") not in page
    assert visitor.send(reverse("choose_add"), {"dataset": PLANNED}).status_code == 422


def test_a_dataset_that_is_not_there_is_a_page_that_is_not_there(visitor: Visitor) -> None:
    assert visitor.open(reverse("dataset", args=["nothing"])).status_code == 404


def test_choosing_says_at_once_which_methods_remain(visitor: Visitor) -> None:
    visitor.send(reverse("choose_add"), {"dataset": WEAK})
    assert "自然人憑證、雙證件" in visitor.read(reverse("choose"))

    visitor.send(reverse("choose_add"), {"dataset": STRONG})
    assert "自然人憑證、雙證件" not in visitor.read(reverse("choose"))


def test_a_sixth_dataset_is_not_taken(visitor: Visitor) -> None:
    model = Dataset.objects.get(pk=WEAK)
    for number in range(5):
        model.pk = f"paper-{number}"
        model.save(force_insert=True)
        Endpoint.objects.create(dataset=model, stage=Endpoint.Stage.LIVE, url="http://127.0.0.1:9/")
        assert visitor.send(reverse("choose_add"), {"dataset": model.pk}).status_code == 302

    answer = visitor.send(reverse("choose_add"), {"dataset": WEAK})

    assert answer.status_code == 422
    assert "五項" in answer.content.decode()
    assert "已選滿 5 項" in visitor.read(reverse("datasets"))


def test_choosing_leads_back_to_this_site_only(visitor: Visitor) -> None:
    for wanted, led_to in (
        ("/datasets?q=a", "/datasets?q=a"),
        ("https://elsewhere.example/", "/choose"),
        ("//elsewhere.example/", "/choose"),
        ("/\\elsewhere.example", "/choose"),
        ("javascript:alert(1)", "/choose"),
    ):
        answer = visitor.send(reverse("choose_add"), {"dataset": WEAK, "next": wanted})
        assert answer["Location"] == led_to


def test_a_stranger_verifies_first_and_the_page_says_how_strongly(visitor: Visitor) -> None:
    visitor.send(reverse("choose_add"), {"dataset": STRONG})

    answer = visitor.send(reverse("choose"))

    assert answer["Location"] == f"{reverse('verify')}?next=%2Fchoose&level=1"
    page = visitor.read(answer["Location"])
    assert "您選的資料需要安全等級 1" in page
    assert "打不開您選的資料" in page
    assert not Grant.objects.exists()


def test_what_is_missing_is_said_by_the_page_and_not_by_the_browser(visitor: Visitor) -> None:
    visitor.send(reverse("choose_add"), {"dataset": STRONG})
    (form,) = [one for one in Elements(visitor.read(reverse("choose"))).all("form") if one.get("id") == "choice"]
    assert "novalidate" in form


def test_the_conditions_are_fields_and_reach_the_consent(card_holder: Visitor) -> None:
    card_holder.send(reverse("choose_add"), {"dataset": STRONG})
    assert 'name="income-since_year"' in card_holder.read(reverse("choose"))

    sent = {
        "income-year": "112",
        "income-kind": "pay",
        "income-since_year": "113",
        "income-since_month": "7",
        "income-since_day": "1",
    }
    answer = card_holder.send(reverse("choose"), sent)

    grant = Grant.objects.get()
    assert answer["Location"] == reverse("consent", args=[grant.pk])
    assert grant.datasets == [{"id": STRONG, "parameters": {"year": 112, "kind": "pay", "since": "2024-07-01"}}]
    assert "還沒有選任何資料" in card_holder.read(reverse("choose"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"income-year": "2112"},
        {"income-year": "x" * 5000},
        {"income-kind": "none"},
        {"income-since_year": "113", "income-since_month": "13", "income-since_day": "1"},
        {"income-since_year": "9" * 400, "income-since_month": "1", "income-since_day": "1"},
    ],
)
def test_a_wrong_condition_is_named_at_its_field(card_holder: Visitor, wrong: dict[str, str]) -> None:
    card_holder.send(reverse("choose_add"), {"dataset": STRONG})

    answer = card_holder.send(reverse("choose"), wrong)

    page = Elements(answer.content.decode())
    assert answer.status_code == 422
    targets = [link["href"][1:] for link in page.all("a") if link["href"].startswith("#id_")]
    assert targets
    assert set(targets) <= {found["id"] for found in page.having("id")}
    assert not Grant.objects.exists()


def test_what_only_the_schema_can_refuse_is_refused_on_the_page_too(card_holder: Visitor) -> None:
    rules = {"type": "object", "properties": {"plate": {"type": "string", "pattern": "^[A-Z]+$", "title": "車號"}}}
    Dataset.objects.filter(pk=WEAK).update(parameters_schema=rules)
    card_holder.send(reverse("choose_add"), {"dataset": WEAK})

    answer = card_holder.send(reverse("choose"), {"vehicle-plate": "abc"})

    assert answer.status_code == 422
    assert 'href="#id_vehicle-plate"' in answer.content.decode()


INVOICE = {
    "type": "object",
    "properties": {
        "number": {
            "type": "string",
            "title": "發票號碼",
            "description": "兩個大寫英文字母加八個數字，例如 AB12345678。",
            "pattern": "^[A-Z]{2}[0-9]{8}$",
        },
        "period": {"type": "string", "title": "發票期別", "x-periods": "invoices"},
    },
    "required": ["number"],
}


def test_a_required_text_says_its_form_in_words_and_is_named_where_it_is_left_empty(visitor: Visitor) -> None:
    Dataset.objects.filter(pk=WEAK).update(parameters_schema=INVOICE)
    visitor.send(reverse("choose_add"), {"dataset": WEAK})
    page = visitor.read(reverse("choose"))
    assert "兩個大寫英文字母加八個數字" in page
    assert re.search(r'<option value="\d+-(?:0[13579]|11)" selected>\d+年\d+月至\d+月</option>', page)

    answer = visitor.send(reverse("choose"))

    assert answer.status_code == 422
    assert '<a href="#id_vehicle-number">請填寫「發票號碼」。</a>' in answer.content.decode()


def test_a_stranger_hears_of_a_condition_that_does_not_fit_before_verifying(visitor: Visitor) -> None:
    Dataset.objects.filter(pk=WEAK).update(parameters_schema=INVOICE)
    visitor.send(reverse("choose_add"), {"dataset": WEAK})

    answer = visitor.send(reverse("choose"), {"vehicle-number": "AB-12345678"})

    assert answer.status_code == 422
    assert '<a href="#id_vehicle-number">這個條件不符合機關的要求' in answer.content.decode()


def test_a_chosen_dataset_can_be_removed(visitor: Visitor) -> None:
    visitor.send(reverse("choose_add"), {"dataset": WEAK})
    visitor.send(reverse("choose_remove"), {"dataset": WEAK})

    assert "還沒有選任何資料" in visitor.read(reverse("choose"))
