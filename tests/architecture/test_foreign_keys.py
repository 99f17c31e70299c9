"""Foreign keys across apps point down, and the lower app does not learn of it (DESIGN, conventions)."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.source import LAYERS


def violations(found: Iterable[type[models.Model]]) -> list[str]:
    """Name each foreign key that points up, or that leaves a trace in the app it points to."""
    wrong = []
    for model in found:
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or not isinstance(target, type):
                continue
            own, other = _rank(model), _rank(target)
            if own == other:
                continue
            name = f"{model._meta.label}.{field.name} -> {target._meta.label}"
            if other > own:
                wrong.append(f"{name} points up")
            elif not field.remote_field.hidden:
                wrong.append(f'{name} lacks related_name="+"')
    return wrong


def _rank(model: type[models.Model]) -> int:
    """Return the layer of a model; what is not ours lies below everything."""
    package = model.__module__.split(".")[0]
    return LAYERS.index(package) if package in LAYERS else -1


def test_foreign_keys_across_apps_point_down_and_leave_no_trace() -> None:
    ours = [model for model in apps.get_models() if _rank(model) >= 0]
    assert ours, "no model was found"
    assert violations(ours) == []


@isolate_apps("audit", "identity", "portal")
def test_a_key_that_points_up_or_leaves_a_trace_is_caught() -> None:
    class Upper(models.Model):
        __module__ = "identity.models"

        class Meta:
            app_label = "identity"

    class Lower(models.Model):
        __module__ = "audit.models"
        up = models.ForeignKey(Upper, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "audit"

    class Top(models.Model):
        __module__ = "portal.models"
        down = models.ForeignKey(Upper, on_delete=models.CASCADE)

        class Meta:
            app_label = "portal"

    assert violations([Lower, Top]) == [
        "audit.Lower.up -> identity.Upper points up",
        'portal.Top.down -> identity.Upper lacks related_name="+"',
    ]
