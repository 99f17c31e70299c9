"""Bringing providers and datasets into the catalogue from a seed file whose form has been checked."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWTError

from dataproviders import maintenance
from dataproviders.models import Dataset, Endpoint, Provider, ProviderKey
from mydata.core import clock, references


class Unfit(Exception):
    """An entry that cannot be loaded; `path` says where, the message why."""

    def __init__(self, *, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


def load_provider(entry: Mapping[str, Any]) -> None:
    """Add or renew one provider. A desk that its entry does not mention stays; `null` closes it."""
    desk = _desk(entry["desk"] or {}) if "desk" in entry else {}
    Provider.objects.update_or_create(id=entry["id"], defaults={"name": entry["name"], **desk})


def load_dataset(entry: Mapping[str, Any], path: str) -> None:
    """Add or renew one dataset with its endpoints and keys. Raises Unfit."""
    if not Provider.objects.filter(pk=entry["provider"]).exists():
        raise Unfit(path=f"{path}/provider", why="there is no such provider")
    _check_schema(entry["schema"], f"{path}/schema")
    _check_schema(entry.get("parameters", {}), f"{path}/parameters")
    schema, sample = _apart(entry["schema"], f"{path}/schema/examples/0")
    _check_maintenance(entry.get("maintenance", []), f"{path}/maintenance")
    dataset, _ = Dataset.objects.update_or_create(
        id=entry["id"],
        defaults={
            "provider_id": entry["provider"],
            "name": entry["name"],
            "minimum_level": entry["minimum_level"],
            "accepted_methods": entry.get("methods", []),
            "schema": schema,
            "sample": sample,
            "maintenance": entry.get("maintenance", []),
            "parameters_schema": entry.get("parameters", {}),
            "estimated_seconds": entry.get("estimated_seconds", 10),
            "wire": entry["wire"],
            "secret_digest": references.digest("dataset-secret", entry["secret"].encode()),
        },
    )
    _load_endpoints(dataset, entry["endpoints"])
    _load_keys(dataset, entry, path)


def _apart(whole: Mapping[str, Any], path: str) -> tuple[dict[str, Any], Any]:
    """Take a schema and its first example apart; the example must be what the schema asks for. Raises Unfit."""
    schema = {name: said for name, said in whole.items() if name != "examples"}
    sample = next(iter(whole.get("examples", [])), None)
    if sample is not None:
        problem = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(sample))
        if problem is not None:
            raise Unfit(path=path, why=f"the example does not fit its schema at {problem.json_path}")
    return schema, sample


def _check_maintenance(entries: list[Mapping[str, str]], path: str) -> None:
    for position, entry in enumerate(entries):
        try:
            maintenance.check(entry)
        except ValueError as error:
            raise Unfit(path=f"{path}/{position}", why=str(error)) from error


def _desk(entry: Mapping[str, Any]) -> dict[str, str]:
    digest = references.digest("desk-secret", entry["secret"].encode()) if entry else ""
    return {"desk_url": entry.get("url", ""), "desk_secret_digest": digest}


def _load_endpoints(dataset: Dataset, endpoints: Mapping[str, Any]) -> None:
    for stage, endpoint in endpoints.items():
        Endpoint.objects.update_or_create(
            dataset=dataset,
            stage=stage,
            defaults={
                "url": endpoint["url"],
                "method": endpoint.get("method", "GET"),
                "parameters_in": endpoint.get("parameters_in", "query"),
            },
        )


def _load_keys(dataset: Dataset, entry: Mapping[str, Any], path: str) -> None:
    """Register the keys of the entry and retire those it no longer names. Raises Unfit."""
    now = clock.now()
    if dataset.wire == Dataset.Wire.SIGNED_ZIP:
        keys = [_certificate(entry.get("certificate_pem", ""), f"{path}/certificate_pem")]
    else:
        keys = [_jwk(jwk, f"{path}/jwks") for jwk in entry.get("jwks", {}).get("keys", [])]
    if not keys:
        raise Unfit(path=path, why="a dataset needs the key its agency signs with")
    for key in keys:
        ProviderKey.objects.get_or_create(
            dataset=dataset,
            fingerprint=key["fingerprint"],
            defaults={"registered_at": now, "certificate_pem": key["pem"], "jwk": key["jwk"]},
        )
    named = [key["fingerprint"] for key in keys]
    ProviderKey.objects.filter(dataset=dataset, fingerprint__in=named).update(retired_at=None)
    ProviderKey.objects.filter(dataset=dataset, retired_at=None).exclude(fingerprint__in=named).update(retired_at=now)


def _certificate(pem: str, path: str) -> dict[str, Any]:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise Unfit(path=path, why="this is no PEM certificate") from error
    if not isinstance(certificate.public_key(), RSAPublicKey):
        raise Unfit(path=path, why="the certificate must hold an RSA key")
    return {"pem": pem, "jwk": None, "fingerprint": certificate.fingerprint(hashes.SHA256()).hex()}


def _jwk(jwk: Mapping[str, Any], path: str) -> dict[str, Any]:
    try:
        PyJWK(dict(jwk))
    except (PyJWTError, ValueError, TypeError, KeyError) as error:
        raise Unfit(path=path, why="this is no public JWK") from error
    if "d" in jwk or not jwk.get("kid"):
        raise Unfit(path=path, why="a JWK here is public and has a kid")
    public = "\n".join(f"{name}={jwk[name]}" for name in sorted(jwk) if isinstance(jwk[name], str))
    return {"pem": "", "jwk": dict(jwk), "fingerprint": hashlib.sha256(public.encode()).hexdigest()}


def _check_schema(schema: Mapping[str, Any], path: str) -> None:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise Unfit(path=path, why="this is no JSON Schema (2020-12)") from error
    if schema and schema.get("type") != "object":
        raise Unfit(path=path, why="the schema must describe an object")
    if any(not reference.startswith("#") for reference in _references(schema)):
        raise Unfit(path=path, why="a reference may only lead to a place in the schema itself")


def _references(schema: object) -> Iterator[str]:
    """Yield where every reference of a schema leads, at any depth."""
    waiting = [schema]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield from (str(here[name]) for name in ("$ref", "$dynamicRef") if isinstance(here.get(name), str))
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
