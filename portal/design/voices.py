"""Chinese words on English pages are marked as Chinese, so that who listens hears them in a Chinese voice.

Names of agencies and datasets, and everything agencies send, are Chinese on every page; where they stand is known only
when the page is written.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.design.language import spoken

HAN = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
WORDS = re.compile(rf"{HAN}(?:[^<&]*{HAN})?")
"""From the first Chinese character of a text to its last."""
OPTION = re.compile(rf"<option(?=[^>]*>[^<]*{HAN})")
"""A choice holds no other elements, and says its language itself."""
APART = re.compile(r"(<(title|textarea|option|script|style)\b.*?</\2>|<[^>]*>)", re.DOTALL)
"""What is no text of the page's body: tags, and elements that hold nothing but letters."""


class ChineseVoice:
    """Marks what is Chinese on an English page, as WCAG 2.2 asks in 3.1.2."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request pass."""
        response = self.get_response(request)
        if spoken() == "en" and not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = marked(response.content.decode()).encode()  # type: ignore[attr-defined]  # not streaming
        return response


def marked(page: str) -> str:
    """Return the page with its Chinese words in elements that say so."""
    pieces = APART.split(page)
    pieces[0::3] = [WORDS.sub(r'<span lang="zh-Hant-TW">\g<0></span>', text) for text in pieces[0::3]]
    pieces[2::3] = [""] * len(pieces[2::3])
    return OPTION.sub('<option lang="zh-Hant-TW"', "".join(pieces))
