"""A program that calls the API inside the test's own process, cookies, CSRF token and all."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client, RequestFactory

from identity import holder, sessions
from identity.envelope import Envelope
from identity.levels import AssuranceLevel
from mydata.core import references

Json = dict[str, Any]
ROOT = "/api/v1"


class Program:
    """One client with its own cookies. What the portal raises and does not answer is raised here too."""

    def __init__(self) -> None:
        self.browser = Client(enforce_csrf_checks=True)
        self.csrf = str(self.get("/session").json()["csrf"])

    def get(self, path: str, **headers: str) -> Any:  # noqa: ANN401 - Django's test answer
        """GET."""
        return self.browser.get(ROOT + path, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | object = b"",
        *,
        content_type: str = "application/json",
        token: str | None = None,
        **headers: str,
    ) -> Any:  # noqa: ANN401 - Django's test answer
        """Send `body`, bytes as they are and anything else as JSON, with the token of the session."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {"X-CSRFToken": self.csrf if token is None else token, **headers}
        return self.browser.generic(method, ROOT + path, sent, content_type=content_type, headers=said)

    def post(self, path: str, body: bytes | object = b"", **options: Any) -> Any:  # noqa: ANN401 - handed on to `send`
        """POST."""
        return self.send("POST", path, body, **options)

    def sign_in(self, national_id: str, level: AssuranceLevel, method: str) -> None:
        """Sign this client in as an attempt that was verified does."""
        request = RequestFactory().get("/")
        request.session = self.browser.session
        person = Envelope(uid=national_id, birth_date="1990-01-31", name="王小明")
        subject = references.of_subject(national_id)
        sessions.begin(request, subject=subject, level=level, method=method, envelope=person)
        request.session.save()
        answer = HttpResponse()
        holder.set_cookie(request, answer)
        self.browser.cookies.update(answer.cookies)
        self.browser.cookies["mydata_session"] = request.session.session_key or ""


def problem(answer: Any) -> tuple[int, str]:  # noqa: ANN401 - Django's test answer
    """Return status and code of a refusal, having seen that it is a whole problem document."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert {"type", "title", "status", "detail", "code", "trace"} <= told.keys()
    assert told["status"] == answer.status_code
    return answer.status_code, str(told["code"])
