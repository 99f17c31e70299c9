"""Every change of state is one guarded update: nothing is read and then saved (DESIGN D4)."""

from pathlib import Path

from tests.architecture.source import Module, calls, dotted, house, snippet

# `update_or_create` stays possible: it loads what has no life, such as the catalogue, and writes all of it.
WRITES = {"save", "asave", "save_base", "bulk_update", "abulk_update"}
# Not rows of ours with a life: Django's session, whose one writer is the request that holds it; a picture made for paper.
ALLOWED = ("request.session.save", "ground.save")

STATES = Path("mydata/core/states.py")


def saves(module: Module) -> list[str]:
    """Name each `.save(…)` and its kin."""
    return [
        module.at(call)
        for call in calls(module.tree)
        if getattr(call.func, "attr", "") in WRITES and dotted(call.func) not in ALLOWED
    ]


def moves(module: Module) -> list[str]:
    """Name each `.update(state=…)`: a state changes by the table of its life, in `mydata.core.states`."""
    return [
        module.at(call)
        for call in calls(module.tree)
        if getattr(call.func, "attr", "") in {"update", "aupdate"}
        and "state" in {keyword.arg for keyword in call.keywords}
        and module.path != STATES
    ]


def test_no_state_is_changed_past_its_life() -> None:
    assert [place for module in house() for place in moves(module)] == []


def test_a_state_changed_past_its_life_is_caught() -> None:
    assert moves(snippet("Grant.objects.filter(pk=1).update(state='given')")) == ["portal/bad.py:1"]
    assert moves(snippet("Grant.objects.filter(state='given').update(noted=True)")) == []


def test_nothing_is_read_and_then_saved() -> None:
    assert [place for module in house() for place in saves(module)] == []


def test_a_save_is_caught() -> None:
    assert saves(snippet("grant = Grant.objects.get(pk=1)\ngrant.state = 'given'\ngrant.save()")) == ["portal/bad.py:3"]
    assert saves(snippet("life.move(row(Grant, pk), 'given')\nrequest.session.save()")) == []
