"""The address of a room's stream, answered on the event loop in front of Django."""

import asyncio
import re
import time
from collections import Counter, deque
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import validate_host

from cobra.asgi_types import Headers, Receive, Scope, Send, answer
from cobra.rates import Rate
from rooms import log, passes
from rooms.listener import Listener
from rooms.live import RETRY, Hub, get_hub
from rooms.live_room import LiveRoom, RoomGone
from rooms.standing import Reader

PATH = re.compile(r"/posts/(\d{1,18})/room/stream/?")
STREAMS_A_PERSON = 20
STREAMS_AN_ADDRESS = 100
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
)


def is_roomless(path: str) -> bool:
    """Is this the stream of pages without a room?"""
    return path in ("/stream/", "/stream")


def room_of(path: str) -> int | None:
    """The room whose stream this path is; None for every other path."""
    match = PATH.fullmatch(path)
    return int(match[1]) if match else None


class Refused(Exception):
    """The stream is not opened. 401, 403, 404 and 410 end the page's trying; 429 and 503 tell when to come back."""

    def __init__(self, status: int, text: str, headers: Headers = ()) -> None:
        super().__init__(text)
        self.status, self.text, self.headers = status, text, headers


class Wanted(NamedTuple):
    """What a request asks for, parsed by us: nothing in it is trusted."""

    room_id: int
    cursor: str
    encoding: str
    cookies: dict[str, str]
    address: str
    # Of a page that lists rooms: the last one it knows of.
    after: int | None = None

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
        return cls(
            room_id,
            cursor[:64],
            encoding if encoding in log.ENCODINGS else settings.LANGUAGE_CODE,
            _cookies(headers.get(b"cookie", "")),
            (scope.get("client") or ("",))[0],
            int(after) if re.fullmatch(r"[0-9]{1,18}", after) else None,
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


class Turnstile:
    """How often and how many streams a person or an address may open (`STREAM_RATE`; 0 lifts all of it)."""

    def __init__(self) -> None:
        self._opened: dict[str, deque[float]] = {}
        self._open: Counter[str] = Counter()

    def enter(self, reader: Reader, address: str) -> str:
        """Count a stream in; the key to count it out with.

        Raises:
            Refused: too many at once, or too often.
        """
        is_visitor = reader.person_id is None
        who = address if is_visitor else f"person {reader.person_id}"
        rate: Rate | None = settings.STREAM_RATE
        if rate is not None:
            self._count(who, rate)
            if self._open[who] >= (STREAMS_AN_ADDRESS if is_visitor else STREAMS_A_PERSON):
                raise Refused(429, "Too many open pages.\n", [(b"retry-after", b"30")])
        self._open[who] += 1
        return who

    def leave(self, who: str) -> None:
        self._open[who] -= 1
        if not self._open[who]:
            del self._open[who]

    def _count(self, who: str, rate: Rate) -> None:
        now = time.monotonic()
        if len(self._opened) > 10_000:
            oldest = now - rate.window.total_seconds()
            self._opened = {key: times for key, times in self._opened.items() if times[-1] > oldest}
        times = self._opened.setdefault(who, deque(maxlen=rate.count))
        if len(times) == rate.count and (wait := times[0] + rate.window.total_seconds() - now) > 0:
            raise Refused(429, "Too many connections.\n", [(b"retry-after", str(int(wait) + 1).encode())])
        times.append(now)


turnstile = Turnstile()


def read_session(session_key: str) -> Reader | None:
    """Whose session this is, read only: nothing is written or renewed. None when it is nobody's."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request = HttpRequest()
    request.session = store(session_key)
    user = get_user(request)
    return Reader.of(user) if user.is_authenticated else None


async def _reader_of(hub: Hub, wanted: Wanted) -> Reader | None:
    """By the pass, else by the session; None for a visitor."""
    session_key = wanted.cookies.get(settings.SESSION_COOKIE_NAME, "")
    reader = passes.read_pass(wanted.cookies.get(passes.COOKIE, ""), session_key)
    if reader is not None and not hub.is_outdated(reader):
        return reader
    return await hub.ask(read_session, session_key) if session_key else None


async def authorise(hub: Hub, wanted: Wanted) -> tuple[LiveRoom, Reader]:
    """The room and who is there.

    Raises:
        Refused: the room does not exist for them (404), or only their login is missing (401).
    """
    session_key = wanted.cookies.get(settings.SESSION_COOKIE_NAME, "")
    reader = await _reader_of(hub, wanted)
    try:
        room = await hub.open(wanted.room_id)
    except RoomGone:
        raise Refused(404, "No such room.\n") from None
    if not room.visible_to(reader or Reader()):
        signed_out = bool(session_key) and reader is None
        raise Refused(401, "Sign in again.\n") if signed_out else Refused(404, "No such room.\n")
    return room, reader or Reader()


async def serve(scope: Scope, receive: Receive, send: Send, room_id: int) -> None:
    """Answer one request for a room's stream, until the listener or the server goes."""
    hub = get_hub()
    try:
        if hub.is_closing:
            raise Refused(503, "Restarting.\n", [(b"retry-after", b"1")])
        wanted = Wanted.parse(scope, room_id)
        room, reader = await authorise(hub, wanted)
        who = turnstile.enter(reader, wanted.address)
    except Refused as refusal:
        await answer(send, refusal.status, refusal.text, refusal.headers)
        return
    listener = Listener(send, reader, wanted.encoding, wanted.address)
    room.enter(listener)
    hub.inboxes.enter(listener)
    try:
        await _start(send, room, listener, wanted)
        await until_over(receive, listener)
    finally:
        listener.end()
        turnstile.leave(who)
        hub.inboxes.leave(listener)
        room.leave(listener)
        hub.forget_if_empty(room)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def serve_roomless(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request for the stream of pages without a room: a member's doorbells, and a list's news for all."""
    hub = get_hub()
    try:
        if hub.is_closing:
            raise Refused(503, "Restarting.\n", [(b"retry-after", b"1")])
        wanted = Wanted.parse(scope, 0)
        reader = await _reader_of(hub, wanted)
        if reader is None and wanted.after is None:
            raise Refused(401, "Sign in.\n")
        reader = reader or Reader()
        who = turnstile.enter(reader, wanted.address)
    except Refused as refusal:
        await answer(send, refusal.status, refusal.text, refusal.headers)
        return
    listener = Listener(send, reader, wanted.encoding, wanted.address)
    listener.is_live = True
    hub.inboxes.roomless.add(listener)
    hub.inboxes.enter(listener)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        listener.push(log.event("-", name="open", retry=RETRY))
        if wanted.after is not None:
            await hub.lobby.enter(listener, wanted.after)
        await until_over(receive, listener)
    finally:
        listener.end()
        turnstile.leave(who)
        hub.lobby.leave(listener)
        hub.inboxes.roomless.discard(listener)
        hub.inboxes.leave(listener)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _start(send: Send, room: LiveRoom, listener: Listener, wanted: Wanted) -> None:
    headers = list(HEADERS)
    if listener.reader.person_id is not None:
        headers.append(passes.pass_header(listener.reader, wanted.cookies[settings.SESSION_COOKIE_NAME]))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    # With data, because htmx takes no notice of a block without. A cursor of this log comes back as the id, so that a
    # stream cut before its first line resumes there.
    is_known = log.cursor_in(wanted.cursor, room.standing.position) is not None
    listener.push(log.event("-", name="open", retry=RETRY, event_id=wanted.cursor if is_known else ""))
    listener.push(room.presence_message(listener))
    await room.admit(listener, wanted.cursor)
    # Whatever was missed has been sent by now: the page can say how much that was.
    listener.push(log.event("-", name="caught-up"))


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
