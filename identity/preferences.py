"""How a member wants to be told: in which language, by which way, and with which phrase a true notice is known.

The phrase is the citizen's own; who does not know it cannot send a notice that looks like the portal's. It stands sealed in
the database under the key of the contacts. It is letters only: no link, no number that could pass for a one-time code.
"""

from dataclasses import dataclass

from django.db import transaction

from audit.actions import Action
from audit.recording import record
from identity import contact
from identity.errors import BadPhrase
from identity.models import Citizen, Language, ToldBy
from mydata.core import states
from mydata.core.errors import NotFound

SHORTEST, LONGEST = 2, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """`language` is `zh` or `en`, `told_by` is `both`, `email` or `sms`; `phrase` is None where none was chosen."""

    language: str = Language.ZH
    told_by: str = ToldBy.BOTH
    phrase: str | None = None


def of(subject: str) -> Preferences:
    """Return what somebody wishes; the defaults for who is no member."""
    citizen = Citizen.objects.filter(pk=subject).first()
    return Preferences() if citizen is None else _of(citizen)


def choose(subject: str, wished: Preferences) -> None:
    """Keep what a member wishes, and record that it changed; the same again changes nothing.

    Raises BadPhrase, ValueError for an unknown language or way, NotFound for who is no member.
    """
    check_phrase(wished.phrase)
    language, told_by = Language(wished.language), ToldBy(wished.told_by)
    citizen = Citizen.objects.filter(pk=subject).first()
    if citizen is None:
        raise NotFound
    if _of(citizen) == wished:
        return
    with transaction.atomic():
        states.change(
            states.row(Citizen, subject),
            language=language,
            told_by=told_by,
            phrase_sealed=contact.sealed(_owner(subject), wished.phrase),
        )
        record(Action.IDENTITY_PREFERENCES_CHANGED, subject=subject, language=language, told_by=told_by)


def check_phrase(phrase: str | None) -> None:
    """Pass a phrase of letters, words set apart by one space, or none. Raises BadPhrase."""
    if phrase is None:
        return
    # `isalpha` alone: a regular expression's `\w` takes ① and ½ for letters, which can pass for a code.
    if not SHORTEST <= len(phrase) <= LONGEST or not all(word.isalpha() for word in phrase.split(" ")):
        raise BadPhrase


def _of(citizen: Citizen) -> Preferences:
    phrase = contact.opened(citizen.phrase_sealed, _owner(citizen.pk))
    return Preferences(language=citizen.language, told_by=citizen.told_by, phrase=phrase)


def _owner(subject: str) -> str:
    """Return what a phrase is bound to, so that it never passes for an address of the same person."""
    return f"{subject}/phrase"
