"""Starts the service for real, or refuses where answers would not be safe. Each refusal says what to do."""

from __future__ import annotations

import asyncio
import errno
import gc
import ipaddress
import logging
import os
import re
import socket
import sqlite3
import warnings
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from survey.refusals import Refused
from survey.settings import Settings

if TYPE_CHECKING:
    import uvicorn


OPEN_NETWORK = (
    "Answers would cross the network readable by others: {address} is not https. Put a server with a certificate in "
    "front and set GOPY_ADDRESS=https://..., or, in a closed network, set GOPY_ALLOW_HTTP=true."
)
SHARED_FOLDER = "Other users of this machine can read {folder}. Run: chmod 700 {folder}"
PORT_TAKEN = "Port {port} of {host} is taken by another program. Stop it, or choose another port with GOPY_PORT."
PORT_REFUSED = "This machine does not let us use port {port} of {host} ({reason}). Set GOPY_HOST and GOPY_PORT."
UNREACHABLE = "The database {database} cannot be reached: {reason}. Check GOPY_DATABASE_URL or GOPY_DATA."
PENDING = (
    "The database is of an earlier release ({number} migrations are waiting). Make a backup, then run: gopy migrate"
)
DEMO_DATA = "This database was made by gopy demo. Real answers need a folder of their own: set GOPY_DATA."
NO_ADMINISTRATOR = (
    "There is no administrator yet, so nobody could sign in. "
    "Run: gopy account add LOGIN --name NAME --role administrator, then: gopy account link LOGIN"
)
SECONDS_TO_REACH = 10
# Saves that have arrived are still written before the process ends.
SECONDS_TO_DRAIN = 20


def serve(settings: Settings) -> None:
    """Check, then serve until a signal comes.

    Raises:
        Refused: something about the configuration, the folder, the database or the port is not safe.
    """
    refuse_open_network(settings)
    refuse_shared_folder(settings)
    asyncio.run(refuse_unready_database(settings))
    with take_port(settings.host, settings.port) as listener:
        click.echo(f"Góp Ý starts at {settings.base_address}. Stop it with Ctrl+C.")
        web_server(settings, log_level="info").run(sockets=[listener])


def web_server(settings: Settings, *, log_level: str) -> uvicorn.Server:
    """One process (the recorder is the one writer), and no access log: addresses hold secrets."""
    import uvicorn

    from survey.app import create_app
    from survey.web.server import Server
    from survey.web.turns import TakingTurns

    logging.getLogger("piccolo").setLevel(logging.WARNING)  # it would tell SQLite's version at every start
    app = create_app(settings)
    spare_the_collector()
    config = uvicorn.Config(
        # SQLite works in a thread of its own and needs no turns.
        app if settings.database.startswith("sqlite") else TakingTurns(app),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        workers=1,
        log_level=log_level,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nothing of ours asks where a request came from
        timeout_graceful_shutdown=SECONDS_TO_DRAIN,
    )
    return Server(config, end_streams=app.state.live_counts.stop)


def spare_the_collector() -> None:
    """What was loaded stays for good (Polars, Plotly, templates: some hundred thousand objects). Python's garbage
    collector would walk through all of it again and again, in the midst of requests (benchmarks/answering.py)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def refuse_open_network(settings: Settings) -> None:
    beyond_this_machine = not (is_loopback(settings.host) and is_loopback(urlsplit(settings.base_address).hostname))
    if beyond_this_machine and not settings.base_address.startswith("https://") and not settings.allow_http:
        raise Refused(OPEN_NETWORK, address=settings.base_address)


def is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def refuse_shared_folder(settings: Settings) -> None:
    folder = settings.data_folder
    # On Windows the mode says nothing about who may read.
    if os.name == "posix" and folder.exists() and folder.stat().st_mode & 0o077:
        raise Refused(SHARED_FOLDER, folder=folder)


def take_port(host: str, port: int) -> socket.socket:
    """A socket bound to the port, so that nobody else takes it while we get ready."""
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener is not None:
            listener.close()
        taken = error.errno == errno.EADDRINUSE
        raise Refused(PORT_TAKEN if taken else PORT_REFUSED, host=host, port=port, reason=error.strerror) from error
    return listener


@asynccontextmanager
async def reached(settings: Settings) -> AsyncIterator[None]:
    """The tables connected to the database of the settings; refused in words where it does not answer."""
    import asyncpg

    from survey.database.engines import connected

    async with AsyncExitStack() as stack:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Piccolo warns, and then raises what is worded below
                async with asyncio.timeout(SECONDS_TO_REACH):
                    await stack.enter_async_context(connected(settings.database))
        except (OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            reason = str(error) or f"no answer within {SECONDS_TO_REACH} seconds"
            raise Refused(UNREACHABLE, database=without_password(settings.database), reason=reason) from error
        yield


def without_password(url: str) -> str:
    return re.sub(r"//[^/?]*@", "//", url).partition("?")[0]


async def refuse_unready_database(settings: Settings) -> None:
    async with reached(settings):
        await refuse_pending_migrations()
        await refuse_demo_data()
        await refuse_without_administrator()


async def refuse_pending_migrations() -> None:
    """A migration changes answers for good and wants a backup before it: never the side effect of a restart."""
    from survey.database.migrating import migrate, pending_migrations
    from survey.tables import TABLES

    pending = await pending_migrations()
    if not pending:
        return
    if await TABLES[0].table_exists():
        raise Refused(PENDING, number=len(pending))
    await migrate()  # nothing is in it yet


async def refuse_demo_data() -> None:
    from survey.demo.marks import holds_demo

    if await holds_demo():
        raise Refused(DEMO_DATA)


async def refuse_without_administrator() -> None:
    from survey.tables import Account, Role

    if not await Account.exists().where(Account.role == Role.administrator, Account.active.eq(True)):
        raise Refused(NO_ADMINISTRATOR)
