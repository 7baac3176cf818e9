"""Lets requests in by twos, so that what the database says is heard between them."""

from __future__ import annotations

import asyncio

from litestar.types import ASGIApp, Receive, Scope, Send

AT_ONCE = 2


class TakingTurns:
    """An application whose requests begin by twos, each pair in a turn of the loop of its own.

    A class that sends at once would have all its forms read in one turn of the loop, and every one of the half dozen
    answers that the recorder awaits from PostgreSQL for a batch would wait until that is done: reading and writing,
    which could go on side by side, would follow each other (benchmarks/answering.py: 1.4 times the saves).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._turn.acquire()
        asyncio.get_running_loop().call_soon(self._turn.release)
        await self._app(scope, receive, send)
