"""`/posts/preview/`, and the button that does without scripts what it does with them."""

import pytest
from django.test import Client

from accounts.models import User
from board.models import Post

pytestmark = pytest.mark.django_db
AS_SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}
TYPED = {"title": "", "category": "", "tags": "one two three four five six", "body": "**굵게** <script>x</script>"}


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_with_scripts_the_answer_is_what_a_post_would_show(as_owner: Client) -> None:
    response = as_owner.post("/posts/preview/", {"body": TYPED["body"]}, headers=AS_SCRIPT)
    assert response.status_code == 200
    assert "<strong>굵게</strong>" in response.text
    assert "<script" not in response.text
    assert "<html" not in response.text


def test_an_empty_text_shows_what_the_pane_is_for(as_owner: Client) -> None:
    response = as_owner.post("/posts/preview/", {"body": " "}, headers=AS_SCRIPT)
    assert "dim" in response.text


@pytest.mark.parametrize("method", ["get", "put"])
def test_it_is_posted_to(as_owner: Client, method: str) -> None:
    assert getattr(as_owner, method)("/posts/preview/").status_code == 405


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.post("/posts/preview/", {"body": "x"}).status_code == 302
    assert client.post("/posts/preview/", {"body": "x"}, headers=AS_SCRIPT).status_code == 401


def test_without_scripts_the_button_shows_the_text_and_keeps_everything_typed_without_a_word_of_blame(
    as_owner: Client,
) -> None:
    response = as_owner.post("/posts/new/", {**TYPED, "preview": "1"})
    assert response.status_code == 200
    assert "<strong>굵게</strong>" in response.text
    assert "one two three four five six" in response.text
    assert "**굵게** &lt;script&gt;" in response.text
    assert "aria-invalid" not in response.text
    assert not Post.objects.exists()


def test_a_post_under_change_is_previewed_and_not_changed(as_owner: Client, post: Post) -> None:
    address = f"/posts/{post.pk}/edit/"
    assert post.body_html in as_owner.get(address).text
    response = as_owner.post(address, {**TYPED, "preview": "1"})
    assert "<strong>굵게</strong>" in response.text
    post.refresh_from_db()
    assert "굵게" not in post.body
