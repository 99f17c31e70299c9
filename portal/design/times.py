"""Times and spans as a person says them; the full form stands beside them."""

import datetime as dt

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mydata.core.clock import TAIPEI

MINUTE = 60
HOUR = 3600


def moment(when: dt.datetime, *, now: dt.datetime) -> str:
    """Say a moment as seen from `now`: 「今天 16:42」, 「昨天 09:05」, 「11月3日 16:42」, 「2025年11月3日 16:42」."""
    local, today = when.astimezone(TAIPEI), now.astimezone(TAIPEI).date()
    near = {0: _("今天 %(time)s"), -1: _("昨天 %(time)s"), 1: _("明天 %(time)s")}
    days = (local.date() - today).days
    if days in near:
        return near[days] % {"time": f"{local:%H:%M}"}
    if local.year == today.year:
        return dateformat.format(local, _("n月j日 H:i"))
    return dateformat.format(local, _("Y年n月j日 H:i"))


def span(seconds: int) -> str:
    """Say a span of time in its largest fitting unit, rounded up: 「30 秒」, 「5 分鐘」, 「2 小時」."""
    if seconds < 2 * MINUTE:
        return ngettext("%(count)d 秒", "%(count)d 秒", seconds) % {"count": seconds}
    if seconds < 2 * HOUR:
        minutes = -(-seconds // MINUTE)
        return ngettext("%(count)d 分鐘", "%(count)d 分鐘", minutes) % {"count": minutes}
    hours = -(-seconds // HOUR)
    return ngettext("%(count)d 小時", "%(count)d 小時", hours) % {"count": hours}


def size(octets: int) -> str:
    """Say a size in bytes as people compare files: 「812 B」, 「96 KB」, 「1.4 MB」."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{octets / 1000:.0f} KB"
    return f"{octets / 1_000_000:.1f} MB"
