"""Feeds of what everybody may read: `/feed/`, narrowed by `?category=`, `?tag=` and `?author=`."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from board.models import Category, Post, Tag
from board.querysets import PostQuerySet

NEWEST = 30


class Chosen(NamedTuple):
    """What a feed is narrowed to; the name of each choice, for its title."""

    posts: PostQuerySet
    names: tuple[str, ...]
    query: str


class PostFeed(Feed[Post, Chosen]):
    """Atom, newest first, with the whole text. Nothing in it depends on who asks: members-only posts are in no feed."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Chosen:
        asked = request.GET.get
        posts, names = Post.objects.visible_to(AnonymousUser()), []
        if slug := asked("category"):
            category = get_object_or_404(Category, slug=slug)
            posts, names = posts.filter(category=category), [category.name]
        if slug := asked("tag"):
            tag = get_object_or_404(Tag, slug=slug)
            posts, names = posts.filter(post_tags__tag=tag), [*names, f"#{tag.name}"]
        if nickname := asked("author"):
            author = User.objects.active().named(nickname).first()
            if author is None:
                raise Http404
            posts, names = posts.filter(author=author), [*names, author.nickname]
        return Chosen(posts, tuple(names), request.GET.urlencode())

    def title(self, chosen: Chosen) -> str:
        return " · ".join((*chosen.names, _("Cobra Space")))

    def link(self, chosen: Chosen) -> str:
        return reverse("board:post_list")

    def feed_url(self, chosen: Chosen) -> str:
        return f"{reverse('board:post_feed')}{'?' if chosen.query else ''}{chosen.query}"

    def items(self, chosen: Chosen) -> list[Post]:
        posts = chosen.posts.select_related("author", "category", "room")
        return list(posts.prefetch_related("tags").newest_first()[:NEWEST])  # type: ignore[misc]  # as in for_list

    def item_title(self, post: Post) -> SafeString | str:
        return post.title

    def item_description(self, post: Post) -> SafeString:
        return post.body_safe

    def item_author_name(self, post: Post) -> str:
        return post.author.nickname

    def item_categories(self, post: Post) -> tuple[str, ...]:
        return tuple(tag.name for tag in post.tags.all())

    def item_pubdate(self, post: Post) -> datetime:
        return post.created_at

    def item_updateddate(self, post: Post) -> datetime:
        return post.edited_at or post.created_at
