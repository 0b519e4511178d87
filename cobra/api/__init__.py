"""The JSON API: one NinjaAPI for all parts, who asks, what may be sent, and how refusals look.

Its operations stand in `accounts.api`, `rooms.api` and `board.api`, and call the same verbs as the pages.
"""

from cobra.api.auth import OPEN, anybody, member, writer
from cobra.api.refusals import Invalid, nothing_here
from cobra.api.request import ApiMemberRequest, ApiRequest
from cobra.api.schemas import LISTED, Id, Limit, answers
from cobra.api.site import api

__all__ = [
    "LISTED",
    "OPEN",
    "ApiMemberRequest",
    "ApiRequest",
    "Id",
    "Invalid",
    "Limit",
    "answers",
    "anybody",
    "api",
    "member",
    "nothing_here",
    "writer",
]
