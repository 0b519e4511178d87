"""What somebody wrote, for `accounts.export`, and what of it goes when they leave."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from accounts.export import ExportFile, address, as_json, clock, utc
from board.models import Citation, Digest, Post

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NAME = 60  # characters of a title in a file's name


def post_files(user: "User") -> Iterator[ExportFile]:
    """All my posts: one list of them as JSON, and a Markdown file each."""
    posts = Post.objects.filter(author=user).select_related("room", "category").prefetch_related("tags").order_by("pk")  # type: ignore[misc]  # a manager the stubs do not know
    index = []
    for post in posts.iterator(chunk_size=100):
        path = f"posts/{post.pk}-{slugify(post.title, allow_unicode=True)[:LONGEST_NAME]}".rstrip("-") + ".md"
        index.append(_post(post) | {"file": path})
        yield path, _page(post)
    yield "posts.json", as_json(index)


def bookmark_files(user: "User") -> Iterator[ExportFile]:
    """What I keep at hand, of what I may still read."""
    posts = Post.objects.visible_to(user).filter(bookmarks__person=user).order_by("pk")
    kept = [{"title": post.title, "address": address(post.get_absolute_url())} for post in posts.only("title")]
    yield "bookmarks.json", as_json(kept)


def draft_files(user: "User") -> Iterator[ExportFile]:
    """What I have begun to write."""
    drafts = [
        {
            "id": str(draft.pk),
            "post": draft.post_id,
            "title": draft.title,
            "body": draft.body,
            "category": draft.category.name if draft.category else None,
            "tags": draft.tags,
            "members_only": draft.members_only,
            "saved_at": utc(draft.saved_at),
        }
        for draft in user.drafts.select_related("category").order_by("created_at")
    ]
    yield "drafts.json", as_json(drafts)
    for number, draft in enumerate(drafts, 1):
        yield f"drafts/{number}.md", f"# {draft['title']}\n\n{draft['body']}\n"


def digest_files(user: "User") -> Iterator[ExportFile]:
    """The sections of kept thoughts that I made, each as Markdown too, and those I may read that quote me."""
    mine = []
    for digest in Digest.objects.filter(proposed_by=user).select_related("post").order_by("pk"):
        path = f"digests/{digest.pk}.md"
        mine.append(_digest(digest) | {"text": digest.text, "file": path})
        yield path, f"# {digest.title}\n\n{address(digest.get_own_url())}\n\n{digest.text}\n"
    quotes = Citation.objects.filter(line__author=user).there().order_by("digest", "position")
    of_digest = {number: [each.line_id for each in some] for number, some in groupby(quotes, attrgetter("digest_id"))}
    quoting = Digest.objects.visible_to(user).published().filter(pk__in=of_digest).select_related("post").order_by("pk")
    cited = [_digest(digest) | {"my_lines": of_digest[digest.pk]} for digest in quoting]
    yield "digests.json", as_json({"made": mine, "quoted_in": cited})


def forget(user: "User") -> None:
    """Who leaves takes along what nobody else has seen, and what they took back or were given back unpublished.

    A section that stands in a post, or waits for its author, was given to others and stays.
    """
    user.drafts.all().delete()
    user.bookmarks.all().delete()
    user.ticks.all().delete()
    user.digests.filter(published_at=None, state__in=[Digest.State.RETURNED, Digest.State.WITHDRAWN]).delete()


def _digest(digest: Digest) -> dict[str, Any]:
    return {
        "id": digest.pk,
        "post": digest.post_id,
        "title": digest.title,
        "state": digest.state,
        "words": digest.get_state_display(),
        "proposed_at": utc(digest.proposed_at),
        "published_at": utc(digest.published_at),
        "address": address(digest.get_absolute_url()),
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "title": post.title,
        "body": post.body,
        "category": post.category.name,
        "tags": [tag.name for tag in post.tags.all()],
        "members_only": post.members_only,
        "written_at": utc(post.created_at),
        "edited_at": utc(post.edited_at),
        "deleted_at": utc(post.room.deleted_at),
        "address": address(post.get_absolute_url()),
    }


def _page(post: Post) -> str:
    tags = " ".join(f"#{tag.name}" for tag in post.tags.all())
    facts = " · ".join(filter(None, (clock(post.created_at), post.category.name, tags)))
    return f"# {post.title}\n\n{facts}\n{address(post.get_absolute_url())}\n\n{post.body}\n"
