"""What goes out: one shape an answer, which both writes it and describes it in the OpenAPI document.

A member that has nothing to say is left out where the shape says `required=False`.
"""

import datetime as dt
from typing import Any

from rest_framework import serializers

from mydata.core import clock


class Moment(serializers.DateTimeField):
    """A moment as RFC 3339 in UTC with whole seconds."""

    def to_representation(self, value: Any) -> str:  # noqa: ANN401 - DRF's own signature
        """Write the moment. Raises TypeError for anything else."""
        if not isinstance(value, dt.datetime):
            raise TypeError(type(value))
        return clock.rfc3339(value)


class Answer(serializers.Serializer[Any]):
    """An object; optional members without a value are left out."""

    def to_representation(self, instance: Any) -> dict[str, Any]:  # noqa: ANN401 - rows, dataclasses and mappings alike
        """Write the members."""
        written = super().to_representation(instance)
        return {name: value for name, value in written.items() if value is not None or self.fields[name].required}


def page_of(shape: type[Answer]) -> type[Answer]:
    """Return the shape of a list of `shape`: `{items, next?}`."""
    members = {
        "__doc__": "Some of the list, and the cursor of the rest where there is more.",
        "items": shape(many=True),
        "next": serializers.CharField(required=False, help_text="goes into `?after=` for the next page"),
    }
    return type(f"{shape.__name__}Page", (Answer,), members)


class InTwoLanguages(Answer):
    """One text in Traditional Chinese and in English."""

    zh = serializers.CharField()
    en = serializers.CharField()


class Problem(Answer):
    """A refusal (RFC 9457). `code` is stable; further members are facts of that code, such as `required_level`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="what happened and what to do, for a person")
    code = serializers.CharField()
    trace = serializers.CharField(help_text="names this refusal in the portal's log")


class Session(Answer):
    """The token for unsafe calls, and who is signed in, if anybody."""

    csrf = serializers.CharField()
    subject = serializers.CharField(required=False, help_text="a reference, never a national ID")
    level = serializers.IntegerField(required=False, help_text="1 is the strongest")
    method = serializers.CharField(required=False)
    verified_at = Moment(required=False)
    expires_at = Moment(required=False)
    role = serializers.CharField(required=False)


class Verification(Answer):
    """Where an attempt to prove an identity stands."""

    state = serializers.CharField(help_text="`pending`, `verified` or `failed`")
    level = serializers.IntegerField(required=False, help_text="1 is the strongest")
    next = serializers.CharField(allow_null=True, help_text="`second_method`, `contact` or null")
    reason = serializers.CharField(required=False, help_text="`not_accepted`, `limit_reached` or `authority_down`")


class StartedVerification(Verification):
    """An attempt just begun; one without a challenge is decided at once."""

    id = serializers.UUIDField()
    method = serializers.CharField()
    challenge = serializers.DictField(required=False, child=serializers.CharField())
    expires_at = Moment(required=False, help_text="until when the challenge may be answered")


class Choice(Answer):
    """A dataset and the parameters it is asked with, the defaults filled in."""

    id = serializers.CharField()
    parameters = serializers.DictField()


class DraftedGrant(Answer):
    """What would be agreed to: show `wording` as it is and bring `wording_hash` back."""

    id = serializers.UUIDField()
    state = serializers.CharField(help_text="`drafted`")
    required_level = serializers.IntegerField(help_text="1 is the strongest")
    wording = serializers.CharField()
    wording_hash = serializers.CharField(help_text="lower-case hex of the SHA-256 of the wording's UTF-8 bytes")
    datasets = Choice(many=True)
    expires_at = Moment()


class GivenGrant(Answer):
    """A consent given: its parcel is being collected."""

    state = serializers.CharField(help_text="`given`")
    parcel = serializers.UUIDField()
    receipt = serializers.CharField(help_text="the signed consent record, a compact JWS")
    expires_at = Moment(help_text="when the parcel is destroyed at the latest")


class GrantState(Answer):
    """What became of a grant."""

    state = serializers.CharField(help_text="`refused` or `withdrawn`")


class Item(Answer):
    """One dataset of a parcel; after the purge `outcome` still says what came of it."""

    dataset = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    state = serializers.CharField(help_text="`waiting fetching landed none_held failed erased`")
    outcome = serializers.CharField(help_text="how the fetching ended: `landed none_held failed`, or empty")
    reason = serializers.CharField(required=False)
    ready_at = Moment(required=False, help_text="when the agency is asked again")
    estimated_seconds = serializers.IntegerField(required=False)
    ended_at = Moment(required=False)


class ClaimedFile(Answer):
    """A claimed file; `etag` goes into `If-Match` and `If-Range` as it is, quotes included."""

    etag = serializers.CharField()
    sha256 = serializers.CharField(help_text="lower-case hex")
    size = serializers.IntegerField(help_text="bytes")
    name = serializers.CharField()
    href = serializers.CharField()


class Parcel(Answer):
    """The data of one grant. `opens_here` says whether this browser can open them."""

    id = serializers.UUIDField()
    grant = serializers.UUIDField()
    state = serializers.CharField(help_text="`collecting sealed failed released purged`")
    because = serializers.CharField(required=False, help_text="why it was destroyed")
    created_at = Moment()
    expires_at = Moment(help_text="when it is destroyed at the latest")
    sealed_at = Moment(required=False)
    released_at = Moment(required=False)
    purged_at = Moment(required=False)
    opens_here = serializers.BooleanField()
    file = ClaimedFile(required=False)
    items = Item(many=True)
    deletion_receipt = serializers.CharField(required=False, help_text="a compact JWS")


class ShownCode(Answer):
    """A code in its two writings; either opens the same, once. It is shown to be brought, and stands in no address."""

    id = serializers.UUIDField()
    qr = serializers.CharField(help_text="the whole text of the QR code: `MYD1:` and Crockford base32")
    spoken = serializers.CharField(help_text="11 symbols and a check symbol in groups of four; hyphens may be dropped")
    expires_at = Moment()


class PickedUp(Answer):
    """What a code opened. The cookie that came with the first answer opens it; no later answer brings it again."""

    parcel = serializers.UUIDField()
    expires_at = Moment(help_text="when the parcel is destroyed at the latest")


class PurgedParcel(Answer):
    """A parcel that is destroyed, and the proof of it."""

    state = serializers.CharField(help_text="`purged`")
    deletion_receipt = serializers.CharField(help_text="a compact JWS (`typ` `mydata-deletion+jws`)")


class Provenance(Answer):
    """Where the values came from, and under whose signature; what does not verify is never shown."""

    provider = serializers.CharField()
    signature = serializers.CharField(source="wire", help_text="`signed_zip` or `signed_json`")
    signer = serializers.CharField()
    media_type = serializers.CharField()
    tx_id = serializers.CharField()
    issued_at = serializers.CharField(help_text="by the agency's word")
    received_at = serializers.CharField()


class Preview(Answer):
    """The values of one dataset, the JSON Schema that explains them, and where they came from."""

    dataset = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    schema = serializers.DictField()
    provenance = Provenance()

    def get_fields(self) -> dict[str, Any]:
        """Add `data`, a name that DRF keeps for itself."""
        return super().get_fields() | {"data": serializers.DictField()}


class UsageLine(Answer):
    """One thing that happened with a person's data; `payload` and `salt` are what its commitment is over."""

    event = serializers.UUIDField()
    time = Moment()
    action = serializers.CharField(help_text="`area:act`, a closed vocabulary")
    actor = serializers.CharField()
    sentence = InTwoLanguages()
    grant = serializers.UUIDField(required=False)
    parcel = serializers.UUIDField(required=False)
    datasets = serializers.ListField(child=serializers.CharField())
    payload = serializers.DictField(allow_null=True)
    salt = serializers.CharField(help_text="base64url without padding")
    commitment = serializers.CharField(help_text="lower-case hex of SHA-256(salt || canonical JSON of the payload)")


class Notice(Answer):
    """A message about the use of data; `to` is masked."""

    id = serializers.UUIDField()
    channel = serializers.CharField(help_text="`email` or `sms`")
    template = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField(help_text="`queued sent failed given_up`")
    to = serializers.CharField(required=False)
    event = serializers.UUIDField()
    created_at = Moment()
    sent_at = Moment(required=False)


class MadeRemark(Answer):
    """A remark that is on its way to the agency."""

    id = serializers.UUIDField()
    state = serializers.CharField(help_text="`queued`, or where it is asked for again what has become of it")


class Remark(Answer):
    """What became of a remark. The words of its author are kept by nobody."""

    id = serializers.UUIDField()
    dataset = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    path = serializers.CharField(help_text="JSON Pointer into the data, empty for all of it")
    title = InTwoLanguages()
    state = serializers.CharField(help_text="`queued sent answered given_up`")
    outcome = serializers.CharField(required=False, help_text="`corrected upheld forwarded`")
    available_from = serializers.DateField(required=False, help_text="from when the corrected data can be fetched")
    sentence = serializers.CharField(required=False, help_text="the agency's, kept for 30 days; show it as text")
    because = serializers.CharField(required=False, help_text="why it was given up: `not_taken no_answer text_lost`")
    made_at = Moment()
    sent_at = Moment(required=False)
    ended_at = Moment(required=False)
