"""What a person types to prove who they are, as forms; each gives the claim that its method takes."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity import national_id
from identity.errors import BadNationalId
from portal.design.dates import DateField
from portal.design.language import spoken

_NOT_A_DIGIT = re.compile(r"[\s-]")
ISSUED_ON, HOUSEHOLD = "id_issued_on", "household_no"


class NationalIdField(forms.CharField):
    """Reads an ID or resident number as people write it; the check digit is looked at before anything is asked."""

    def __init__(self) -> None:
        attributes = {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "govuk-input--width-20",
        }
        super().__init__(
            label=_("身分證字號或居留證號"),
            help_text=_("例如 A123456789"),
            max_length=40,
            widget=forms.TextInput(attrs=attributes),
            error_messages={"required": _("請填身分證字號或居留證號。")},
        )

    def clean(self, value: Any) -> str:  # noqa: ANN401 - whatever the widget read
        """Return it normalised. Raises ValidationError."""
        try:
            return national_id.normalise(super().clean(value))
        except BadNationalId as error:
            raise ValidationError(error.explain(spoken())) from error


class CertificateClaim(forms.Form):
    """自然人憑證: only the number; the card proves the rest."""

    national_id = NationalIdField()

    @property
    def claim(self) -> dict[str, str]:
        """The claim of `citizen_certificate`."""
        return {"national_id": self.cleaned_data["national_id"]}


class TwoDocumentsClaim(forms.Form):
    """雙證件: the health card, and one of two others."""

    DOCUMENTS: ClassVar = [(ISSUED_ON, _("身分證的領補換日期")), (HOUSEHOLD, _("戶口名簿的戶號"))]

    national_id = NationalIdField()
    birth_date = DateField(
        label=_("出生日期"), help_text=_("民國年或西元年都可以，例如 80 年 5 月 3 日"), autocomplete="bday"
    )
    health_card_no = forms.CharField(
        label=_("健保卡卡號"),
        help_text=_("卡片正面的 12 位數字"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-20"}),
        error_messages={"required": _("請填健保卡卡號。")},
    )
    document = forms.ChoiceField(
        label=_("第二份證件"),
        choices=DOCUMENTS,
        widget=forms.RadioSelect,
        initial=ISSUED_ON,
        error_messages={"required": _("請選第二份證件。"), "invalid_choice": _("請選第二份證件。")},
    )
    id_issued_on = DateField(label=_("領補換日期"), help_text=_("身分證正面的發證日期"), required=False)
    household_no = forms.CharField(
        label=_("戶號"),
        help_text=_("戶口名簿上的 8 碼，例如 F1234567"),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
    )

    def clean_health_card_no(self) -> str:
        """Return its twelve digits. Raises ValidationError."""
        digits = _NOT_A_DIGIT.sub("", self.cleaned_data["health_card_no"])
        if not re.fullmatch("[0-9]{12}", digits):
            raise ValidationError(_("健保卡卡號是 12 位數字，請逐碼核對。"))
        return digits

    def clean_household_no(self) -> str:
        """Return its eight characters in capitals, or nothing. Raises ValidationError."""
        written = _NOT_A_DIGIT.sub("", self.cleaned_data["household_no"]).upper()
        if self.data.get("document") == HOUSEHOLD and not re.fullmatch("[A-Z0-9]{8}", written):
            raise ValidationError(_("戶號是 8 碼英文與數字，請逐碼核對。"))
        return written

    def clean_id_issued_on(self) -> Any:  # noqa: ANN401 - a date or None
        """Return the day. Raises ValidationError where it is the chosen document and missing."""
        day = self.cleaned_data["id_issued_on"]
        if self.data.get("document") == ISSUED_ON and day is None:
            raise ValidationError(_("請填身分證的領補換日期。"))
        return day

    @property
    def claim(self) -> dict[str, str]:
        """The claim of `two_documents`, with the chosen second document only."""
        read = self.cleaned_data
        second = (
            {HOUSEHOLD: read[HOUSEHOLD]} if read["document"] == HOUSEHOLD else {ISSUED_ON: read[ISSUED_ON].isoformat()}
        )
        return {
            "national_id": read["national_id"],
            "birth_date": read["birth_date"].isoformat(),
            "health_card_no": read["health_card_no"],
        } | second
