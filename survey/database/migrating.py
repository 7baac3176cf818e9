"""Brings a database of any earlier release to today's schema, with its rows in place."""

from __future__ import annotations

import contextlib
import io
import os

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration


class MigrationFailed(Exception):
    """A migration could not be run; the database is as it was before it."""


async def migrate(upto: str = "all") -> None:
    """Run every migration that has not run yet (or those up to a named one)."""
    os.environ["PICCOLO_CONF"] = "survey.database.piccolo_conf"
    with contextlib.redirect_stdout(io.StringIO()) as said:
        result = await ForwardsMigrationManager(app_name="survey", migration_id=upto).run()
    if not result.success:
        raise MigrationFailed(f"{result.message}\n{said.getvalue()}")


async def pending_migrations() -> list[str]:
    """Names of the migrations that this database still lacks, in order."""
    os.environ["PICCOLO_CONF"] = "survey.database.piccolo_conf"
    manager = ForwardsMigrationManager(app_name="survey")
    await manager.create_migration_table()
    folder = manager.get_app_config(app_name="survey").resolved_migrations_folder_path
    known = manager.get_migration_ids(manager.get_migration_modules(folder))
    ran = await Migration.get_migrations_which_ran(app_name="survey")
    return sorted(set(known) - set(ran))
