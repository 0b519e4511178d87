"""The address of a room's stream, answered on the event loop in front of Django."""

import asyncio
import re
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from django.conf import settings
from django.http.request import validate_host

from accounts.sessions import holder_of
from cobra import grip
from cobra.asgi_types import Headers, Receive, Scope, Send, answer
from rooms import edge_stream, log, passes
from rooms.listener import Listener
from rooms.live import RETRY, Hub, get_hub
from rooms.live_room import LiveRoom
from rooms.standing import Reader, RoomGone
from rooms.turnstile import Refused, refusing_in_an_outage, turnstile

PATH = re.compile(r"/posts/(\d{1,18})/room/stream/?")
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
)


def room_of(path: str) -> int | None:
    """The room whose stream this path is; None for every other path."""
    match = PATH.fullmatch(path)
    return int(match[1]) if match else None


class Wanted(NamedTuple):
    """What a request asks for, parsed by us: nothing in it is trusted."""

    room_id: int
    cursor: str
    encoding: str
    cookies: dict[str, str]
    address: str
    # Of a page that lists rooms: the last one it knows of.
    after: int | None = None
    # Came through Pushpin, which can hold it; and it is Pushpin itself that asks how to go on.
    is_proxied: bool = False
    goes_on: bool = False

    @classmethod
    def parse(cls, scope: Scope, room_id: int) -> "Wanted":
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if not validate_host(_host(headers), settings.ALLOWED_HOSTS):
            raise Refused(400, "This is not the host.\n")
        if scope["method"] != "GET":
            raise Refused(405, "GET only.\n", [(b"allow", b"GET")])
        query = parse_qs(scope["query_string"].decode("latin-1"))
        cursor = headers.get(b"last-event-id") or query.get("lastEventId", [""])[0]
        encoding, after = query.get("lang", [""])[0], query.get("after", [""])[0]
        is_proxied = grip.is_on() and grip.is_signed(headers)
        return cls(
            room_id,
            cursor[:64],
            encoding if encoding in log.ENCODINGS else settings.LANGUAGE_CODE,
            _cookies(headers.get(b"cookie", "")),
            (scope.get("client") or ("",))[0],
            int(after) if re.fullmatch(r"[0-9]{1,18}", after) else None,
            is_proxied,
            is_proxied and b"grip-last" in headers,
        )


def _host(headers: dict[bytes, str]) -> str:
    host = headers.get(b"host", "").lower()
    return host.rpartition(":")[0] if re.search(r":\d+$", host) else host


def _cookies(header: str) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def read_session(session_key: str) -> Reader | None:
    """Whose session this is, read only: nothing is written or renewed. None when it is nobody's."""
    holder = holder_of(session_key)
    return Reader.of(holder) if holder else None


def hub_in_service() -> Hub:
    """The hub, to open a stream.

    Raises:
        Refused: the server is about to end.
    """
    hub = get_hub()
    if hub.is_closing:
        raise Refused(503, "Restarting.\n", [(b"retry-after", b"1")])
    return hub


@refusing_in_an_outage
async def reader_of(hub: Hub, wanted: Wanted) -> tuple[Reader | None, Headers]:
    """By the pass, else by the session; None for a visitor. And what their stream begins with: by the session, with a
    pass."""
    session_key = wanted.cookies.get(settings.SESSION_COOKIE_NAME, "")
    reader = passes.read_pass(wanted.cookies.get(passes.COOKIE, ""), session_key)
    if reader is not None and await hub.is_current(reader):
        return reader, HEADERS
    reader = await hub.ask(read_session, session_key) if session_key else None
    return reader, HEADERS if reader is None else [*HEADERS, passes.pass_header(reader, session_key)]


@refusing_in_an_outage
async def authorise(hub: Hub, wanted: Wanted) -> tuple[LiveRoom, Reader, Headers]:
    """The room, who is there, and what their stream begins with.

    Raises:
        Refused: the room does not exist for them (404), or only their login is missing (401); or they come too often.
    """
    session_key = wanted.cookies.get(settings.SESSION_COOKIE_NAME, "")
    reader, headers = await reader_of(hub, wanted)
    await turnstile.count(reader or Reader(), wanted.address)
    try:
        room = await hub.open(wanted.room_id)
    except RoomGone:
        raise Refused(404, "No such room.\n") from None
    if not room.visible_to(reader or Reader()):
        signed_out = bool(session_key) and reader is None
        raise Refused(401, "Sign in again.\n") if signed_out else Refused(404, "No such room.\n")
    return room, reader or Reader(), headers


async def serve(scope: Scope, receive: Receive, send: Send, room_id: int) -> None:
    """Answer one request for a room's stream, until the listener or the server goes."""
    try:
        hub = hub_in_service()
        wanted = Wanted.parse(scope, room_id)
        if wanted.goes_on:
            await edge_stream.go_on(send, scope, hub, wanted, HEADERS)
            return
        room, reader, headers = await authorise(hub, wanted)
        if wanted.is_proxied and (edge := edge_stream.edge_of(room, reader)):
            greeting = partial(_greet, room=room, wanted=wanted, is_held=True)
            await edge_stream.hold(send, scope, edge, reader, wanted, headers, greeting)
            return
        with turnstile.passed(reader, wanted.address):
            listener = Listener(send, reader, wanted.encoding, wanted.address)
            await _listen(receive, send, room, listener, wanted, headers)
    except Refused as refusal:
        await answer(send, refusal.status, refusal.text, refusal.headers)
        return
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _listen(
    receive: Receive, send: Send, room: LiveRoom, listener: Listener, wanted: Wanted, headers: Headers
) -> None:
    room.enter(listener)
    room.hub.inboxes.enter(listener)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        _greet(listener, room, wanted)
        await room.admit(listener, wanted.cursor)
        # Whatever was missed has been sent by now: the page can say how much that was.
        listener.push(log.event("-", name="caught-up"))
        await until_over(receive, listener)
    finally:
        listener.end()
        room.hub.inboxes.leave(listener)
        room.leave(listener)
        room.hub.forget_if_empty(room)


def _greet(listener: Listener, room: LiveRoom, wanted: Wanted, *, is_held: bool = False) -> None:
    # With data, because htmx takes no notice of a block without. A cursor of this log comes back as the id, so that a
    # stream cut before its first line resumes there.
    is_known = log.cursor_in(wanted.cursor, room.standing.position) is not None
    listener.push(log.event("-", name="open", retry=RETRY, event_id=wanted.cursor if is_known else ""))
    if is_held:
        listener.push(log.event("-", name="held"))  # the page is to say that it is there
    listener.push(room.who.greeting(listener))


async def until_over(receive: Receive, listener: Listener) -> None:
    """Nothing is left to do here but to notice the end, theirs or ours."""
    while not listener.ended.done():
        message = asyncio.ensure_future(receive())
        both: list[asyncio.Future[Any]] = [message, listener.ended]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not message.done():
            message.cancel()
        elif message.result()["type"] == "http.disconnect":
            return
