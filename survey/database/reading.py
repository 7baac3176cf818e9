"""Several reads through one connection, all of the same moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from piccolo.engine.sqlite import TransactionType

from survey.database.engines import OneFileEngine
from survey.tables import Cohort


@asynccontextmanager
async def one_moment() -> AsyncIterator[None]:
    """What is read inside belongs together. For reads only.

    Piccolo opens a connection and a thread for every query on SQLite outside of a transaction, two milliseconds each;
    a page of results makes eight. DEFERRED takes no lock that a save would wait for. PostgreSQL has its pool: there
    the connection would only be kept from others.
    """
    engine = Cohort._meta.db
    if not isinstance(engine, OneFileEngine):
        yield
        return
    async with engine.transaction(transaction_type=TransactionType.deferred):
        yield
