"""The JSON API of posts and their rooms: `/api/post/…`, `/api/chat/room/`."""

from ninja import Router

from board.api import posts, rooms

router = Router()
for part in (posts, rooms):
    router.add_router("", part.router)
