"""What comes in: the shape of every body, and nothing of what its values mean."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Text(serializers.CharField):
    """A string as it was sent: never a number read as one, never trimmed."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - DRF's own options
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: object) -> str:
        """Return the string. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Body(serializers.Serializer[Any]):
    """An object with the members it names and no others: a misspelled member is refused, not overlooked."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        """Return the checked members. Raises ValidationError."""
        if isinstance(data, Mapping) and not data.keys() <= self.fields.keys():
            raise serializers.ValidationError({"non_field_errors": ["there is a member that this call does not take"]})
        return super().to_internal_value(data)


class Empty(Body):
    """Nothing, or an empty object."""


class StartVerification(Body):
    """A method of proving an identity, and the claim that it asks for."""

    method = Text(max_length=40, help_text="`citizen_certificate` or `two_documents`")
    claim = serializers.DictField(help_text="what the method asks for, as the contract lists it")


class AnswerVerification(Body):
    """The answer to a challenge. Its members are the method's own, and the method checks them."""

    cms = Text(required=False, help_text="`citizen_certificate`: detached CMS over the challenge's `data`, DER, base64")

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        """Return it as it came; the method reads it by a schema of its own."""
        return data


class AskedDataset(Body):
    """A dataset and the parameters it is asked with."""

    id = Text(max_length=64)
    parameters = serializers.DictField(
        default=dict, help_text="by the dataset's `parameters`; missing ones take its defaults"
    )


class DraftGrant(Body):
    """One to five datasets."""

    datasets = AskedDataset(many=True)


class GiveGrant(Body):
    """The hash of the wording that was shown."""

    wording_hash = Text(max_length=128)


class ClaimParcel(Body):
    """Whether the file is encrypted (WinZip AES-256), and with which passphrase."""

    passphrase = Text(required=False, allow_null=True, max_length=256)


class AcknowledgeParcel(Body):
    """The lower-case hex of the SHA-256 of the file as received."""

    sha256 = serializers.RegexField(r"\A[0-9a-f]{64}\Z", trim_whitespace=False)


class MakeRemark(Body):
    """Which place of a paper is wrong, how, and what would be right."""

    path = Text(max_length=300, allow_blank=True, help_text="JSON Pointer into `data`, empty for all of it")
    remark = Text(max_length=1000, help_text="at most 500 characters; sealed until it is handed over, then destroyed")
    proposed = Text(
        required=False, allow_null=True, allow_blank=True, max_length=400, help_text="at most 200 characters"
    )


class CreateCode(Body):
    """For whom the code is: nobody but yourself, until services take codes."""

    service = Text(required=False, max_length=64, help_text="422 `not_allowed_for_service`: no service takes codes yet")
    agent = serializers.JSONField(required=False, help_text="as above")


class PickUp(Body):
    """A code as it was read or typed: the QR code's text or its spoken twin."""

    code = Text(max_length=200)
