"""What the framework costs by itself: a handler that only parses the same body, and one that only serves bytes."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from litestar import Litestar, Request, Response, get, post


@post("/")
async def parse(request: Request[Any, Any, Any]) -> Response[None]:
    parse_qsl((await request.body()).decode("ascii"), keep_blank_values=True, errors="strict")
    return Response(None, status_code=303, headers={"location": "/"})


def main(port: int, size: int) -> None:
    document = b"x" * size

    @get("/")
    async def static() -> Response[bytes]:
        return Response(document, media_type="text/html")

    app = Litestar([parse, static], openapi_config=None)
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
