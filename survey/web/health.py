"""For the operator's watchdog: does the process run, and can it keep answers?"""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, get

from survey.database.migrating import pending_migrations
from survey.tables import Unit


@get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False)
def alive() -> str:
    """The process runs."""
    return "ok"


@get("/readyz", media_type=MediaType.TEXT)
async def ready(request: Request[Any, Any, Any]) -> Response[str]:
    """The database answers, has today's schema, and the recorder takes saves."""
    try:
        await Unit.exists()
        pending = await pending_migrations()
    except OSError as error:
        return Response(f"the database cannot be reached: {type(error).__name__}", status_code=503)
    if pending:
        return Response(f"{len(pending)} migrations are waiting: gopy migrate", status_code=503)
    if not request.app.state.recorder.takes_saves:
        return Response("the recorder is full or stopping", status_code=503)
    return Response("ok")
