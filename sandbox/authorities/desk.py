"""The authorities' counter: takes a question with a nonce, gives a signed answer to that nonce and audience.

`POST … {…, nonce, aud}` -> `{answer}`: a compact JWS, `typ` `mydata-authority+jws`, claims
`{iss, aud, iat, nonce, match, name?, birth_date?}`. The public keys stand at `GET /trust`.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Iterable

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox import misbehaving
from sandbox.authorities.certificates import CertificateAuthority
from sandbox.authorities.findings import QUESTIONS, Question
from sandbox.faults import Faults, Kind
from sandbox.forms import Form
from sandbox.keyring import Keyring
from sandbox.people.personas import People, Persona
from sandbox.statements import Signer, turned_over

STATEMENT_TYPE = "mydata-authority+jws"


class AuthoritiesDesk:
    """All three authorities, each with its own key."""

    def __init__(self, keyring: Keyring, people: People, certificates: CertificateAuthority, faults: Faults) -> None:
        """Answer about `people`; `faults` may make an authority misbehave."""
        self._people = people
        self._certificates = certificates
        self._faults = faults
        names = [question.authority for question in QUESTIONS]
        keys = {name: keyring.ec_key(f"authority-{name}", ec.SECP256R1()) for name in names}
        self._signers = {name: Signer(key, typ=STATEMENT_TYPE) for name, key in keys.items()}

    def routes(self) -> Iterable[web.RouteDef]:
        """Return one address a question, the revocation list and the public keys."""
        asked = [web.post(question.path, functools.partial(self.answer, question)) for question in QUESTIONS]
        return [*asked, web.get("/authorities/ca/crl", self.revocation_list), web.get("/trust", self.trust)]

    async def answer(self, question: Question, request: web.Request) -> web.StreamResponse:
        """Answer one question: 200 `{answer}`, 400 naming the field that is missing or malformed."""
        kind = self._faults.take(f"authority:{question.authority}")
        if kind in misbehaving.INSTEAD:
            return await misbehaving.instead(request, kind, content_type="application/json")
        form = await Form.read(request)
        form.only(*question.fields, "nonce", "aud")
        nonce, person = form.text("nonce"), question.examine(self._people, form)
        if kind is Kind.WRONG_PERSON:
            nonce, person = secrets.token_urlsafe(16), self._people.somebody_else(person)
        claims = {"iss": question.authority, "aud": form.text("aud"), "iat": int(time.time()), "nonce": nonce}
        statement = self._signers[question.authority].sign({**claims, **_told(question, person)}, kind)
        return await misbehaving.on_the_way(request, web.json_response({"answer": statement}), kind)

    async def revocation_list(self, request: web.Request) -> web.StreamResponse:
        """Answer the list of revoked cards, DER. Its faults are those of `authority:ocsp`: who tells what is revoked."""
        kind = self._faults.take("authority:ocsp")
        if kind in misbehaving.INSTEAD:
            return await misbehaving.instead(request, kind, content_type="application/pkix-crl")
        signed = self._certificates.revocation_list()
        body = turned_over(signed) if kind is Kind.BAD_SIGNATURE else signed
        response = web.Response(body=body, content_type="application/pkix-crl")
        return await misbehaving.on_the_way(request, response, kind)

    async def trust(self, _: web.Request) -> web.Response:
        """Answer what a relying party has to know before it believes anybody here."""
        keys = {name: signer.jwks() for name, signer in self._signers.items()}
        certificates = {
            "citizen_ca_root": self._certificates.root.pem,
            "citizen_ca_issuing": self._certificates.issuing.pem,
        }
        return web.json_response({**certificates, "authority_jwks": keys})


def _told(question: Question, person: Persona | None) -> dict[str, object]:
    """Return `match` and, where it matches, what this authority vouches for."""
    if person is None:
        return {"match": False}
    known = {"name": person.name, "birth_date": person.birth_date.isoformat()}
    return {"match": True, **{name: known[name] for name in question.tells}}
