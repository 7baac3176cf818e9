"""An evaluation may ask each trainee about a share of the lessons only. Every earlier one asks about all of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-22T00:00:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "a share of the lessons for each trainee"


async def add() -> None:
    engine = engine_finder()
    assert engine is not None
    await engine.run_ddl("ALTER TABLE evaluation ADD COLUMN share INTEGER CHECK (share > 0)")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(add)
    return manager
