"""Answering a stream's request that came through Pushpin: what was missed, and that Pushpin holds it from here on.

Where a held stream lacks something, and every five minutes, Pushpin asks the link that it was given. The link is the
same for all who hear a room in one language: a link of its own for each would be asked for ten times a second (a limit
of Pushpin's), and who waits in that queue hears nothing meanwhile. What differs (up to where, and who) comes back in
`Grip-Last`, which holds the last id of each channel: a channel on which nothing is ever said has the reader's name.
What a client says there itself Pushpin throws away.

No two streams have the same name. Pushpin asks once for all whose link and last ids are equal, and where the one who
asks is refused while another joins (the site is being restarted), whoever joins from then on is never answered: their
streams stay open and silent, for a minute and longer (Pushpin 1.36). And an answer to what it asks leaves in one piece:
one that is cut, because this process is killed, Pushpin takes for whole, so that the stream is held from a version that
it has not been told. (The answer to a reader's own request it refuses then, and the page comes again.)
"""

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.core import signing

from accounts.models import User
from cobra import grip
from cobra.asgi_types import Headers, Scope, Send
from cobra.whole import answer_whole
from rooms import log
from rooms.edge_room import CLASSES, EdgeRoom, class_of, name_channel
from rooms.listener import Listener
from rooms.live_room import LiveRoom
from rooms.models import Line
from rooms.querysets import Position
from rooms.standing import Reader, RoomGone
from rooms.turnstile import refusing_in_an_outage

if TYPE_CHECKING:
    from rooms.live import Hub
    from rooms.stream import Wanted

ASKED_AGAIN = 300  # seconds after which Pushpin asks again in any case
TRUSTED = 60  # seconds for which a name is taken at its word; Pushpin asks for the first time after one
SOON = 500  # milliseconds after which somebody comes again whose stream is held no longer
# Bytes that a stream is told when Pushpin asks: a connection takes them at once (`cobra.serve.SEND_BUFFER`). Where it
# lacks more Pushpin asks again, by the next item or after so many seconds.
MOST_AT_ONCE, AT_ONCE = 48 * 1024, 1
# Rows: as far as Pushpin may ask back for a stream that it holds. Nobody was away; a thousand streams that it asks for
# in the same moment, as it does once for each that is new, wait seconds for their turn.
MOST_BEHIND = 1_000
SALT = "rooms.edge_stream"

Greeting = Callable[[Listener], object]


def edge_of(room: LiveRoom, reader: Reader) -> EdgeRoom | None:
    """Where their stream is held. None for those who are shown other things than all visitors, or all members: who
    have been blocked by somebody, or may read the room by a right of their own. They get a stream of this process."""
    return room.edge if not reader.kept_out_by and room.visible_to(CLASSES[class_of(reader)]) else None


async def hold(
    send: Send,
    scope: Scope,
    edge: EdgeRoom,
    reader: Reader,
    wanted: "Wanted",
    headers: Headers,
    greeting: Greeting | None = None,
) -> None:
    """Write what the reader lacks since their cursor, and leave the rest to Pushpin. `greeting`: of a new stream."""
    room = edge.room
    epoch = room.standing.position.epoch
    edge.hold(reader, wanted.encoding, is_new=greeting is not None)
    position, body = await (_beginning(room, reader, wanted, greeting) if greeting else _continuation(room, wanted))
    # Nothing is awaited between the last comparison and here: the stream is held from the version that was told last.
    if not room.visible_to(reader) or position.epoch != epoch:
        await _end(send, headers)  # meanwhile all streams that are held were told to end, and this one was not
        return
    asked_again = ASKED_AGAIN if position.version == room.version else AT_ONCE
    channels = edge.channels(reader, wanted.encoding, log.cursor_of(position), _name_of(reader))
    held = grip.Hold(channels, f"{scope['path']}?lang={wanted.encoding}", asked_again)
    await answer_whole(send, 200, [*headers, *held.headers()], body)


async def _beginning(room: LiveRoom, reader: Reader, wanted: "Wanted", greeting: Greeting) -> tuple[Position, bytes]:
    """What a new stream is told, and where the log stands then."""
    heard: list[bytes] = []
    listener = Listener(_into(heard), reader, wanted.encoding)
    greeting(listener)
    await room.admit(listener, wanted.cursor)
    listener.push(log.event("-", name="caught-up"))
    return room.standing.position, b"".join(heard)


async def _continuation(room: LiveRoom, wanted: "Wanted") -> tuple[Position, bytes]:
    """As many of the lines that a held stream lacks as leave in one piece (one at least), and where the log stands
    then."""
    after = await room.reach(wanted.cursor, wanted.encoding, MOST_BEHIND)
    position = room.standing.position
    if after is None:
        return position, log.reset(position)
    told: list[Line] = []
    size = 0
    for line in room.ring.after(after):
        size += len(log.fragment(line, wanted.encoding).encode())
        if told and size > MOST_AT_ONCE:
            position = position._replace(version=told[-1].version)
            break
        told.append(line)
    return position, log.told(told, wanted.encoding, after, position)


async def go_on(send: Send, scope: Scope, hub: "Hub", wanted: "Wanted", headers: Headers) -> None:
    """Pushpin asks what a held stream lacks, and whether it still may be held.

    Raises:
        Refused: the database does not answer. Pushpin asks again.
    """
    reader = await _reader_in(hub, grip.last_id(scope["headers"], name_channel()))
    room = await _room_of(hub, wanted.room_id) if reader else None
    edge = edge_of(room, reader) if room and reader and room.visible_to(reader) else None
    if edge is None or reader is None:
        await _end(send, headers)
        return
    cursor = grip.last_id(scope["headers"], edge.lines_channel(wanted.encoding))
    await hold(send, scope, edge, reader, wanted._replace(cursor=cursor), headers)


def _name_of(reader: Reader) -> str:
    """Of one stream: random, and of a member what they are, signed."""
    signed = signing.dumps(list(reader), salt=SALT) if reader.person_id else ""
    return f"{secrets.token_urlsafe(6)}~{signed}"


@refusing_in_an_outage
async def _reader_in(hub: "Hub", name: str) -> Reader | None:
    """Whose stream it is; None when they are nobody any more. What they are is read anew where it was long ago."""
    signed = name.rpartition("~")[2]
    if not signed:
        return Reader()
    try:
        reader = Reader(*signing.loads(signed, salt=SALT, max_age=TRUSTED))
        if await hub.is_current(reader):
            return reader
    except signing.SignatureExpired:
        reader = Reader(*signing.loads(signed, salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
    return await hub.ask(_read_anew, reader)


def _read_anew(reader: Reader) -> Reader | None:
    user = User.objects.filter(pk=reader.person_id, is_active=True, auth_stamp=reader.stamp).first()
    return Reader.of(user) if user else None


@refusing_in_an_outage
async def _room_of(hub: "Hub", room_id: int) -> LiveRoom | None:
    try:
        return await hub.open(room_id)
    except RoomGone:
        return None


def _into(heard: list[bytes]) -> Send:
    async def keep(message: Mapping[str, Any]) -> None:
        heard.append(message["body"])

    return keep


async def _end(send: Send, headers: Headers) -> None:
    """The stream ends. Not by a status: Pushpin would ask again, and leave the stream open meanwhile. Whoever comes
    anew is told why."""
    await answer_whole(send, 200, headers, log.event("-", name="closing", retry=SOON))
