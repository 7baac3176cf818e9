"""Tells the demo's data from somebody's real data, so that neither ends up among the other."""

from __future__ import annotations

from survey.refusals import Refused
from survey.tables import Account, Programme

DEMO = "demo"

REAL_DATA = (
    "This database holds real data (a programme or accounts that the demo did not make). "
    "The demo does not mix with them: leave GOPY_DATA and GOPY_DATABASE_URL out, or name an empty folder."
)


async def holds_demo() -> bool:
    return await Programme.exists().where(Programme.key == DEMO)


async def refuse_real_data() -> None:
    """Raises Refused where the database is neither empty nor the demo's own."""
    real_programme = await Programme.exists().where(Programme.key != DEMO)
    accounts_alone = not await holds_demo() and await Account.exists()
    if real_programme or accounts_alone:
        raise Refused(REAL_DATA)
