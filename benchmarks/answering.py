"""How fast answers are kept, beside a handler that only parses the same body; and the form beside plain bytes."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import Figures, get, load, post
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.tables import Role
from tests.cast import School, open_school, staff
from tests.postgres import postgres_server
from tests.server import free_port, running_gopy, start

MODULES = 32
REQUESTS = {1: 300, 16: 2400, 64: 4800}
ROUNDS = 3


def whole_form() -> str:
    """Every field as a browser sends it: 32 ratings, 32 comment boxes (three filled), 6 picks, the course, a text."""
    numbers = [f"{number:02}" for number in range(1, MODULES + 1)]
    fields = [("sequence", "1")]
    for number in numbers:
        remark = "Nên có thêm tình huống ở xã" if number < "04" else ""
        fields += [(f"{number}.useful", "4"), (f"{number}.remark", remark)]
    fields += [("revise_first", number) for number in numbers[:3]]
    fields += [("most_useful", number) for number in numbers[4:7]]
    fields += [("objectives", "4"), ("practice", "5"), ("apply", "4"), ("one_change", "Giảm lý thuyết, thêm thảo luận")]
    return urlencode([*fields, ("complete", "1")])


async def prepare(url: str) -> School:
    async with connected(url):
        await migrate()
        await staff("quantri", Role.administrator)
        return await open_school(modules=MODULES, enrolled=100_000)


@contextmanager
def empty_server(folder: Path, size: int) -> Iterator[int]:
    port = free_port()
    server = start(["benchmarks.empty", str(port), str(size)], port, dict(os.environ), folder / "empty.log", "/")
    try:
        yield port
    finally:
        server.process.terminate()
        server.process.wait(30)


def bench_answering() -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o700)
        addresses = stack.enter_context(postgres_server(folder))
        urls = {"SQLite": f"sqlite:///{folder / 'gopy.sqlite'}", "PostgreSQL": addresses()}
        schools = {engine: asyncio.run(prepare(url)) for engine, url in urls.items()}
        ports = {}
        for engine, url in urls.items():
            (folder / engine).mkdir(mode=0o700)
            ports[engine] = stack.enter_context(running_gopy(url, folder / engine)).port
        code = schools["SQLite"].code
        # The first request to a service renders and packs its forms; that is not what is measured here.
        size = max(_form_size(port, code) for port in ports.values())
        ports["empty"] = stack.enter_context(empty_server(folder, size))
        _saves(ports, code)
        _forms(ports, code, size)


def _saves(ports: dict[str, int], code: str) -> None:
    body = whole_form()
    print(
        f"\nSaves of the whole form ({body.count('&') + 1} fields, {len(body)} bytes), acknowledged after the commit."
    )
    print(f"One process; the empty handler parses the same body. Median of {ROUNDS} interleaved rounds.")
    print("clients               per second  of empty   p50 ms   p99 ms  p99 x empty  errors")
    for clients, number in REQUESTS.items():
        figures: dict[str, list[Figures]] = {name: [] for name in ("empty", "SQLite", "PostgreSQL")}
        for turn in range(ROUNDS):
            for name, found in figures.items():
                path = "/" if name == "empty" else f"/c/{code}"
                requests = [post(path, body, f"{clients}-{turn}-{one}") for one in range(number)]
                found.append(asyncio.run(load(ports[name], requests, clients=clients, expected=303)))
        empty = _median(figures["empty"])
        for name, found in figures.items():
            one = _median(found)
            errors = sum((one.errors for one in found), start=type(one.errors)())
            print(
                f"{clients:>7}  {name:<11} {one.rate:>11.0f} {one.rate / empty.rate:>9.2f} {one.p50:>8.1f} "
                f"{one.p99:>8.1f} {one.p99 / empty.p99:>12.2f}  {dict(errors) or 'none'}"
            )


def _forms(ports: dict[str, int], code: str, size: int) -> None:
    print(f"\nThe form's GET (gzip, {size} bytes) beside a static answer of the same size, 16 clients:")
    figures: dict[str, list[Figures]] = {"empty": [], "SQLite": []}
    for _ in range(ROUNDS):
        for name, found in figures.items():
            path = "/" if name == "empty" else f"/c/{code}"
            found.append(asyncio.run(load(ports[name], [get(path)] * 4000, clients=16, expected=200)))
    static, form = _median(figures["empty"]), _median(figures["SQLite"])
    print(f"static {static.rate:.0f}/s   form {form.rate:.0f}/s   ratio {form.rate / static.rate:.2f}")


def _form_size(port: int, code: str) -> int:
    async def ask() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(f"/c/{code}"))
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        return int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])

    return asyncio.run(ask())


def _median(found: list[Figures]) -> Figures:
    return sorted(found, key=lambda one: one.rate)[len(found) // 2]
