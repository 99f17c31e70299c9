"""A person at a browser without JavaScript, inside the test's own process."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from identity import holder, sessions
from identity.envelope import Envelope
from identity.levels import AssuranceLevel
from mydata.core import references

PERSON, SOMEBODY_ELSE = "A123456789", "B142610160"


class Visitor:
    """One browser with its own cookies; forms are sent with the token that the page brought."""

    def __init__(self) -> None:
        self.browser = Client(enforce_csrf_checks=True)

    def open(self, path: str, **headers: str) -> Any:  # noqa: ANN401 - Django's test answer
        """Open an address; nothing is followed."""
        return self.browser.get(path, headers=headers)

    def read(self, path: str) -> str:
        """Open a page that is there, and return its text."""
        answer = self.open(path)
        assert answer.status_code == 200, (answer.status_code, path)
        return str(answer.content.decode())

    def send(self, path: str, fields: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - Django's test answer
        """Send a form with the token of the front page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read(self._page_with_a_form()))
        assert token is not None
        return self.browser.post(path, {"csrfmiddlewaretoken": token[1]} | (fields or {}))

    def sign_in(self, level: AssuranceLevel = AssuranceLevel.TWO_DOCUMENTS, *, national_id: str = PERSON) -> None:
        """Sign this browser in as an attempt that was verified does."""
        request = RequestFactory().get("/")
        request.session = self.browser.session
        person = Envelope(uid=national_id, birth_date="1990-01-31", name="王小明")
        subject = references.of_subject(national_id)
        method = "citizen_certificate" if level == AssuranceLevel.CITIZEN_CERTIFICATE else "two_documents"
        sessions.begin(request, subject=subject, level=level, method=method, envelope=person)
        request.session.save()
        answer = HttpResponse()
        holder.set_cookie(request, answer)
        self.browser.cookies.update(answer.cookies)
        self.browser.cookies["mydata_session"] = request.session.session_key or ""

    def _page_with_a_form(self) -> str:
        return reverse("two_documents")


class Elements(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note what stands directly in an element."""
        if self._open and data.strip():
            self.texts.setdefault(self._open[-1], []).append(data.strip())

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of one kind."""
        return [attributes for name, attributes in self.found if name == tag]

    def having(self, attribute: str) -> list[dict[str, str]]:
        """Return the attributes of every element that has this one."""
        return [attributes for _, attributes in self.found if attribute in attributes]
