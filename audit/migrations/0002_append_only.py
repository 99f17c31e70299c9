"""What happened stays written: a trigger, for `save()` would keep it only in this code."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER audit_event_keeps BEFORE UPDATE ON audit_event
WHEN NEW.id IS NOT OLD.id OR NEW.time IS NOT OLD.time OR NEW.action IS NOT OLD.action OR NEW.subject IS NOT OLD.subject
  OR NEW.actor IS NOT OLD.actor OR NEW.commitment IS NOT OLD.commitment
  OR (NEW.payload IS NOT OLD.payload AND NEW.payload IS NOT NULL) OR (NEW.salt IS NOT OLD.salt AND NEW.salt IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION audit_event_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (NEW.id, NEW.time, NEW.action, NEW.subject, NEW.actor, NEW.commitment)
       IS DISTINCT FROM (OLD.id, OLD.time, OLD.action, OLD.subject, OLD.actor, OLD.commitment)
    OR (NEW.payload IS DISTINCT FROM OLD.payload AND NEW.payload IS NOT NULL)
    OR (NEW.salt IS DISTINCT FROM OLD.salt AND NEW.salt IS NOT NULL)
  THEN RAISE EXCEPTION 'the log is append-only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_keeps BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_keeps();
"""


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let payload and salt be erased and nothing else be changed.

    On SQLite deleting stays possible, for it is how Django empties a test database there.
    """
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def release(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the guard away."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER audit_event_keeps ON audit_event")
        editor.execute("DROP FUNCTION audit_event_keeps()")
    else:
        editor.execute("DROP TRIGGER audit_event_keeps")


class Migration(migrations.Migration):
    """Guard the log."""

    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(guard, release)]
