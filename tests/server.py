"""The real service in a process of its own, for tests that need one: to kill it, to browse it, to load it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec


class Server(msgspec.Struct):
    process: subprocess.Popen[bytes]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start(command: Sequence[str], port: int, environment: dict[str, str], log: Path, path: str = "/healthz") -> Server:
    """Start a command and wait until it answers."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(process, port)
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped at once:\n{log.read_text('utf-8')[-4000:]}")
        try:
            urllib.request.urlopen(server.address + path, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    server.kill()
    raise RuntimeError(f"the server does not answer:\n{log.read_text('utf-8')[-4000:]}")


def start_gopy(database_url: str, folder: Path) -> Server:
    """`gopy serve` over a migrated database that has an administrator."""
    port = free_port()
    settings = {"GOPY_DATA": str(folder), "GOPY_DATABASE_URL": database_url, "GOPY_PORT": str(port)}
    return start(["survey", "serve"], port, os.environ | settings, folder / "server.log")


@contextmanager
def running_gopy(database_url: str, folder: Path) -> Iterator[Server]:
    server = start_gopy(database_url, folder)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)
