"""How many answers a class link takes, and printed tickets in lots that can be revoked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-22T00:00:00:000003"
VERSION = "1.38.0"
DESCRIPTION = "limits of class links, lots of tickets"

SERIAL = {"sqlite": "INTEGER", "postgres": "SERIAL"}

STATEMENTS = [
    "ALTER TABLE class_link ADD COLUMN taken INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0)",
    "ALTER TABLE class_link ADD COLUMN most INTEGER CHECK (most > 0)",
    """UPDATE class_link SET taken = (
        SELECT count(*) FROM ticket WHERE ticket.kind = 'class_link'
        AND ticket.evaluation = class_link.evaluation AND ticket.course_class = class_link.course_class
    )""",
    """CREATE TABLE ticket_lot (
        id {serial} PRIMARY KEY,
        evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE RESTRICT,
        course_class INTEGER NOT NULL REFERENCES "class" ON DELETE RESTRICT,
        kind VARCHAR(10) NOT NULL,
        made_on DATE NOT NULL
    )""",
    "ALTER TABLE ticket ADD COLUMN lot INTEGER REFERENCES ticket_lot ON DELETE RESTRICT",
    # What was revoked can never be spent, nor what was spent be revoked, whoever tries.
    "ALTER TABLE ticket ADD COLUMN revoked BOOLEAN NOT NULL DEFAULT false CHECK (NOT (spent AND revoked))",
]


async def change() -> None:
    engine = engine_finder()
    assert engine is not None
    for statement in STATEMENTS:
        await engine.run_ddl(statement.replace("{serial}", SERIAL[engine.engine_type]))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(change)
    return manager
