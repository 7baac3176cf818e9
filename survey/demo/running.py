"""`gopy demo`: migrates, seeds, serves, and prints the links once the service answers."""

from __future__ import annotations

import asyncio
import datetime
import http.client
import os
import socket

import click
import msgspec
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from survey.database.migrating import migrate
from survey.demo.network import address_in_network
from survey.demo.seeding import ALL_STEPS, seed
from survey.demo.showing import demo_links
from survey.refusals import Refused
from survey.serving import reached, take_port, web_server
from survey.settings import Settings
from survey.tables import Evaluation

FOLDER = "data/demo"
PORTS_TRIED = 20
SECONDS_TO_START = 30
ALL_INTERFACES = "0.0.0.0"  # noqa: S104  only where --lan asks for it
TOO_SLOW = "Máy chủ không trả lời sau {seconds} giây. / The server did not answer within {seconds} seconds."


def run_demo(settings: Settings, *, lan: bool, port: int | None, stay: bool) -> None:
    """Everything of `gopy demo`; returns when it is stopped, or at once where it is not to stay.

    Raises:
        Refused: real data in the folder, no free port, no network for `--lan`.
    """
    with (
        free_port(ALL_INTERFACES if lan else "127.0.0.1", port, settings.port) as listener,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        settings = demo_settings(settings, listener, lan=lan)
        evaluation = runner.run(_seed(settings))
        if stay:
            runner.run(_serve(settings, listener, evaluation))
        else:
            click.echo(runner.run(_links(settings, evaluation)))


def free_port(host: str, wanted: int | None, usual: int) -> socket.socket:
    """The port asked for, or the first free one from the usual port on where none was asked for."""
    if wanted is not None:
        return take_port(host, wanted)
    for port in range(usual, usual + PORTS_TRIED - 1):
        try:
            return take_port(host, port)
        except Refused:
            continue
    return take_port(host, usual + PORTS_TRIED - 1)


def demo_settings(settings: Settings, listener: socket.socket, *, lan: bool) -> Settings:
    host, port = listener.getsockname()[:2]
    address = settings.address or (f"http://{address_in_network()}:{port}" if lan else "")
    return msgspec.structs.replace(settings, host=host, port=port, address=address, allow_http=True)


async def _seed(settings: Settings) -> Evaluation:
    os.umask(0o077)  # whoever looks at the demo's folder later may put real data beside it
    doing = TextColumn("Tạo dữ liệu mẫu / making sample data")
    bar = Progress(doing, BarColumn(), TimeElapsedColumn(), console=Console(stderr=True))
    async with reached(settings):
        await migrate()
        with bar:
            task = bar.add_task("", total=ALL_STEPS)
            return await seed(datetime.date.today(), lambda done: bar.update(task, completed=done))


async def _links(settings: Settings, evaluation: Evaluation) -> str:
    async with reached(settings):
        return await demo_links(settings, evaluation)


async def _serve(settings: Settings, listener: socket.socket, evaluation: Evaluation) -> None:
    server = web_server(settings, log_level="warning")
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    if await _answers(settings.port, serving):
        # The service has connected the tables: the links are made beside it.
        click.echo(await demo_links(settings, evaluation))
        click.echo("Dừng / Stop:     Ctrl+C")
    await serving


async def _answers(port: int, serving: asyncio.Task[None]) -> bool:
    """Waits until the service says that it is well; false where it stopped before that."""
    for _ in range(SECONDS_TO_START * 10):
        if serving.done():
            return False
        if await asyncio.to_thread(_is_well, port):
            return True
        await asyncio.sleep(0.1)
    raise Refused(TOO_SLOW, seconds=SECONDS_TO_START)


def _is_well(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
