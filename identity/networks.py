"""From which network address a call comes: the caller's own, also where a proxy of the operator's passes it on."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

HEADER = "X-Forwarded-For"


def address_of(request: HttpRequest) -> str:
    """Return the address of whoever called the outermost proxy of `MYDATA_PROXIES`, or called us.

    Each proxy adds whom it heard at the end of the header; what stands before the last address that no proxy of ours has is
    the caller's own word and counts for nothing.
    """
    heard = str(request.META.get("REMOTE_ADDR", ""))
    told = [one.strip() for one in request.headers.get(HEADER, "").split(",") if one.strip()]
    while told and _is_proxy(heard):
        heard = told.pop()
    return heard


def _is_proxy(address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in settings.PROXIES)
