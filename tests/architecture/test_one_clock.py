"""Only `mydata.core.clock` asks what time it is, so that a test can move it (DESIGN, conventions)."""

from pathlib import Path

from tests.architecture.source import Module, calls, dotted, house, snippet

CLOCK = Path("mydata/core/clock.py")
READINGS = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "timezone.localtime",
    "timezone.localdate",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.localtime",
    "time.gmtime",
)


def readings(module: Module) -> list[str]:
    """Name each place that reads a clock."""
    return [
        module.at(call)
        for call in calls(module.tree)
        if any(f".{dotted(call.func)}".endswith(f".{reading}") for reading in READINGS)
    ]


def test_nobody_else_reads_a_clock() -> None:
    assert [place for module in house() if module.path != CLOCK for place in readings(module)] == []


def test_a_second_clock_is_caught() -> None:
    for line in ("datetime.datetime.now()", "dt.datetime.now(dt.UTC)", "timezone.now()", "time.time()"):
        assert readings(snippet(line)) == ["portal/bad.py:1"], line
    assert readings(snippet("clock.now()\nnow()\ntime.strftime('%Y')")) == []
