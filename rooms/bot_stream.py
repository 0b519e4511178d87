"""A room's stream for programs, at `/api/chat/room/<id>/stream/`: the same log, hub and ids as the page's, as JSON."""

import re
from functools import partial

from allauth.headless.tokens.strategies.jwt.internal import validate_access_token

from cobra.asgi_types import Receive, Scope, Send
from cobra.json import dumps
from rooms import edge_stream, log
from rooms.bot_presence import Moves
from rooms.listener import Listener
from rooms.live import RETRY, Hub
from rooms.live_room import LiveRoom
from rooms.standing import Reader, RoomGone
from rooms.stream import HEADERS, Wanted, authorise, hub_in_service, until_over
from rooms.turnstile import Refused, refusing_in_an_outage, turnstile

PATH = re.compile(r"/api/chat/room/(\d{1,18})/stream/?")


def room_of(path: str) -> int | None:
    """The room whose stream for programs this path is; None for every other path."""
    match = PATH.fullmatch(path)
    return int(match[1]) if match else None


async def serve(scope: Scope, receive: Receive, send: Send, room_id: int) -> None:
    """Answer one request, until the bot or the server goes."""
    try:
        hub = hub_in_service()
        wanted = Wanted.parse(scope, room_id)._replace(encoding=log.JSON)
        if wanted.goes_on:
            await edge_stream.go_on(send, scope, hub, wanted, HEADERS)
            return
        room, reader = await _authorise(hub, scope, wanted)
        if wanted.is_proxied and (edge := edge_stream.edge_of(room, reader)):
            greeting = partial(_greet, room=room, cursor=wanted.cursor)
            await edge_stream.hold(send, scope, edge, reader, wanted, HEADERS, greeting)
            return
        with turnstile.passed(reader, wanted.address):
            await _listen(receive, send, room, Listener(send, reader, wanted.encoding, wanted.address), wanted.cursor)
    except Refused as refusal:
        await _refuse(send, refusal)
        return
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _listen(receive: Receive, send: Send, room: LiveRoom, listener: Listener, cursor: str) -> None:
    room.enter(listener)
    try:
        await _start(send, room, listener, cursor)
        await until_over(receive, listener)
    finally:
        listener.end()
        room.leave(listener)
        room.hub.forget_if_empty(room)


@refusing_in_an_outage
async def _authorise(hub: Hub, scope: Scope, wanted: Wanted) -> tuple[LiveRoom, Reader]:
    """The room, and who asks: by access token, else as on a page.

    Raises:
        Refused: the token does not hold (401), or the room does not exist for them (404).
    """
    header = dict(scope["headers"]).get(b"authorization")
    if header is None:
        room, person, _headers = await authorise(hub, wanted)
        return room, person
    scheme, _, token = header.decode("latin-1").partition(" ")
    reader = await hub.ask(read_token, token.strip()) if scheme.lower() == "bearer" else None
    if reader is None:
        raise Refused(401, "No access token that holds.", [(b"www-authenticate", b"Bearer")])
    await turnstile.count(reader, wanted.address)
    try:
        room = await hub.open(wanted.room_id)
    except RoomGone:
        raise Refused(404, "No such room.") from None
    if not room.visible_to(reader):
        raise Refused(404, "No such room.")
    return room, reader


def read_token(token: str) -> Reader | None:
    found = validate_access_token(token)
    return Reader.of(found[0]) if found else None


async def _refuse(send: Send, refusal: Refused) -> None:
    body = dumps({"detail": refusal.text.strip()}).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *refusal.headers,
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _start(send: Send, room: LiveRoom, listener: Listener, cursor: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
    _greet(listener, room, cursor)
    await room.admit(listener, cursor)
    listener.push(log.event("{}", name="caught-up"))


def _greet(listener: Listener, room: LiveRoom, cursor: str) -> None:
    is_known = log.cursor_in(cursor, room.standing.position) is not None
    listener.push(log.event("{}", name="open", retry=RETRY, event_id=cursor if is_known else ""))
    # Whoever came since is told with the rest.
    here = Moves(room.who.known_to_bots, frozenset(), room.presence.roster.size)
    listener.push(here.told_to(listener.reader))
