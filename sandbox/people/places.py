"""Where people live, and which offices are in charge there."""

from __future__ import annotations

import re
from dataclasses import dataclass

DISTRICT = re.compile("(?P<city>..[市縣])(?P<town>.+?[區鎮市鄉])")


@dataclass(frozen=True)
class Offices:
    """Who keeps the driver records of a city or county, decides about violations there, and watches its roads."""

    motor_vehicles: str
    rulings: str
    traffic_police: str


OFFICES = {
    "臺北市": Offices("臺北市區監理所", "臺北市交通事件裁決所", "臺北市政府警察局交通警察大隊"),
    "新北市": Offices("臺北區監理所", "新北市政府交通事件裁決處", "新北市政府警察局交通警察大隊"),
    "桃園市": Offices("新竹區監理所桃園監理站", "桃園市政府交通事件裁決處", "桃園市政府警察局交通警察大隊"),
    "臺中市": Offices("臺中區監理所", "臺中市交通事件裁決處", "臺中市政府警察局交通警察大隊"),
    "臺南市": Offices("嘉義區監理所臺南監理站", "臺南市政府交通局", "臺南市政府警察局交通警察大隊"),
    "高雄市": Offices("高雄市區監理所", "高雄市政府交通局", "高雄市政府警察局交通警察大隊"),
    "基隆市": Offices("臺北區監理所基隆監理站", "臺北區監理所基隆監理站", "基隆市警察局交通警察隊"),
    "新竹市": Offices("新竹區監理所新竹市監理站", "新竹區監理所新竹市監理站", "新竹市警察局交通警察隊"),
    "新竹縣": Offices("新竹區監理所", "新竹區監理所", "新竹縣政府警察局交通警察隊"),
    "苗栗縣": Offices("新竹區監理所苗栗監理站", "新竹區監理所苗栗監理站", "苗栗縣警察局交通警察隊"),
    "彰化縣": Offices("臺中區監理所彰化監理站", "臺中區監理所彰化監理站", "彰化縣警察局交通警察隊"),
    "南投縣": Offices("臺中區監理所南投監理站", "臺中區監理所南投監理站", "南投縣政府警察局交通警察隊"),
    "嘉義縣": Offices("嘉義區監理所", "嘉義區監理所", "嘉義縣警察局交通警察隊"),
    "屏東縣": Offices("高雄區監理所屏東監理站", "高雄區監理所屏東監理站", "屏東縣政府警察局交通警察隊"),
    "宜蘭縣": Offices("臺北區監理所宜蘭監理站", "臺北區監理所宜蘭監理站", "宜蘭縣政府警察局交通警察隊"),
    "花蓮縣": Offices("臺北區監理所花蓮監理站", "臺北區監理所花蓮監理站", "花蓮縣警察局交通警察隊"),
    "臺東縣": Offices("高雄區監理所臺東監理站", "高雄區監理所臺東監理站", "臺東縣警察局交通警察隊"),
}


def district(address: str) -> str:
    """Return city or county with district, town or township. Raises `ValueError` for an address without."""
    found = DISTRICT.match(address)
    if found is None:
        message = f"no district in {address!r}"
        raise ValueError(message)
    return found[0]


def government(address: str) -> str:
    """Return the government of the city or county."""
    return f"{address[:3]}政府"


def offices(address: str) -> Offices:
    """Return the offices in charge; the first three characters of an address name its city or county."""
    return OFFICES[address[:3]]
