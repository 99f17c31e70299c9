"""What holds for every page: its gate, no inline code, strict headers, nothing kept by a cache, a way to be read."""

from collections.abc import Callable

import pytest
from django.urls import URLPattern, reverse

from personal_cloud.models import Parcel
from portal.citizen import urls
from tests.portal.citizen.conftest import STRONG, WEAK
from tests.portal.citizen.landing import land
from tests.portal.citizen.visiting import Elements, Visitor

SOMETHING = "5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10"
ARGUMENTS = {
    "dataset_id": WEAK,
    "grant_id": SOMETHING,
    "parcel_id": SOMETHING,
    "remark_id": SOMETHING,
    "verification_id": SOMETHING,
    "code_id": SOMETHING,
}
ADDRESSES = {str(pattern.name): pattern for pattern in urls.urlpatterns}
GATES = {name: vars(pattern.callback)["gate"] for name, pattern in ADDRESSES.items()}
PRIVATE = [name for name, gate in GATES.items() if gate == "citizen"]
OPEN = [name for name, gate in GATES.items() if gate == "anyone"]
FOR_ANYONE = ["home", "datasets", "dataset", "choose", "verify", "two_documents", "citizen_certificate", "check"]


def path_of(name: str, pattern: URLPattern, **given: str) -> str:
    """Return an address of a page, with the id of something that is not there where none is given."""
    wanted = pattern.pattern.converters
    return reverse(name, kwargs={key: given.get(key, ARGUMENTS[key]) for key in wanted})


@pytest.fixture
def pages(citizen: Visitor, given: Callable[..., Parcel]) -> dict[str, str]:
    """Every page that a citizen with one sealed parcel can read, by its name."""
    parcel = given(WEAK)
    land(parcel, WEAK, {"plate": "ABC-1234", "fees": [{"on": "2025-05-03", "amount": 1200}]})
    shown = citizen.send(reverse("code_show", args=[parcel.pk]))["Location"].rpartition("/")[2]
    ids = {"parcel_id": str(parcel.pk), "grant_id": str(parcel.grant_id), "code_id": shown}
    names = [
        *FOR_ANYONE,
        "parcels",
        "parcel",
        "preview",
        "usage",
        "notices",
        "account",
        "remark_form",
        "remarks",
        "consent_receipt",
        "code",
        "pickup",
    ]
    return {name: citizen.read(path_of(name, ADDRESSES[name], **ids)) for name in names}


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_page_leads_a_stranger_to_the_verification_and_back(visitor: Visitor, name: str) -> None:
    path = path_of(name, ADDRESSES[name])

    answer = visitor.open(path)

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('verify')}?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize("name", PRIVATE)
def test_somebody_elses_things_are_not_there(citizen: Visitor, name: str) -> None:
    if not ADDRESSES[name].pattern.converters:
        return
    path = path_of(name, ADDRESSES[name])

    answer = citizen.open(path)
    sent = citizen.send(path)

    assert {answer.status_code, sent.status_code} <= {404, 405}
    assert 404 in {answer.status_code, sent.status_code}


@pytest.mark.parametrize("name", FOR_ANYONE)
def test_an_open_page_is_open(visitor: Visitor, name: str) -> None:
    assert "<h1>" in visitor.read(path_of(name, ADDRESSES[name]))


@pytest.mark.parametrize(
    "name",
    [name for name in ADDRESSES if name.endswith(("add", "remove", "claim", "received", "out", "show", "revoke"))],
)
def test_what_acts_is_never_a_link(citizen: Visitor, name: str) -> None:
    assert citizen.open(path_of(name, ADDRESSES[name])).status_code == 405


def test_every_page_is_one_of_the_two(pages: dict[str, str]) -> None:
    assert set(PRIVATE) | set(OPEN) == set(ADDRESSES)
    assert pages.keys() <= set(ADDRESSES)


def test_no_page_has_code_or_style_of_its_own(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        elements = Elements(page)
        assert not elements.having("style"), name
        assert not elements.all("style"), name
        assert all("src" in script for script in elements.all("script")), name
        assert "javascript:" not in page, name
        assert not [key for _, found in elements.found for key in found if key.startswith("on")], name


def test_every_page_takes_everything_from_this_site(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        elements = Elements(page)
        addresses = [found[key] for _, found in elements.found for key in ("src", "href", "action") if key in found]
        assert all(address.startswith(("/", "#", "?")) for address in addresses), (name, addresses)
        assert not [address for address in addresses if address.startswith("//")], name


def test_every_page_has_one_title_and_a_labelled_field_for_each_control(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        elements = Elements(page)
        labels = {label["for"] for label in elements.all("label")}
        controls = [one for tag in ("input", "select", "textarea") for one in elements.all(tag)]
        shown = [one for one in controls if one.get("type") != "hidden"]
        assert len(elements.all("h1")) == 1, name
        assert elements.all("html")[0]["lang"] == "zh-Hant-TW", name
        assert {one["id"] for one in shown} <= labels, name
        ids = [found["id"] for found in elements.having("id")]
        assert len(ids) == len(set(ids)), name


def test_every_form_that_acts_carries_the_token(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        forms = page.split("<form")[1:]
        acting = [form.split("</form>")[0] for form in forms if 'method="post"' in form.split(">")[0]]
        assert all("csrfmiddlewaretoken" in form for form in acting), name


def test_pages_are_kept_by_no_cache_and_run_nothing_from_elsewhere(citizen: Visitor) -> None:
    answer = citizen.open(reverse("usage"))
    policy = answer["Content-Security-Policy"]

    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_form_without_its_token_does_nothing_and_says_so(citizen: Visitor) -> None:
    answer = citizen.browser.post(reverse("choose_add"), {"dataset": WEAK})

    assert answer.status_code == 403
    assert "什麼都沒有改變" in answer.content.decode()
    assert STRONG not in citizen.read(reverse("choose"))
