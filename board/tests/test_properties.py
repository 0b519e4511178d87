"""Whatever people type: no answer of 5xx, no script in any page, no text lost.

Some hundreds of cases each; `python -m bench.anything` tries ten thousand.
"""

import os
import re
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from board.models import Draft, Post
from board.tags import split_tags, tag_key, tag_slug
from cobra.markdown import LINE_LIMIT, excerpt, render_line, render_post
from rooms.models import Line

CASES = int(os.environ.get("PROPERTY_CASES", "100"))
cases = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    # The fixtures' rows stay through all the cases of a test, which only add to them.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

# What breaks parsers, and what attackers try, between whatever else there is in Unicode.
WORDS = r"""
<script>alert(1)</script> <img/src=x/onerror=alert(1)> javascript:alert(1) [a](javascript:alert(1))
![](data:text/html,x) </textarea> "onmouseover="x '-- %00 ``` ~~~html |a|b| |-|-| -[] @민서 #파이썬 C++
tag: in:room -word " \ 각 ㅋㅋ &lt; &#x3c;script&#x3e; {{7*7}} ../../ * _ > #
"""
SIGNS = [" ", "\n", "\r\n", "\x00", "\ud800", "\u202e", "\u2028", "\U0001f469\u200d\U0001f4bb"]
PIECES = st.sampled_from([*WORDS.split(), *SIGNS])
TEXT = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=8).map("".join)
# What can be in a form at all: a browser sends no lone surrogate.
TYPED = TEXT.map(lambda text: text.encode("utf-8", "replace").decode())

PARAMETERS = st.sampled_from(["q", "tag", "category", "author", "sort", "before", "at", "after"])

SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=\"/static/)|\son\w+\s*=\s*[\"']|href\s*=\s*[\"']\s*javascript:", re.IGNORECASE
)


def holds(response: HttpResponseBase) -> str:
    """The page, which is no 5xx and in which nothing of what was typed runs."""
    assert response.status_code < 500
    text: str = getattr(response, "text", "")
    markup = re.sub(r"<textarea.*?</textarea>", "", text, flags=re.DOTALL)
    assert not SCRIPT.search(re.sub(r">[^<]*<", "><", markup)), response.status_code
    return text


@cases
@given(TEXT)
@example("<script>" * 20)
def test_markdown_makes_no_script_of_anything(text: str) -> None:
    for html in (render_post(text), render_line(text)):
        assert not SCRIPT.search(re.sub(r">[^<]*<", "><", html))
        assert "<script" not in html
    assert len(excerpt(text)) <= 160


@cases
@given(TEXT)
def test_tags_split_into_words_that_stay_themselves(text: str) -> None:
    for tag in split_tags(text):
        assert tag_key(tag) == tag_key(tag_key(tag))
        assert tag_slug(tag_key(tag))


@pytest.mark.django_db
@cases
@given(words=TYPED)
def test_every_search_is_answered(post: Post, words: str) -> None:
    client = Client()
    for path in ("/search/", "/search/suggest/", "/tags/suggest/"):
        holds(client.get(path, {"q": words}))


@pytest.mark.django_db
@cases
@given(words=TYPED)
def test_every_nickname_is_taken_or_refused_with_a_sentence(owner: User, words: str) -> None:
    client = Client()
    client.force_login(owner)
    form = {"nickname": words, "language": "ko", "time_zone": "Asia/Seoul"}
    response = client.post("/settings/account/", form)
    assert response.status_code in (302, 303, 422)
    holds(response)
    holds(client.get("/people/", {"q": words}))
    User.objects.filter(pk=owner.pk).update(renamed_at=None)


@pytest.mark.django_db
@cases
@given(title=TYPED, body=TYPED, tags=TYPED)
def test_no_post_is_lost(owner: User, title: str, body: str, tags: str) -> None:
    client = Client()
    client.force_login(owner)
    before = Post.objects.count()
    response = client.post("/posts/new/", {"title": title, "body": body, "category": 1, "tags": tags})
    page = holds(response)
    if response.status_code == 303:
        post = Post.objects.latest("pk")
        assert Post.objects.count() == before + 1
        assert post.body == body.replace("\r\n", "\n").replace("\r", "\n").rstrip()
        holds(client.get(post.get_absolute_url()))
    else:
        assert response.status_code == 422
        assert Post.objects.count() == before
        assert "<textarea" in page
    Draft.objects.all().delete()


@pytest.mark.django_db
@cases
@given(body=TYPED)
def test_no_line_is_lost(post: Post, owner: User, body: str) -> None:
    client = Client()
    client.force_login(owner)
    response = client.post(f"/posts/{post.pk}/room/lines/", {"body": body})
    holds(response)
    if response.status_code == 303:
        said = Line.objects.latest("pk")
        assert said.text == body.replace("\r\n", "\n").replace("\r", "\n").rstrip()
        holds(client.get(f"/lines/{said.pk}/"))
    else:
        assert response.status_code == 422
        assert not body.strip() or len(body) > LINE_LIMIT or "\x00" in body or body.isspace() or not body.isprintable()


@pytest.mark.django_db
@cases
@given(
    fields=st.dictionaries(st.sampled_from(["q", "tag", "category", "author", "sort", "before", "at", "after"]), TYPED)
)
def test_no_address_breaks_a_page(post: Post, fields: dict[str, Any]) -> None:
    client = Client()
    for path in ("/", post.get_absolute_url(), f"/posts/{post.pk}/room/", "/feed/", "/rooms/", "/moderation/"):
        holds(client.get(path, fields))
