"""Somebody's posts on their own page, which knows no posts itself: people come before the board."""

from dataclasses import dataclass

from django import template

from accounts.models import User
from board.models import Post
from rooms.attendance import rooms_alive
from rooms.presence import Roster

register = template.Library()
NEWEST = 5  # posts


@dataclass(frozen=True)
class Written:
    """How many posts of somebody this reader may see, and the newest of them."""

    count: int
    newest: list[Post]


@register.simple_tag(takes_context=True)
def written_by(context: template.Context, person: User) -> Written:
    """`{% written_by person as written %}`: two queries."""
    posts = Post.objects.visible_to(context["user"]).filter(author=person)
    newest = list(
        posts.newest_first().select_related("room").only("title", "created_at", "room__members_only")[:NEWEST]
    )
    alive = rooms_alive() if newest else {}
    for post in newest:
        post.roster = alive.get(post.pk, Roster())  # type: ignore[attr-defined]
    return Written(posts.count(), newest)
