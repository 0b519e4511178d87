"""Every address for everybody: who gets what, and whose secrets are in no answer.

A row is one request; its answers are the statuses for the people of `ROLES` in that order, when the owner's profile is
public and the post open to all, and after the bar when the profile is private and the post for members only. A new
address without a row fails the first test.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from accounts.models import FOR_EVER, User
from board.models import Category, Digest, Draft, Post, Report
from cobra.api import api
from cobra.testing import as_staff
from cobra.tests.test_site import views
from rooms.models import Room

pytestmark = pytest.mark.django_db

# As the owner sees them: on my list; has me on theirs, and so not I them; blocked by me. And who may only read for now.
ROLES = ("visitor", "stranger", "on my list", "lists me", "blocked", "owner", "staff", "suspended")
LOGIN = "302"

# fmt: off
ROWS = {
    #                                              visitor stranger on-list lists-me blocked owner staff suspended
    ("board:post_list", "GET /"):                 "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:category_detail", "GET /categories/debugging/"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:tag_detail", "GET /tags/secret/"):    "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:tag_list", "GET /tags/"):             "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:tag_suggestion", "GET /tags/suggest/?q=sec"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:room_list", "GET /rooms/"):           "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:post_feed", "GET /feed/"):            "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:search_list", "GET /search/?q=비밀"): "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:search_list", "GET /search/?q=비밀&room={post}"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:search_suggest", "GET /search/suggest/?q=비밀"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:post_new", "GET /posts/new/"):        "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("board:post_preview", "POST /posts/preview/ body=hi"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("board:draft_list", "GET /drafts/"):         "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("board:draft_list", "POST /drafts/ title=hi draft={draft}"):
                                                  "302 404 404 404 404 302 404 404 | 302 404 404 404 404 302 404 404",
    ("board:draft_detail", "GET /drafts/{draft}/"):
                                                  "302 404 404 404 404 200 404 404 | 302 404 404 404 404 200 404 404",
    ("board:draft_detail", "POST /drafts/{draft}/ kept=0"):
                                                  "302 404 404 404 404 302 404 404 | 302 404 404 404 404 302 404 404",
    ("board:post_detail", "GET /posts/{post}/"):  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:post_bookmark", "POST /posts/{post}/bookmark/ bookmarked=1"):
                                                  "302 302 302 302 302 302 302 302 | 302 302 302 302 404 302 302 404",
    ("board:post_view", "POST /posts/{post}/view/"):
                                                  "302 302 302 302 302 302 302 302 | 404 302 302 302 404 302 302 404",
    ("board:post_history", "GET /posts/{post}/history/"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:post_room", "GET /posts/{post}/room/"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:post_edit", "GET /posts/{post}/edit/"):
                                                  "302 403 403 403 403 200 403 403 | 302 403 403 403 404 200 403 404",
    ("board:post_delete", "GET /posts/{post}/delete/"):
                                                  "302 403 403 403 403 200 200 403 | 302 403 403 403 404 200 200 404",
    ("board:post_delete", "POST /posts/{post}/delete/"):
                                                  "302 403 403 403 403 302 302 403 | 302 403 403 403 404 302 302 404",
    ("board:digest_list", "GET /posts/{post}/digest/"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:digest_list", "POST /posts/{post}/digest/ line={line} shown={line}"):
                                                  "302 403 403 403 403 302 403 403 | 404 403 403 403 404 302 403 404",
    ("board:digest_new", "GET /posts/{post}/digest/new/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 404 200 200 404",
    ("board:digest_detail", "GET /posts/{post}/digest/{digest}/"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:digest_edit", "GET /posts/{post}/digest/{digest}/edit/"):
                                                  "302 403 403 403 403 200 200 403 | 302 403 403 403 404 200 200 404",
    ("board:digest_state", "POST /posts/{post}/digest/{digest}/state/ state=withdrawn"):
                                                  "302 403 403 403 403 302 302 403 | 302 403 403 403 404 302 302 404",
    ("board:digest_detail", "GET /posts/{post}/digest/{proposal}/"):
                                                  "404 404 404 404 404 200 200 404 | 404 404 404 404 404 200 200 404",
    ("board:line_tick", "POST /lines/{line}/tick/ ticked=1"):
                                                  "302 403 403 403 403 302 403 403 | 302 403 403 403 404 302 403 404",
    ("board:post_transcript", "GET /posts/{post}/transcript/"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:post_export", "GET /posts/{post}/export/?format=md"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("board:post_export", "GET /posts/{post}/export/?format=json"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("rooms:room_verdict", "GET /posts/{post}/verdict/"):
                                                  "302 403 403 403 403 200 200 403 | 302 403 403 403 404 200 200 404",
    ("rooms:room_verdict", "POST /posts/{post}/verdict/ verdict=solved text=hi"):
                                                  "302 403 403 403 403 302 302 403 | 302 403 403 403 404 302 302 404",
    ("rooms:room_slow_mode", "POST /posts/{post}/slow-mode/ seconds=10"):
                                                  "302 403 403 403 403 302 302 403 | 302 403 403 403 404 302 302 404",
    ("rooms:line_new", "POST /posts/{post}/room/lines/ body=hi"):
                                                  "302 303 303 303 403 303 303 403 | 302 303 303 303 404 303 303 404",
    ("rooms:line_new", "GET /posts/{post}/room/lines/"):
                                                  "302 302 302 302 302 302 302 302 | 302 302 302 302 404 302 302 404",
    ("rooms:room_membership", "POST /posts/{post}/room/membership/ member=1"):
                                                  "302 303 303 303 303 303 303 303 | 302 303 303 303 404 303 303 404",
    ("rooms:room_read", "POST /posts/{post}/room/read/ seq=1"):
                                                  "302 303 303 303 303 303 303 303 | 302 303 303 303 404 303 303 404",
    ("rooms:room_presence", "POST /posts/{post}/room/presence/ typing=1"):
                                                  "302 204 204 204 204 204 204 204 | 302 204 204 204 404 204 204 404",
    ("rooms:room_beat", "POST /posts/{post}/room/beat/ guest=0123456789"):
                                                  "204 204 204 204 204 204 204 204 | 404 204 204 204 404 204 204 404",
    ("rooms:line_detail", "GET /lines/{line}/"):  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("rooms:line_edit", "GET /lines/{line}/edit/"):
                                                  "302 403 403 403 403 200 403 403 | 302 403 403 403 404 200 403 404",
    ("rooms:line_edit", "POST /lines/{line}/edit/ body=hi"):
                                                  "302 403 403 403 403 302 403 403 | 302 403 403 403 404 302 403 404",
    ("rooms:line_delete", "GET /lines/{line}/delete/"):
                                                  "302 403 403 403 403 200 403 403 | 302 403 403 403 404 200 403 404",
    ("rooms:line_delete", "POST /lines/{line}/delete/"):
                                                  "302 403 403 403 403 302 403 403 | 302 403 403 403 404 302 403 404",
    ("rooms:line_reactions", "POST /lines/{line}/reactions/ word=+1"):
                                                  "302 302 302 302 403 302 302 403 | 302 302 302 302 404 302 302 404",
    ("rooms:room_people", "GET /posts/{post}/room/people/?q=a"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 404 200 200 404",
    ("accounts:person_detail", "GET /people/{owner}/"):
                                                  "200 200 200 200 404 200 200 200 | 200 200 200 200 404 200 200 200",
    ("accounts:person_list", "GET /people/?q={owner}"):
                                                  "302 302 302 302 302 302 302 302 | 302 302 302 302 302 302 302 302",
    ("accounts:person_friendship", "POST /people/{owner}/friendship/ wanted=1"):
                                                  "302 303 303 303 404 400 303 403 | 302 303 303 303 404 400 303 403",
    ("accounts:person_block", "POST /people/{owner}/block/ wanted=1"):
                                                  "302 303 303 303 404 400 303 303 | 302 303 303 303 404 400 303 303",
    ("accounts:friend_list", "GET /friends/"):    "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:friend_search", "GET /friends/search/?keyword={owner}"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:inbox", "GET /inbox/"):            "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:inbox_read", "POST /inbox/read/"): "302 303 303 303 303 303 303 303 | 302 303 303 303 303 303 303 303",
    ("accounts:skills_edit", "GET /settings/skills/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:account_edit", "GET /settings/account/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:privacy_edit", "GET /settings/privacy/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:accessibility_edit", "GET /settings/accessibility/"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("accounts:accessibility_edit", "POST /settings/accessibility/ aloud=all"):
                                                  "302 302 302 302 302 302 302 302 | 302 302 302 302 302 302 302 302",
    ("accounts:keyboard_detail", "GET /keyboard/"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("accounts:data_detail", "GET /settings/data/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:data_download", "GET /settings/data/download/"):
                                                  "302 404 404 404 404 404 404 404 | 302 404 404 404 404 404 404 404",
    ("accounts:account_close", "GET /settings/close/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:account_goodbye", "GET /goodbye/"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("accounts:picture_detail", "GET /media/pictures/00000000000000000000000000000000.webp"):
                                                  "404 404 404 404 404 404 404 404 | 404 404 404 404 404 404 404 404",
    ("accounts:profile_edit", "GET /settings/profile/"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 200 200 200 200",
    ("accounts:language_edit", "POST /settings/language/ language=en"):
                                                  "302 302 302 302 302 302 302 302 | 302 302 302 302 302 302 302 302",
    # The JSON API by the site's own session; cobra/tests/test_api_contract.py holds its operations one by one.
    ("api", "GET /user/profile/"):                "401 200 200 200 200 200 200 200 | 401 200 200 200 200 200 200 200",
    ("api", "GET /user/friends/"):                "401 200 200 200 200 200 200 200 | 401 200 200 200 200 200 200 200",
    ("api", "GET /user/friend-profile/{id}/"):    "401 200 200 200 404 200 200 200 | 401 403 200 403 404 200 200 403",
    ("api", "GET /user/search-friends/?keyword={owner}"):
                                                  "401 200 200 200 200 200 200 200 | 401 200 200 200 200 200 200 200",
    ("api", "GET /api/post/categories"):          "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("api", "GET /api/post/"):                    "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("api", "GET /api/post/?search=비밀"):        "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("api", "GET /api/post/detail/{post}/"):      "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("api", "GET /api/post/detail/{post}/edit/"): "401 403 403 403 403 200 403 403 | 401 403 403 403 404 200 403 403",
    ("api", "GET /api/chat/room/"):               "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("api", "GET /api/chat/room/{post}/"):        "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("api", "GET /api/chat/room/{post}/message/"):
                                                  "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    ("api", "POST /api/chat/message/ room={post} message=hi"):
                                                  "401 201 201 201 403 201 201 403 | 401 201 201 201 404 201 201 403",
    ("api", "POST /user/add-friend/ id={id}"):    "401 200 200 200 404 400 200 403 | 401 200 200 200 404 400 200 403",
    ("api", "POST /api/post/detail/{post}/delete/"):
                                                  "401 403 403 403 403 200 200 403 | 401 403 403 403 404 200 200 403",
    ("board:report_new", "GET /reports/new/?line={line}"):
                                                  "302 200 200 200 200 200 200 200 | 302 200 200 200 404 200 200 404",
    ("board:report_list", "GET /reports/"):       "302 404 404 404 404 404 200 404 | 302 404 404 404 404 404 200 404",
    ("board:report_detail", "GET /reports/{report}/"):
                                                  "302 404 404 404 404 404 200 404 | 302 404 404 404 404 404 200 404",
    ("board:deed_list", "GET /moderation/"):      "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:deed_undo", "POST /moderation/{deed}/undo/"):
                                                  "302 403 403 403 403 403 302 403 | 302 403 403 403 403 403 302 403",
    ("board:rules", "GET /rules/"):               "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("board:site_detail", "GET /site/"):          "302 404 404 404 404 404 200 404 | 302 404 404 404 404 404 200 404",
    ("board:category_new", "GET /site/categories/new/"):
                                                  "302 404 404 404 404 404 200 404 | 302 404 404 404 404 404 200 404",
    ("board:category_edit", "GET /site/categories/tools/"):
                                                  "302 404 404 404 404 404 200 404 | 302 404 404 404 404 404 200 404",
    ("board:site_text_edit", "GET /site/texts/rules/"):
                                                  "302 404 404 404 404 404 200 404 | 302 404 404 404 404 404 200 404",
    ("security_txt", "GET /.well-known/security.txt"):
                                                  "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("nothing_here", "GET /api/nothing/"):        "404 404 404 404 404 404 404 404 | 404 404 404 404 404 404 404 404",
    ("metrics", "GET /metrics"):                  "404 404 404 404 404 404 404 404 | 404 404 404 404 404 404 404 404",
    ("readyz", "GET /readyz"):                    "200 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200",
    ("favicon", "GET /favicon.ico"):              "302 302 302 302 302 302 302 302 | 302 302 302 302 302 302 302 302",
}
# fmt: on

# What nobody finds in an answer who may not read it.
ABOUT, BODY, LINE, DRAFT, EMAIL = "비밀-소개", "비밀-본문", "비밀-줄", "비밀-초안", "owner-secret@example.com"


class World:
    """One owner with a post, a line in its room, and everybody who is something to them."""

    def __init__(self, new_member: Callable[..., User], *, private: bool) -> None:
        self.owner = new_member("주인", email=EMAIL, is_findable_by_email=False)
        self.owner.profile.rewrite(about=ABOUT, is_private=private)
        self.people: dict[str, User | None] = {"visitor": None, "owner": self.owner}
        for role in ("stranger", "on my list", "lists me", "blocked", "suspended"):
            self.people[role] = new_member()
        self.people["staff"] = as_staff(new_member(), "moderators", "administrators")
        self.owner.add_friend(self.person("on my list"))
        self.person("lists me").add_friend(self.owner)
        self.owner.block(self.person("blocked"))
        self.post = Post.publish(
            by=self.owner,
            title="비밀",
            body=BODY,
            category=Category.objects.get(slug="debugging"),
            tags=["secret"],
            members_only=private,
        )
        self.line = Room.objects.get(pk=self.post.pk).say(author=self.owner, text=LINE)
        self.draft = Draft.objects.create(author=self.owner, post=self.post, body=DRAFT)
        text = f"[[{self.line.seq}]]"
        self.digest = Digest.propose(post=self.post, by=self.owner, title="모음", text=text)
        self.digest.publish(by=self.owner, version=1)
        self.proposal = Digest.propose(post=self.post, by=self.owner, title="제안", text=text)
        self.report = Report.file(by=self.person("stranger"), about=self.line, reason="spam")
        self.deed = self.person("suspended").suspend(by=self.person("staff"), until=FOR_EVER, reason="광고")
        self.private = private

    def person(self, role: str) -> User:
        person = self.people[role]
        assert person
        return person

    def send(self, role: str, request: str) -> HttpResponseBase:
        """`METHOD path field=value …`, the names in braces filled in."""
        names = {"owner": self.owner.nickname, "id": self.owner.pk, "post": self.post.pk, "line": self.line.pk}
        names["draft"] = self.draft.pk
        names |= {"digest": self.digest.pk, "proposal": self.proposal.pk}
        names |= {"report": self.report.pk, "deed": self.deed.pk}
        method, path, *fields = request.format(**names).split()
        client = Client(raise_request_exception=True)
        if person := self.people[role]:
            client.force_login(User.objects.get(pk=person.pk))
        data: dict[str, Any] = dict(field.split("=", 1) for field in fields)
        if path.startswith(("/user/", "/api/")) and method == "POST":
            json = {name: int(value) if value.isdecimal() else value for name, value in data.items()}
            api_response: HttpResponseBase = client.post(path, json, content_type="application/json")
            return api_response
        response: HttpResponseBase = getattr(client, method.lower())(path, data)
        return response

    def secrets_from(self, role: str) -> Iterator[str]:
        """What may not stand in any answer to them."""
        yield "md5$"
        if role != "owner":
            yield EMAIL
            yield DRAFT
        if self.private and role not in ("on my list", "owner", "staff"):
            yield ABOUT
        if self.private and role in ("visitor", "blocked", "suspended"):
            yield BODY
            yield LINE


def test_every_address_has_its_row() -> None:
    assert {name for name, _request in ROWS} - {"api"} == set(views(get_resolver()))
    read = {
        f"{method.upper()} {path}" for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
    }
    read = {re.sub(r"{\w+}", "#", label).rstrip("/") for label in read if label.startswith("GET")}
    asked = {re.sub(r"{\w+}", "#", request.partition("?")[0]).rstrip("/") for name, request in ROWS if name == "api"}
    assert read - asked == {"GET /api/chat/room/#/stream"}  # held in rooms/tests


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
def test_the_matrix(new_member: Callable[..., User], private: bool) -> None:
    world = World(new_member, private=private)
    found: dict[str, str] = {}
    leaks: list[tuple[str, str, str]] = []
    for _name, request in ROWS:
        statuses = []
        for role in ROLES:
            status, text = answer(world, role, request)
            statuses.append(str(status))
            leaks += [(request, role, secret) for secret in world.secrets_from(role) if secret in text]
        found[request] = " ".join(statuses)
    due = {request: row.split(" | ")[private] for (_name, request), row in ROWS.items()}
    assert found == due
    assert leaks == []


def answer(world: World, role: str, request: str) -> tuple[int, str]:
    """What they get; whatever it changed is as it was before."""
    cache.clear()
    with transaction.atomic():
        response = world.send(role, request)
        transaction.set_rollback(True)
    text = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, text.decode()
