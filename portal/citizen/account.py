"""帳號與通知: as whom am I signed in, where am I told, and how do I know a true notice."""

from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from identity import contact, gates, preferences
from identity.errors import BadPhrase
from identity.methods import registry
from identity.preferences import LONGEST, Preferences
from portal.citizen.pages import show
from portal.design.language import spoken

SAVED = "saved"


class PreferencesForm(forms.Form):
    """How somebody wants to be told."""

    WAYS: ClassVar = [("both", _("電子郵件和簡訊")), ("email", _("只用電子郵件")), ("sms", _("只用簡訊"))]

    told_by = forms.ChoiceField(label=_("通知方式"), choices=WAYS, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("通知的語言"), choices=[("zh", "中文"), ("en", "English")], widget=forms.RadioSelect
    )
    phrase = forms.CharField(
        label=_("辨識語（可以不設）"),
        help_text=_(
            "平臺寄給您的每一則通知都會帶著這個詞。沒有它的通知，就不是平臺寄的。2 到 16 個字，只用中文或英文字母。"
        ),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
    )

    def clean_phrase(self) -> str | None:
        """Return the phrase or None. Raises ValidationError."""
        phrase = self.cleaned_data["phrase"] or None
        try:
            preferences.check_phrase(phrase)
        except BadPhrase as error:
            raise ValidationError(error.explain(spoken())) from error
        return phrase

    @property
    def wished(self) -> Preferences:
        """What was asked for."""
        return Preferences(**self.cleaned_data)


@gates.citizen
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the account; sent, keep how its owner wants to be told. Raises NotFound for who is no member."""
    sign_in = gates.sign_in(request)
    kept = preferences.of(sign_in.subject)
    first = {"told_by": kept.told_by, "language": kept.language, "phrase": kept.phrase or ""}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        preferences.choose(sign_in.subject, form.wished)
        return redirect(f"{reverse('account')}?{SAVED}")
    facts = {
        "form": form,
        "sign_in": sign_in,
        "method": registry.find(sign_in.method),
        "told_at": [address for address in contact.masked(sign_in.subject).values() if address],
        "is_saved": SAVED in request.GET,
    }
    return show(request, "citizen/account.html", facts, status=422 if form.is_bound else 200)
