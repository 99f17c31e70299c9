"""How a citizen is told: read and chosen, as on the page of the account."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from identity import contact, gates, preferences
from identity.models import Language, ToldBy
from identity.preferences import Preferences
from portal.api.answers import Answer
from portal.api.bodies import Body, Text
from portal.api.describing import tells
from portal.api.operation import Operation


class Chosen(Answer):
    """How somebody is told; `email` and `mobile` are masked."""

    told_by = serializers.CharField(help_text="`both email sms`")
    language = serializers.CharField(help_text="`zh` or `en`")
    phrase = serializers.CharField(required=False, help_text="stands in every notice of the portal's")
    email = serializers.CharField(required=False)
    mobile = serializers.CharField(required=False)


class Wished(Body):
    """How somebody wants to be told."""

    told_by = serializers.ChoiceField(ToldBy.choices)
    language = serializers.ChoiceField(Language.choices)
    phrase = Text(required=False, allow_null=True, max_length=100, help_text="2 to 16 letters; null for none")


class Account(Operation):
    """`/account`."""

    gate = "citizen"

    @tells("getAccount", "Where and how you are told", answers={200: Chosen})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Return the preferences, and the addresses as a page may show them."""
        return self._answer()

    @tells(
        "setPreferences",
        "Choose how you are told",
        body=Wished,
        answers={200: Chosen},
        refusals={404: "not_found", 422: "bad_parameters"},
        asks={"told_by": "both", "language": "zh", "phrase": "red bean soup"},
    )
    def put(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Keep all three; a phrase that is left out is none. You are told of the change by every way there is."""
        wished = self.body(Wished)
        chosen = Preferences(
            told_by=wished["told_by"], language=wished["language"], phrase=wished.get("phrase") or None
        )
        preferences.choose(gates.sign_in(self.http).subject, chosen)
        return self._answer()

    def _answer(self) -> Response:
        subject = gates.sign_in(self.http).subject
        kept = preferences.of(subject)
        told = {"told_by": kept.told_by, "language": kept.language, "phrase": kept.phrase, **contact.masked(subject)}
        return Response(Chosen({name: value for name, value in told.items() if value}).data)
