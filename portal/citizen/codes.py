"""條碼: show it. And the page on the other device, where it is entered."""

import math
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import gates
from identity.errors import StepUp
from mydata.core import clock
from mydata.core.errors import MyDataError
from personal_cloud import barcodes
from portal.citizen.pages import show
from portal.design.language import spoken
from portal.journeys import download
from portal.journeys import pickup as journey

LONGEST_CODE = 200
ENDED = {
    "code_used": _("取件碼已經用過了"),
    "code_revoked": _("取件碼已經撤銷"),
    "code_expired": _("取件碼已經過期"),
}


class CodeForm(forms.Form):
    """One field, filled by hand, by pasting or by a hand-held scanner, which presses Enter itself."""

    code = forms.CharField(
        label=_("取件碼"),
        help_text=_("12 個英文字母與數字，不分大小寫，連字號可以省略"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
                "class": "govuk-input--width-20 govuk-input--extra-letter-spacing",
            }
        ),
        error_messages={"required": _("請輸入取件碼。"), "max_length": _("取件碼打錯了，沒有這麼長。")},
    )


@gates.citizen
@require_POST
def show_code(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Have a code shown, in the place of the one before. Raises StepUp, OtherBrowser, Gone, IllegalMove, NotFound."""
    return redirect("code", code_id=journey.show(request, parcel_id).id)


@gates.citizen
@require_safe
def code(request: HttpRequest, code_id: UUID) -> HttpResponse:
    """Let the code fill the screen; one that has ended says how. Raises StepUp, OtherBrowser, NotFound."""
    shown = journey.shown(request, code_id)
    parcel = download.parcel(request, shown.parcel)
    facts = {
        "code": shown,
        "ended": ENDED[shown.refusal.code] if shown.refusal is not None else None,
        "refusal": shown.refusal.explain(spoken()) if shown.refusal is not None else "",
        "can_renew": parcel.state == "sealed" and parcel.opens_here,
        "seconds": max(0, math.ceil((shown.expires_at - clock.now()).total_seconds())),
        "qr": barcodes.qr_picture(shown.qr.text),
        "bars": barcodes.bars_picture(shown.spoken.bars),
    }
    return show(request, "citizen/code.html", facts)


@gates.citizen
@require_POST
def revoke(request: HttpRequest, code_id: UUID) -> HttpResponse:
    """Take a code back. Raises CodeUsed, CodeExpired, NotFound."""
    return redirect("parcel", parcel_id=journey.revoke(request, code_id))


@gates.citizen
@require_http_methods(["GET", "HEAD", "POST"])
def pickup(request: HttpRequest) -> HttpResponse:
    """Take a code; sent, lead to what it opens, or say on the same page why it does not. Raises StepUp."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return show(request, "citizen/pickup.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        _code_id, parcel = journey.pick_up(request, form.cleaned_data["code"])
    except StepUp:
        raise
    except MyDataError as refusal:
        return _refused(request, form, refusal)
    return redirect("parcel", parcel_id=parcel.id)


def _refused(request: HttpRequest, form: CodeForm, refusal: MyDataError) -> HttpResponse:
    form.add_error("code", refusal.explain(spoken()))
    response = show(request, "citizen/pickup.html", {"form": form}, status=refusal.status)
    if "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    return response
