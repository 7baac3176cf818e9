"""How fast answers are kept, beside a handler that only parses the same body; and the form beside plain bytes."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks.load import Figures, get, load, post
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.tables import Role
from tests.cast import School, open_school, staff
from tests.postgres import postgres_server
from tests.server import free_port, running_gopy, start

MODULES = 32
# Many short rounds: a machine that others use too is twice as fast in one second as in the next.
REQUESTS = {1: 100, 16: 400, 64: 640}
ROUNDS = 25


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
    print(
        "One process; the empty handler parses the same body. Medians of", ROUNDS, "rounds; ratios within each round."
    )
    print("clients               per second  of empty   p50 ms   p99 ms  p99 x empty  errors")
    for clients, number in REQUESTS.items():
        rounds: list[dict[str, Figures]] = []
        for turn in range(ROUNDS):
            found = {}
            for name in ("empty", "SQLite", "PostgreSQL"):
                path = "/" if name == "empty" else f"/c/{code}"
                requests = [post(path, body, f"{clients}-{turn}-{one}") for one in range(number)]
                found[name] = asyncio.run(load(ports[name], requests, clients=clients, expected=303))
            rounds.append(found)
        for name in rounds[0]:
            rate, p50, p99 = (median(getattr(one[name], figure) for one in rounds) for figure in ("rate", "p50", "p99"))
            of_empty = median(one[name].rate / one["empty"].rate for one in rounds)
            slower = median(one[name].p99 / one["empty"].p99 for one in rounds)
            errors = sum((one[name].errors for one in rounds), start=Counter[int]())
            print(
                f"{clients:>7}  {name:<11} {rate:>11.0f} {of_empty:>9.2f} {p50:>8.1f} {p99:>8.1f} {slower:>12.2f}"
                f"  {dict(errors) or 'none'}"
            )


def _forms(ports: dict[str, int], code: str, size: int) -> None:
    print(f"\nThe form's GET (gzip, {size} bytes) beside a static answer of the same size, 16 clients:")
    ratios, rates = [], []
    for _ in range(ROUNDS):
        static = asyncio.run(load(ports["empty"], [get("/")] * 3000, clients=16, expected=200))
        form = asyncio.run(load(ports["SQLite"], [get(f"/c/{code}")] * 3000, clients=16, expected=200))
        ratios.append(form.rate / static.rate)
        rates.append((static.rate, form.rate))
    print(
        "static {:.0f}/s   form {:.0f}/s".format(*map(median, zip(*rates, strict=True))),
        f"  ratio {median(ratios):.2f}",
    )


def _form_size(port: int, code: str) -> int:
    async def ask() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(f"/c/{code}"))
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        return int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])

    return asyncio.run(ask())
