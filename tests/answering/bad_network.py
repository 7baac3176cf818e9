"""A network that fails on purpose: a proxy between the browser and the service, whose weather a test makes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Network:
    """`weather`: fair, gone (nothing connects), hung (requests vanish), deaf (requests arrive, answers vanish)."""

    def __init__(self, port: int) -> None:
        self.port, self.weather = port, "fair"
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listening}"

    def change(self, weather: str) -> None:
        """Connections of the old weather do not outlive it."""
        self.weather = weather
        self._loop.call_soon_threadsafe(self._hang_up)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._hang_up)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self._listening = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _hang_up(self) -> None:
        for writer in self._open:
            writer.close()
        self._open.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        if self.weather == "gone":
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._open.add(there_writer)
        await asyncio.gather(
            self._pass_on(reader, there_writer, vanishing=("hung",)),
            self._pass_on(there_reader, writer, vanishing=("hung", "deaf")),
        )

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, vanishing: tuple[str, ...]
    ) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            while data := await reader.read(65536):
                if self.weather == "gone":
                    break
                if self.weather not in vanishing:
                    writer.write(data)
        writer.close()


@contextmanager
def network_to(port: int) -> Iterator[Network]:
    network = Network(port)
    try:
        yield network
    finally:
        network.stop()
