"""The JSON API of what is said in rooms: `/api/chat/…`. Rooms themselves have their post's name: see `board.api`."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from cobra.api import OPEN, ApiMemberRequest, ApiRequest, Id, Invalid, answers, anybody, writer
from cobra.json import absolute
from rooms.forms import LineForm
from rooms.line_json import line_of
from rooms.log import cursor_of
from rooms.models import Line, Room, RoomVersion
from rooms.querysets import Position
from rooms.window import PAGE

CURSOR = "X-Cursor"

router = Router(tags=["rooms"])


class Sender(Schema):
    id: int
    nickname: str
    profile_picture_url: str | None


class LineOut(Schema):
    id: int
    room: int
    seq: int
    version: int
    type: str
    message: str
    html: str
    sender: Sender
    reply_to: int | None
    created_at: datetime
    edited_at: datetime | None
    deleted: bool


class LineIn(Schema):
    """`client_id`: a UUID of one's own; the same one again gives the line it made the first time."""

    message: str
    reply_to: Id | None = None
    client_id: uuid.UUID | None = None


class LineInRoom(LineIn):
    room: Id


Place = Annotated[Id | None, Query(description="A line's id.")]


def lines_url(room_id: int) -> str:
    return absolute(f"/api/chat/room/{room_id}/message/")


def stream_url(room_id: int, position: Position | None) -> str:
    """Where to listen on from where the room stands now."""
    cursor = f"?lastEventId={cursor_of(position)}" if position else ""
    return absolute(f"/api/chat/room/{room_id}/stream/{cursor}")


@router.get("/chat/room/{int:room_id}/message/", auth=anybody, response=answers(list[LineOut]), openapi_extra=OPEN)
def line_list(
    request: ApiRequest, room_id: Id, response: HttpResponse, before: Place = None, after: Place = None
) -> Any:
    """The newest fifty lines, or those before or after a line, in the order they were said."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=room_id)
    # Before the lines: what changes in between comes by the stream too, with a greater version.
    position = RoomVersion.objects.position(room.pk)
    if position is None:
        raise Http404
    lines = Line.objects.for_log().filter(room=room, kind=Line.Kind.SAID)
    if before is not None:
        shown = lines.page_before(_line(room, before).seq, PAGE)
    elif after is not None:
        shown = lines.page_after(_line(room, after).seq, PAGE)
    else:
        shown = lines.newest(PAGE)
    response[CURSOR] = cursor_of(position)
    return [line_of(line) for line in shown]


def _line(room: Room, line_id: int) -> Line:
    return get_object_or_404(Line, room=room, pk=line_id)


@router.post("/chat/room/{int:room_id}/message/", auth=writer, response=answers(LineOut, 201))
def line_new(request: ApiMemberRequest, room_id: Id, typed: LineIn, response: HttpResponse) -> Any:
    """Say a line."""
    return _say(request, room_id, typed, response)


@router.post("/chat/message/", auth=writer, response=answers(LineOut, 201))
def message_new(request: ApiMemberRequest, typed: LineInRoom, response: HttpResponse) -> Any:
    """Say a line, with the room in the body."""
    return _say(request, typed.room, typed, response)


def _say(request: ApiMemberRequest, room_id: int, typed: LineIn, response: HttpResponse) -> Any:
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=room_id)
    form = LineForm({"body": typed.message})
    if not form.is_valid():
        raise Invalid.of(form, body="message")
    reply_to = _answered(room, typed.reply_to) if typed.reply_to is not None else None
    line = room.say(author=request.user, text=form.cleaned_data["body"], client_id=typed.client_id, reply_to=reply_to)
    position = RoomVersion.objects.position(room.pk)
    if position:
        response[CURSOR] = cursor_of(position._replace(version=line.version))
    return Status(201, line_of(line))


def _answered(room: Room, line_id: int) -> Line:
    line = Line.objects.filter(room=room, pk=line_id, kind=Line.Kind.SAID).first()
    if line is None or line.is_gone:
        raise Invalid(reply_to=[_("There is no such line in this room.")])
    return line


STREAM = {
    **OPEN,
    "responses": {
        200: {
            "description": "The room as it happens; every `data:` is JSON.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
}


@router.get("/chat/room/{int:room_id}/stream/", auth=anybody, response={**answers(None)}, openapi_extra=STREAM)
def stream(
    request: ApiRequest,
    room_id: Id,
    last_event_id: Annotated[str | None, Query(alias="lastEventId")] = None,
) -> Any:
    """Server-sent events: `chat.message`, `chat.message.edited`, `chat.message.deleted`, `chat.presence`.

    Goes on after `Last-Event-ID` (or `?lastEventId=`). `reset` means that too much was missed: read the lines anew.
    """
    raise Http404  # answered in front of Django (`rooms.bot_stream`), by the site's own server
