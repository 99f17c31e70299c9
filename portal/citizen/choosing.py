"""選擇資料: what do I take. At most five at a time, each with its conditions, kept until they are asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from consent.models import Grant
from dataproviders.errors import BadParameters
from identity import gates
from identity.gates import SignIn
from portal.citizen.basket import Basket
from portal.citizen.pages import show, way_back
from portal.citizen.parameters import ParametersForm
from portal.journeys import download

READY = "basket_ready"
"""Set in the session once the conditions are filled in, so that verifying in between leads straight on to the consent."""


@gates.anyone
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show what is chosen; sent, keep the conditions and go on to the consent, by way of the verification where needed."""
    basket = Basket(request)
    sent = request.POST if request.method == "POST" else None
    forms = [ParametersForm(dataset, sent, kept=basket.parameters(dataset.pk)) for dataset in basket.datasets]
    if sent is None or not basket.datasets or not all(form.is_valid() for form in forms):
        return _page(request, basket, forms)
    for dataset, form in zip(basket.datasets, forms, strict=True):
        basket.condition(dataset.pk, form.chosen)
    if not _is_enough(gates.sign_in_or_none(request), basket):
        request.session[READY] = True
        return redirect(_to_verification(basket))
    try:
        return redirect("consent", grant_id=draft(request, basket).pk)
    except BadParameters as error:
        _form_of(basket, forms, str(error.facts["dataset"])).refuse(str(error.facts["path"]))
        return _page(request, basket, forms)


@gates.anyone
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Choose a dataset and go back to where it was chosen. Raises UnknownDataset, TooManyDatasets."""
    Basket(request).add(request.POST.get("dataset", ""))
    return redirect(way_back(request, otherwise=reverse("choose")))


@gates.anyone
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Choose a dataset no longer."""
    Basket(request).remove(request.POST.get("dataset", ""))
    return redirect(way_back(request, otherwise=reverse("choose")))


def draft(request: HttpRequest, basket: Basket) -> Grant:
    """Have the consent to what is chosen written down, and forget the choice. Raises what `download.draft` raises."""
    grant = download.draft(request, basket.choices)
    basket.empty()
    request.session.pop(READY, None)
    return grant


def is_waiting(request: HttpRequest) -> bool:
    """Say whether a complete choice waits for nothing but the verification."""
    basket = Basket(request)
    return bool(request.session.get(READY)) and _is_enough(gates.sign_in_or_none(request), basket)


def _is_enough(sign_in: SignIn | None, basket: Basket) -> bool:
    return (
        sign_in is not None
        and len(basket) > 0
        and all(
            dataset.level.satisfied_by(sign_in.level) and sign_in.method in dataset.methods
            for dataset in basket.datasets
        )
    )


def _to_verification(basket: Basket) -> str:
    level = basket.required_level
    asked = {"next": reverse("choose")} | ({"level": level.value} if level is not None else {})
    return f"{reverse('verify')}?{urlencode(asked)}"


def _form_of(basket: Basket, forms: list[ParametersForm], dataset_id: str) -> ParametersForm:
    return next(form for dataset, form in zip(basket.datasets, forms, strict=True) if dataset.pk == dataset_id)


def _page(request: HttpRequest, basket: Basket, forms: list[ParametersForm]) -> HttpResponse:
    wrong = any(form.errors for form in forms)
    facts = {"basket": basket, "chosen": list(zip(basket.datasets, forms, strict=True)), "forms": forms}
    facts["is_enough"] = _is_enough(gates.sign_in_or_none(request), basket)
    return show(request, "citizen/choose.html", facts, status=422 if wrong else 200)
