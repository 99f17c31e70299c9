"""A seed file is loaded whole or not at all, as often as one likes, and its errors name the path and no secret."""

import json
from typing import Any

import pytest

from dataproviders.models import Dataset, Endpoint, Provider, ProviderKey
from dataproviders.registration import Unfit
from portal import seeding
from tests.dataproviders.papers import SCHEMA, ec_key, jwk, rsa_signer

pytestmark = pytest.mark.django_db
SECRET = "never-to-be-repeated"
URL = "http://127.0.0.1:9/paper"


def entry(**changes: object) -> dict[str, Any]:
    return {
        "id": "paper",
        "provider": "tests",
        "name": "測試資料",
        "minimum_level": 4,
        "schema": SCHEMA,
        "wire": "signed_zip",
        "secret": SECRET,
        "endpoints": {"live": {"url": URL}},
        "certificate_pem": rsa_signer().pem,
    } | changes


def seed(*datasets: dict[str, Any], **more: object) -> dict[str, int]:
    providers = [{"id": "tests", "name": "測試機關"}]
    return seeding.load(json.dumps({"providers": providers, "datasets": list(datasets)} | more).encode())


def everything() -> tuple[list[Any], ...]:
    kinds = (Provider, Dataset, Endpoint, ProviderKey)
    return tuple(list(kind.objects.order_by("pk").values()) for kind in kinds)


def test_loading_again_changes_nothing() -> None:
    assert seed(entry()) == {"providers": 1, "datasets": 1}
    before = everything()
    seed(entry())
    assert everything() == before
    assert Dataset.objects.get().is_available
    assert SECRET not in str(before)


def desk(url: str = "https://agency.example/desk") -> dict[str, Any]:
    return {"id": "tests", "name": "測試機關", "desk": {"url": url, "secret": SECRET}}


def test_an_agency_s_desk_stays_until_it_is_moved_or_closed() -> None:
    seed(providers=[desk()])
    seed()
    provider = Provider.objects.get()
    assert provider.desk_url == "https://agency.example/desk"
    assert provider.desk_secret_digest
    assert SECRET not in str(everything())
    seed(providers=[desk("https://agency.example/other")])
    assert Provider.objects.get().desk_url == "https://agency.example/other"
    seed(providers=[desk() | {"desk": None}])
    assert (Provider.objects.get().desk_url, Provider.objects.get().desk_secret_digest) == ("", "")


@pytest.mark.parametrize("wrong", [{"url": "ftp://a.example/"}, {"secret": ""}, {"secret": [SECRET]}, {"fax": "1"}])
def test_a_desk_in_another_form_is_refused_and_its_secret_not_repeated(wrong: dict[str, Any]) -> None:
    entry = desk()
    with pytest.raises(Unfit) as refusal:
        seed(providers=[entry | {"desk": entry["desk"] | wrong}])
    assert refusal.value.path.startswith("/providers/0/desk")
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": "Not An Id"}, "/datasets/1/id"),
        ({"provider": "nobody"}, "/datasets/1/provider"),
        ({"minimum_level": 5}, "/datasets/1/minimum_level"),
        ({"schema": {"type": "nonsense"}}, "/datasets/1/schema"),
        ({"schema": {"type": "array"}}, "/datasets/1/schema"),
        ({"schema": {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/s"}}}}, "/datasets/1/schema"),
        ({"schema": {"type": "object", "allOf": [{"$ref": "other.json#/x"}]}}, "/datasets/1/schema"),
        ({"parameters": {"type": "object", "properties": {"a": {"type": 7}}}}, "/datasets/1/parameters"),
        ({"wire": "carrier_pigeon"}, "/datasets/1/wire"),
        ({"secret": [SECRET]}, "/datasets/1/secret"),
        ({"endpoints": {"live": {"url": "ftp://127.0.0.1/"}}}, "/datasets/1/endpoints/live/url"),
        ({"endpoints": {}}, "/datasets/1/endpoints"),
        ({"certificate_pem": "no certificate"}, "/datasets/1/certificate_pem"),
        ({"certificate_pem": ""}, "/datasets/1/certificate_pem"),
        ({"wire": "signed_json"}, "/datasets/1"),
        ({"wire": "signed_json", "jwks": {"keys": [{"kty": "?"}]}}, "/datasets/1/jwks"),
        ({"wire": "signed_json", "jwks": {"keys": [jwk() | {"kid": ""}]}}, "/datasets/1/jwks"),
        ({"unheard": SECRET}, "/datasets/1"),
        ({"schema": SCHEMA | {"examples": [{"answer": SECRET}]}}, "/datasets/1/schema/examples/0"),
        ({"maintenance": [{"weekday": "someday", "from": "12:00", "until": "13:00"}]}, "/datasets/1/maintenance/0"),
        ({"maintenance": [{"weekday": "monday", "from": "noon", "until": "13:00"}]}, "/datasets/1/maintenance/0"),
        (
            {"maintenance": [{"from": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"}]},
            "/datasets/1/maintenance/0",
        ),
        (
            {"maintenance": [{"from": "2026-02-30T00:00:00Z", "until": "2026-11-01T00:00:00Z"}]},
            "/datasets/1/maintenance/0",
        ),
    ],
)
def test_an_error_names_its_path_repeats_no_secret_and_nothing_is_loaded(changes: dict[str, Any], path: str) -> None:
    before = everything()
    with pytest.raises(Unfit) as refusal:
        seed(entry(), entry(**({"id": "second"} | changes)))
    assert refusal.value.path.startswith(path), refusal.value
    assert SECRET not in str(refusal.value)
    assert everything() == before


def test_a_private_key_is_refused() -> None:
    private = jwk() | {"d": "x" * 43}
    assert ec_key().key_size == 256
    with pytest.raises(Unfit):
        seed(entry(wire="signed_json", jwks={"keys": [private]}))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"datasets": 1}', b'{"unheard": []}', b"[" * 99_999])
def test_what_is_no_seed_file(content: bytes) -> None:
    with pytest.raises(Unfit):
        seeding.load(content)


def test_a_reference_inside_the_schema_is_welcome() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"type": "integer"}}}
    seed(entry(schema=schema))
    assert Dataset.objects.get().schema == schema


def test_a_replaced_key_is_retired_and_kept() -> None:
    seed(entry())
    seed(entry(certificate_pem=rsa_signer("new").pem))
    old, new = ProviderKey.objects.order_by("registered_at")
    assert (old.retired_at is None, new.retired_at is None) == (False, True)
    seed(entry())
    old.refresh_from_db()
    assert old.retired_at is None, "a key that is named again is in force again"


def test_the_example_of_a_schema_becomes_the_sample_and_leaves_the_schema() -> None:
    seed(entry(schema=SCHEMA | {"examples": [{"answer": 42}]}))
    dataset = Dataset.objects.get()
    assert dataset.sample == {"answer": 42}
    assert dataset.schema == SCHEMA
    seed(entry())
    assert Dataset.objects.get().sample is None
