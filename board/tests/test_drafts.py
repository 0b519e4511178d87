"""Drafts: what is typed is kept, never in another post, and goes when it is published."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from board.models import Category, Draft, Post
from board.models.draft import MOST

pytestmark = pytest.mark.django_db
AS_SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Page:
    """An open editor: what is typed goes with the hidden fields that it came with."""

    def __init__(self, client: Client, path: str = "/posts/new/", **client_options: Any) -> None:
        self.client = client
        self.response = client.get(path)
        self.sheet = self.response.context["sheet"]

    def fields(self, **typed: Any) -> dict[str, Any]:
        category = Category.objects.get(slug="design").pk
        typed = {"title": "쓰던 글", "body": "본문", "category": category, "tags": "파이썬"} | typed
        hidden = {"draft": self.sheet.key, "draft_page": self.sheet.page, "draft_version": self.sheet.version}
        return typed | hidden | {"draft_post": self.sheet.post_id or "", "sent_by": self.response.context["user"].pk}

    def save(self, **typed: Any) -> Any:
        """As the page does by itself."""
        response = self.client.post("/drafts/", self.fields(**typed), headers=AS_SCRIPT)
        self.sheet = response.context["sheet"] if response.context and "sheet" in response.context else self.sheet
        return response

    def send(self, path: str = "/posts/new/", **typed: Any) -> Any:
        return self.client.post(path, self.fields(**typed))


@pytest.fixture
def me(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def bodies() -> list[str]:
    return sorted(Draft.objects.values_list("body", flat=True))


def test_one_page_keeps_one_draft_and_opening_it_shows_all_that_was_typed(me: Client) -> None:
    page = Page(me)
    for body in ("한", "한 글", "한 글자씩\n  ```"):
        assert page.save(body=body, tags="여섯 개가 넘는 태그 도 그 대로", members_only="on").status_code == 200
    draft = Draft.objects.get()
    assert (draft.body, draft.version, draft.pk) == ("한 글자씩\n  ```", 3, page.sheet.key)
    form = me.get(draft.get_absolute_url()).context["form"]
    assert form["body"].value() == "한 글자씩\n  ```"
    assert form["tags"].value() == "여섯 개가 넘는 태그 도 그 대로"
    assert form["members_only"].value() is True
    assert form["category"].value() == Category.objects.get(slug="design").pk


def test_whatever_was_typed_is_kept_right_or_wrong(me: Client) -> None:
    page = Page(me)
    assert page.save(title="가" * 500, body="널\x00문자" + "나" * 120_000, category="999").status_code == 200
    draft = Draft.objects.get()
    assert (len(draft.title), len(draft.body), draft.category) == (500, 120_003, None)
    page.save(title="", body="다 지웠어요")
    draft.refresh_from_db()
    assert (draft.title, draft.body) == ("", "다 지웠어요")


def test_nothing_typed_makes_no_draft(me: Client) -> None:
    assert Page(me).save(title=" ", body="\n").status_code == 204
    assert me.post("/drafts/", {})["Location"] == "/drafts/"
    assert not Draft.objects.exists()


def test_several_at_once_stay_apart_and_are_listed_the_latest_first(me: Client) -> None:
    first, second = Page(me), Page(me)
    first.save(title="첫 글")
    second.save(title="둘째 글")
    first.save(title="첫 글, 다시")
    assert [draft.title for draft in me.get("/drafts/").context["drafts"]] == ["첫 글, 다시", "둘째 글"]
    assert "둘째 글" in me.get("/posts/new/").text


def test_publishing_removes_exactly_its_draft(me: Client) -> None:
    first, second = Page(me), Page(me)
    first.save(title="첫 글")
    second.save(title="둘째 글")
    response = first.send(title="첫 글")
    assert response.status_code == 303
    assert response.cookies["draft_done"].value == str(first.sheet.key)
    assert [draft.title for draft in Draft.objects.all()] == ["둘째 글"]


def test_a_refused_send_leaves_the_draft_and_the_page_goes_on_with_it(me: Client, settings: Any) -> None:
    from cobra.rates import Rate

    page = Page(me)
    page.save()
    response = page.send(title="")
    assert response.status_code == 422
    assert response.context["sheet"].key == page.sheet.key
    settings.POST_RATE = Rate.parse("0/10m")
    response = page.send()
    assert (response.status_code, response.context["sheet"].key) == (429, page.sheet.key)
    assert bodies() == ["본문"]


def test_the_same_form_sent_twice_makes_one_post(me: Client) -> None:
    page = Page(me)
    assert page.send()["Location"] == page.send()["Location"]
    assert Post.objects.count() == 1
    assert page.send(body="뒤로 가서 고친 다른 글").status_code == 303
    assert Post.objects.count() == 2


def test_two_pages_of_one_draft_cover_each_other_never(me: Client) -> None:
    Page(me).save(body="처음")
    address = Draft.objects.get().get_absolute_url()
    one, other = Page(me, address), Page(me, address)
    assert other.save(body="한쪽에서").context["sheet"].has_parted is False
    parted = one.save(body="다른 쪽에서")
    assert parted.context["sheet"].has_parted
    assert 'role="alert"' in parted.text
    one.save(body="다른 쪽에서 더")
    other.save(body="한쪽에서 더")
    assert bodies() == ["다른 쪽에서 더", "한쪽에서 더"]


def test_a_save_whose_answer_was_lost_is_sent_again_into_the_same_draft(me: Client) -> None:
    page = Page(me)
    me.post("/drafts/", page.fields(body="하나"), headers=AS_SCRIPT)  # the page does not hear of it
    page.save(body="하나, 둘")
    assert bodies() == ["하나, 둘"]


def test_a_draft_of_a_post_is_of_no_other(me: Client, owner: User, new_post: Callable[..., Post]) -> None:
    posts = [new_post(by=owner, title=title, body="처음") for title in ("하나", "둘")]
    page = Page(me, f"/posts/{posts[0].pk}/edit/")
    page.save(body="고치는 중")
    assert "고치는 중" not in me.get(f"/posts/{posts[1].pk}/edit/").text
    draft = Draft.objects.get()
    assert draft.get_absolute_url() in me.get(f"/posts/{posts[0].pk}/edit/").text
    response = me.get(draft.get_absolute_url())
    assert response.context["action"] == f"/posts/{posts[0].pk}/edit/"
    assert Post.objects.get(pk=posts[0].pk).body == "처음"
    page.send(f"/posts/{posts[1].pk}/edit/", title="둘")  # another post's page does not take it away
    assert Draft.objects.exists()
    page.send(f"/posts/{posts[0].pk}/edit/")
    assert not Draft.objects.exists()


def test_the_draft_of_a_deleted_post_goes_on_as_a_new_one(me: Client, owner: User, post: Post) -> None:
    Page(me, f"/posts/{post.pk}/edit/").save(body="고치는 중")
    post.delete_softly(by=owner)
    page = Page(me, Draft.objects.get().get_absolute_url())
    assert page.response.context["action"] == "/posts/new/"
    page.save(body="이제 새 글")
    assert bodies() == ["고치는 중", "이제 새 글"]


def test_without_scripts_a_button_keeps_it_and_leads_to_it(me: Client) -> None:
    page = Page(me)
    assert 'formaction="/drafts/"' in page.response.text
    response = me.post("/drafts/", page.fields())
    draft = Draft.objects.get()
    assert (response.status_code, response["Location"]) == (302, draft.get_absolute_url())
    assert "초안을 맡아 두었어요" in me.get(draft.get_absolute_url()).text
    assert page.client.post(draft.get_absolute_url(), {"kept": "0"})["Location"] == "/drafts/"
    assert not Draft.objects.exists()


def test_drafts_are_nobody_elses(me: Client, stranger: User) -> None:
    page = Page(me)
    page.save(body="비밀")
    theirs = Client()
    theirs.force_login(stranger)
    address = Draft.objects.get().get_absolute_url()
    assert theirs.get(address).status_code == 404
    assert theirs.post(address, {"kept": "0"}).status_code == 404
    assert theirs.post("/drafts/", page.fields(body="덮어쓰기")).status_code == 404
    assert theirs.get("/drafts/").context["drafts"].count() == 0
    assert bodies() == ["비밀"]


def test_too_many_drafts_are_refused_with_the_text_still_there(me: Client, owner: User) -> None:
    Draft.objects.bulk_create(Draft(author=owner, title=str(number)) for number in range(MOST))
    page = Page(me)
    assert page.save().status_code == 422
    response = me.post("/drafts/", page.fields(body="아직 여기 있어요"))
    assert response.status_code == 422
    assert "아직 여기 있어요" in response.text


def test_a_send_after_the_session_ended_waits_for_its_author(me: Client, owner: User, post: Post) -> None:
    for path, body in (("/posts/new/", "새 글의 본문"), (f"/posts/{post.pk}/edit/", "고친 본문")):
        page = Page(me, path)
        me.session.flush()
        assert me.post(path, page.fields(body=body))["Location"].startswith("/accounts/login/")
        me.force_login(owner)
        response = me.get(path)
        assert response.context["form"]["body"].value() == body
        assert response.context["sheet"].key == page.sheet.key
        assert response.context["is_unsent"]
        assert "쓰던 글" in me.get("/drafts/").text
        me.post(path, page.fields(body=body))
        assert "is_unsent" not in me.get(path).context


def test_what_waits_is_not_shown_to_the_next_one_at_the_same_browser(me: Client, stranger: User) -> None:
    page = Page(me)
    assert 'name="sent_by"' in page.response.text
    me.session.flush()
    me.post("/posts/new/", page.fields(title="비밀"))
    me.force_login(stranger)
    assert "비밀" not in me.get("/posts/new/").text + me.get("/drafts/").text


def test_a_script_hears_that_it_is_signed_out(client: Client) -> None:
    response = client.post("/drafts/", {"title": "x"}, headers=AS_SCRIPT)
    assert (response.status_code, response["Content-Type"]) == (401, "text/plain; charset=utf-8")


@pytest.mark.parametrize("nonsense", [{"draft": "x"}, {"draft_version": "-1"}, {"draft_post": "x"}, {"draft_page": ""}])
def test_nonsense_in_the_hidden_fields_costs_no_text(me: Client, nonsense: dict[str, str]) -> None:
    assert me.post("/drafts/", Page(me).fields() | nonsense, headers=AS_SCRIPT).status_code == 200
    assert bodies() == ["본문"]


def test_an_id_that_is_none_is_404(me: Client) -> None:
    assert me.get(f"/drafts/{uuid.uuid4()}/").status_code == 404
    assert me.get("/drafts/1/").status_code == 404


def test_drafts_come_along_with_my_data_and_go_with_my_account(me: Client, owner: User) -> None:
    from accounts.export import write_zip

    Page(me).save(title="쓰던 글", body="내 초안")
    with io.BytesIO() as out:
        write_zip(owner, out)
        with zipfile.ZipFile(out) as archive:
            (draft,) = json.loads(archive.read("drafts.json"))
            assert (draft["title"], draft["body"], draft["tags"]) == ("쓰던 글", "내 초안", "파이썬")
            assert "내 초안" in archive.read("drafts/1.md").decode()
    owner.close()
    assert not Draft.objects.exists()
