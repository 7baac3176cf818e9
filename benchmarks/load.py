"""A small, bounded load of our own service on this machine: keep-alive clients that send ready-made requests."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec


class Figures(msgspec.Struct, frozen=True):
    """What a load gave: requests per second, latencies in milliseconds, and every status that was not expected."""

    rate: float
    p50: float
    p99: float
    errors: Counter[int]


async def load(port: int, requests: Sequence[bytes], *, clients: int, expected: int) -> Figures:
    """Send every request once, spread over some clients that each wait for their answer."""
    waiting = iter(requests)
    latencies: list[float] = []
    errors: Counter[int] = Counter()
    start = time.perf_counter()
    await asyncio.gather(*(_client(port, waiting, latencies, errors, expected) for _ in range(clients)))
    elapsed = time.perf_counter() - start
    latencies.sort()
    return Figures(
        rate=len(requests) / elapsed,
        p50=1000 * latencies[len(latencies) // 2],
        p99=1000 * latencies[int(len(latencies) * 0.99)],
        errors=errors,
    )


async def _client(
    port: int, waiting: Iterator[bytes], latencies: list[float], errors: Counter[int], expected: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        start = time.perf_counter()
        writer.write(request)
        status = await _answer(reader)
        latencies.append(time.perf_counter() - start)
        if status != expected:
            errors[status] += 1
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length:
        await reader.readexactly(length)
    return int(head[9:12])


def post(path: str, body: str, phone: str = "") -> bytes:
    cookie = f"Cookie: gopy_phone={phone}\r\n" if phone else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
