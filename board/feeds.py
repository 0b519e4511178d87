"""Feeds of what everybody may read: `/feed/`, narrowed by `?category=`, `?tag=` and `?author=`."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from board.listing import Choice, choice_of
from board.models import Post
from cobra.markdown import printable

NEWEST = 30


class PostFeed(Feed[Post, Choice]):
    """Atom, newest first, with the whole text. Nothing in it depends on who asks: members-only posts are in no feed."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Choice:
        return choice_of(request.GET, AnonymousUser())

    def title(self, choice: Choice) -> str:
        names = (choice.category, choice.tag and f"#{choice.tag.name}", choice.author)
        return " · ".join([*(str(name) for name in names if name), _("Cobra Space")])

    def link(self, choice: Choice) -> str:
        return reverse("board:post_list")

    def feed_url(self, choice: Choice) -> str:
        return choice.feed_address

    def items(self, choice: Choice) -> list[Post]:
        posts = choice.posts.select_related("author", "category", "room")
        return list(posts.prefetch_related("tags").newest_first()[:NEWEST])  # type: ignore[misc]  # as in for_list

    def item_title(self, post: Post) -> SafeString | str:
        return printable(post.title)

    def item_description(self, post: Post) -> SafeString:
        return post.body_safe

    def item_author_name(self, post: Post) -> str:
        return post.author.nickname

    def item_categories(self, post: Post) -> tuple[str, ...]:
        return tuple(printable(tag.name) for tag in post.tags.all())

    def item_pubdate(self, post: Post) -> datetime:
        return post.created_at

    def item_updateddate(self, post: Post) -> datetime:
        return post.edited_at or post.created_at
