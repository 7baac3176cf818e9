"""Piccolo's own command line and its migrations look for the engine here; `use_engine` puts it."""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.base import Engine

DB: Engine | None = None
APP_REGISTRY = AppRegistry(apps=["survey.tables.piccolo_app"])
