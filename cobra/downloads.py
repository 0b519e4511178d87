"""Long answers that are read piece by piece, away from the threads that answer requests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header

PIECES = 200  # told at once
# One for all of them, piece after piece: a download is never in a hurry.
_thread = ThreadPoolExecutor(1, thread_name_prefix="download")


def download(
    request: HttpRequest, pieces: Callable[[], Iterator[str]], *, name: str, content_type: str
) -> StreamingHttpResponse:
    """The pieces as a file called `name`. `pieces` may query between them, with no query open from one to the next."""
    batches = _batches(pieces, translation.get_language())
    content = _elsewhere(batches) if isinstance(request, ASGIRequest) else batches
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _batches(pieces: Callable[[], Iterator[str]], language: str | None) -> Iterator[str]:
    some = pieces()
    while True:
        with translation.override(language):  # never over a yield: others may have their turn on this thread
            batch = list(islice(some, PIECES))
        if not batch:
            return
        yield "".join(batch)


async def _elsewhere(batches: Iterator[str]) -> AsyncIterator[str]:
    """Each batch is made on the thread of downloads, which keeps no database connection in between."""
    loop = asyncio.get_running_loop()
    while (batch := await loop.run_in_executor(_thread, _next, batches)) is not None:
        yield batch


def _next(batches: Iterator[str]) -> str | None:
    try:
        return next(batches, None)
    finally:
        connections.close_all()
