"""A form that must not act twice: reloading its answer shows the answer again and tries nothing."""

import secrets

from django.http import HttpRequest

KEY = "answered_forms"
MOST_KEPT = 20


def fresh() -> str:
    """Return the mark of a new form."""
    return secrets.token_hex(8)


def answered(request: HttpRequest, mark: str) -> str | None:
    """Return what the form with this mark was answered, or None where it was not sent before."""
    answers: dict[str, str] = request.session.get(KEY, {})
    return answers.get(mark)


def keep(request: HttpRequest, mark: str, answer: str) -> None:
    """Keep what a form was answered; one without a mark is answered anew each time."""
    if mark:
        latest = list(request.session.get(KEY, {}).items())[1 - MOST_KEPT :]
        request.session[KEY] = dict([*latest, (mark[:16], answer)])
