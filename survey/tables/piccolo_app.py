"""Names the tables and their migrations to Piccolo."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from survey.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="survey",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=TABLES,
)
