"""The stream of pages without a room: a member's doorbells, and a list's news for all."""

from cobra.asgi_types import Receive, Scope, Send, answer
from rooms import log
from rooms.listener import Listener
from rooms.live import RETRY, Hub
from rooms.standing import Reader
from rooms.stream import HEADERS, Wanted, hub_in_service, reader_of, until_over
from rooms.turnstile import Refused, turnstile

PATHS = ("/stream/", "/stream")


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, until the listener or the server goes."""
    try:
        hub = hub_in_service()
        wanted = Wanted.parse(scope, 0)
        reader = await _authorise(hub, wanted)
        with turnstile.passed(reader, wanted.address):
            await _listen(receive, send, hub, Listener(send, reader, wanted.encoding, wanted.address), wanted)
    except Refused as refusal:
        await answer(send, refusal.status, refusal.text, refusal.headers)
        return
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _authorise(hub: Hub, wanted: Wanted) -> Reader:
    """Who is there.

    Raises:
        Refused: nobody is signed in, and the page lists no rooms (401); or they come too often.
    """
    reader, _headers = await reader_of(hub, wanted)
    if reader is None and wanted.after is None:
        raise Refused(401, "Sign in.\n")
    await turnstile.count(reader or Reader(), wanted.address)
    return reader or Reader()


async def _listen(receive: Receive, send: Send, hub: Hub, listener: Listener, wanted: Wanted) -> None:
    listener.is_live = True
    hub.inboxes.roomless.add(listener)
    hub.members.enter(listener)
    hub.inboxes.enter(listener)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        listener.push(log.event("-", name="open", retry=RETRY))
        if wanted.after is not None:
            await hub.lobby.enter(listener, wanted.after)
        await until_over(receive, listener)
    finally:
        listener.end()
        hub.lobby.leave(listener)
        hub.inboxes.roomless.discard(listener)
        hub.members.leave(listener)
        hub.inboxes.leave(listener)
