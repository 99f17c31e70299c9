"""資料有誤: say what is wrong, and see what became of it. The page's address names a place of the schema, never a value."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dataproviders.errors import AlreadyRemarked, UnknownField
from identity import gates
from portal.citizen.pages import show
from portal.journeys import remarks

TOO_LONG = _("最多 %(limit_value)d 個字，現在是 %(show_value)d 個字。")


class WordsField(forms.CharField):
    """Several lines, each line's end counted as one character."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str | None:  # noqa: ANN401 - whatever the widget read
        """Return the words."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class RemarkForm(forms.Form):
    """What is wrong, and what would be right."""

    remark = WordsField(
        label=_("哪裡有誤"),
        help_text=_("寫下您看到的錯誤，最多 500 個字。不需要寫身分證字號，機關知道是哪一份資料。"),
        max_length=remarks.LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": "5", "autocomplete": "off"}),
        error_messages={"required": _("請寫下哪裡有誤。"), "max_length": TOO_LONG},
    )
    proposed = WordsField(
        label=_("正確的內容（可以不填）"),
        max_length=remarks.LONGEST_PROPOSED,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2", "autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )


@gates.citizen
@require_http_methods(["GET", "HEAD", "POST"])
def remark_form(request: HttpRequest, parcel_id: UUID, dataset_id: str) -> HttpResponse:
    """Ask what is wrong at `path`; sent, it is on its way.

    Raises StepUp, NotFound, Gone, OtherBrowser, NoDesk, TooManyRemarks.
    """
    is_sent = request.method == "POST"
    path = (request.POST if is_sent else request.GET).get("path", "")
    try:
        place = remarks.place(request, parcel_id, dataset_id, path)
    except UnknownField:
        # What stands beyond the schema has no name of its own: the remark is about all of the paper.
        return redirect("remark_form", parcel_id=parcel_id, dataset_id=dataset_id)
    form = RemarkForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        return redirect("remark", remark_id=_make(request, parcel_id, place, form))
    facts = {"parcel_id": parcel_id, "place": place, "form": form}
    return show(request, "citizen/remark_form.html", facts, status=422 if is_sent else 200)


@gates.citizen
@require_safe
def remark(request: HttpRequest, remark_id: UUID) -> HttpResponse:
    """Show how one remark stands. Raises NotFound."""
    return show(request, "citizen/remark.html", {"remark": remarks.of(request, remark_id)})


@gates.citizen
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the citizen's remarks, the newest first. Raises Malformed for a bad cursor."""
    page = remarks.listed(request, after=request.GET.get("after"))
    return show(request, "citizen/remarks.html", {"remarks": page.items, "next": page.next})


def _make(request: HttpRequest, parcel_id: UUID, place: remarks.Place, form: RemarkForm) -> str:
    """Return the id of the remark; sent twice, it is the one that is under way."""
    read = form.cleaned_data
    try:
        made = remarks.make(
            request, parcel_id, place.dataset.pk, path=place.path, remark=read["remark"], proposed=read["proposed"]
        )
    except AlreadyRemarked as error:
        return str(error.facts["remark"])
    return str(made.id)
