"""The card component: the small program beside the browser that lets a smart card sign.

`POST /card/sign {card, pin, data}` -> `{cms}`: `data` is base64, its decoded bytes are signed; `cms` is the detached
CMS (RFC 5652), DER, base64. Only pages of the portal may read the answer (CORS).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections import Counter
from collections.abc import Iterable

from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from sandbox.authorities.certificates import CertificateAuthority, SigningCard
from sandbox.forms import Form, Refused, refuse
from sandbox.people.personas import Card, People

MOST_TRIES = 3
LONGEST_DATA = 256 * 1024
"""Characters of base64."""


class CardComponent:
    """A reader with every card in it."""

    def __init__(self, people: People, authority: CertificateAuthority, *, portal: str) -> None:
        """Sign with the cards of `people`; answer pages of `portal`."""
        self._people = people
        self._authority = authority
        self._portal = portal
        self._wrong_pins: Counter[str] = Counter()

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the addresses of the component."""
        return [
            web.post("/card/sign", self.sign),
            web.options("/card/sign", self.preflight),
            web.post("/card/unlock", self.unlock),
        ]

    async def sign(self, request: web.Request) -> web.Response:
        """Answer `{cms}`; 403 for a wrong PIN, 404 for an unknown card, 409 for one that cannot sign."""
        form = await Form.read(request)
        form.only("card", "pin", "data")
        card, data = self._card(form), _decoded(form.text("data", longest=LONGEST_DATA))
        self._check_pin(card, form.text("pin"))
        signing = self._authority.card(card.card)
        if signing is None:
            raise Refused(409, "cannot_sign", "a health card holds no certificate and does not sign")
        cms = base64.b64encode(detached_signature(signing, data)).decode()
        return web.json_response({"cms": cms})

    async def preflight(self, _: web.Request) -> web.Response:
        """Tell a browser that the portal's pages may call (Fetch standard, CORS-preflight)."""
        asked = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "content-type"}
        return web.Response(status=204, headers=asked)

    async def unlock(self, request: web.Request) -> web.Response:
        """Give a card its three tries back: what the household office does with the citizen's unlock code."""
        form = await Form.read(request)
        form.only("card")
        card = self._card(form)
        del self._wrong_pins[card.card]
        return web.json_response({"card": card.card, "tries_left": MOST_TRIES})

    def _card(self, form: Form) -> Card:
        found = self._people.holding(form.text("card"))
        if found is None:
            raise Refused(404, "unknown_card", "no such card in the reader")
        return found[1]

    def _check_pin(self, card: Card, pin: str) -> None:
        """Compare; a card locks itself after three wrong PINs and then refuses the right one too."""
        left = MOST_TRIES - self._wrong_pins[card.card]
        if left and hmac.compare_digest(pin.encode(errors="replace"), card.pin.encode()):
            del self._wrong_pins[card.card]
            return
        self._wrong_pins[card.card] = min(MOST_TRIES, self._wrong_pins[card.card] + 1)
        left = max(0, left - 1)
        detail = f"wrong PIN, {left} tries left" if left else "the card is locked; POST /card/unlock {card}"
        raise Refused(403, "wrong_pin" if left else "card_locked", detail, tries_left=left)

    async def readable_by_the_portal(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let the portal's pages read what the component answers, refusals too (Fetch standard, CORS)."""
        if request.path.startswith("/card/"):
            response.headers["Access-Control-Allow-Origin"] = self._portal


def detached_signature(card: SigningCard, data: bytes) -> bytes:
    """Return the CMS over `data` (not inside), with signed attributes, signer's and issuer's certificate, SHA-256."""
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(data)
        .add_signer(card.certificate, card.key, hashes.SHA256())
        .add_certificate(card.issuer)
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        refuse("data must be base64")
