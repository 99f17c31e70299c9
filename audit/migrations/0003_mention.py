from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def note_what_was_recorded_before(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Note the datasets of the events that are there already."""
    event, mention = apps.get_model("audit", "Event"), apps.get_model("audit", "Mention")
    for one in event.objects.exclude(payload=None).iterator(chunk_size=500):
        named = one.payload.get("datasets", [one.payload["dataset"]] if "dataset" in one.payload else [])
        mention.objects.bulk_create(mention(event=one, dataset=name) for name in dict.fromkeys(named))


class Migration(migrations.Migration):
    """A record can be read dataset by dataset."""

    dependencies: ClassVar = [("audit", "0002_append_only")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dataset", models.CharField(max_length=64)),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="audit.event"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "dataset"), name="one_mention_per_event_and_dataset")
                ],
            },
        ),
        migrations.RunPython(note_what_was_recorded_before, migrations.RunPython.noop),
    ]
