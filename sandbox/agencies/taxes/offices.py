"""Which office collects: a local one for vehicles and houses, one of five bureaus for income."""

from __future__ import annotations

LOCAL = {
    "臺北市": "臺北市稅捐稽徵處",
    "新北市": "新北市政府稅捐稽徵處",
    "桃園市": "桃園市政府地方稅務局",
    "臺中市": "臺中市政府地方稅務局",
    "臺南市": "臺南市政府財政稅務局",
    "高雄市": "高雄市稅捐稽徵處",
    "基隆市": "基隆市稅務局",
    "新竹市": "新竹市稅務局",
    "嘉義市": "嘉義市政府財政稅務局",
    "新竹縣": "新竹縣政府稅務局",
    "苗栗縣": "苗栗縣政府稅務局",
    "彰化縣": "彰化縣地方稅務局",
    "南投縣": "南投縣政府稅務局",
    "雲林縣": "雲林縣稅務局",
    "嘉義縣": "嘉義縣財政稅務局",
    "屏東縣": "屏東縣政府財稅局",
    "宜蘭縣": "宜蘭縣政府財政稅務局",
    "花蓮縣": "花蓮縣地方稅務局",
    "臺東縣": "臺東縣稅務局",
    "澎湖縣": "澎湖縣政府稅務局",
    "金門縣": "金門縣稅務局",
    "連江縣": "連江縣財政稅務局",
}
"""The local tax office of every county and city."""

BUREAUS = {
    "財政部臺北國稅局": ("臺北市",),
    "財政部高雄國稅局": ("高雄市",),
    "財政部北區國稅局": ("新北市", "桃園市", "基隆市", "新竹市", "新竹縣", "宜蘭縣", "花蓮縣", "金門縣", "連江縣"),
    "財政部中區國稅局": ("臺中市", "苗栗縣", "彰化縣", "南投縣", "雲林縣"),
    "財政部南區國稅局": ("臺南市", "嘉義市", "嘉義縣", "屏東縣", "臺東縣", "澎湖縣"),
}
"""The national taxation bureaus and where they collect."""


def county_of(address: str) -> str:
    """Return the county or city with which an address begins."""
    return address[:3]


def local_office(county: str) -> str:
    """Return the office that collects vehicle and house tax there."""
    return LOCAL[county]


def bureau(county: str) -> str:
    """Return the bureau that collects income tax there."""
    return next(name for name, counties in BUREAUS.items() if county in counties)
