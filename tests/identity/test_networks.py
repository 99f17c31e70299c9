"""Behind the operator's proxy everybody keeps an address of their own, and nobody chooses it."""

import ipaddress

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from identity import networks

PROXY, OUTER, CALLER = "10.0.0.1", "10.0.0.2", "192.0.2.7"


@pytest.mark.parametrize(
    ("heard", "told", "address"),
    [
        (CALLER, None, CALLER),
        (CALLER, "203.0.113.9", CALLER),
        (PROXY, None, PROXY),
        (PROXY, CALLER, CALLER),
        (PROXY, f"203.0.113.9, {CALLER}", CALLER),
        (PROXY, f"203.0.113.9, {CALLER}, {OUTER}", CALLER),
        (PROXY, "2001:db8::1", "2001:db8::1"),
        (PROXY, " , ", PROXY),
        (PROXY, "nonsense", "nonsense"),
        ("", CALLER, ""),
    ],
)
def test_the_callers_address_is_what_the_outermost_proxy_heard(
    settings: Settings, heard: str, told: str | None, address: str
) -> None:
    settings.PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    forwarded = {networks.HEADER: told} if told is not None else {}
    request = RequestFactory().get("/", headers=forwarded, REMOTE_ADDR=heard)
    assert networks.address_of(request) == address
