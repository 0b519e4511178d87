"""What administrators change about the site."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Deed, User
from board.models import Category, Post
from cobra.testing import as_staff

pytestmark = pytest.mark.django_db
PAGES = ("/site/", "/site/categories/new/", "/site/categories/debugging/", "/site/texts/rules/")


@pytest.fixture
def as_administrator(client: Client, new_member: Callable[..., User]) -> Client:
    client.force_login(as_staff(new_member(), "administrators"))
    return client


def slugs() -> list[str]:
    return list(Category.objects.values_list("slug", flat=True))


def test_the_pages_are_the_administrators_alone(
    as_administrator: Client, new_member: Callable[..., User], stranger: User
) -> None:
    for person in (stranger, as_staff(new_member(), "moderators")):
        client = Client()
        client.force_login(person)
        assert {client.get(page).status_code for page in PAGES} == {404}
    assert {as_administrator.get(page).status_code for page in PAGES} == {200}


def test_a_category_is_added_named_and_coloured(as_administrator: Client) -> None:
    fields = {"name_ko": "잡담", "name_en": "Talk", "slug": "talk", "hue": "3"}
    assert as_administrator.post("/site/categories/new/", fields).status_code == 302
    assert slugs()[-1] == "talk"
    as_administrator.post("/site/categories/talk/", {"name_ko": "수다", "name_en": "Talk", "hue": "5"})
    talk = Category.objects.get(slug="talk")
    assert (talk.name_ko, talk.hue) == ("수다", 5)
    assert "수다" in as_administrator.get("/").text
    assert Deed.objects.filter(action="site").count() == 2


def test_a_wrong_one_is_asked_for_again_and_nothing_typed_is_lost(as_administrator: Client) -> None:
    fields = {"name_ko": "잡담", "name_en": "", "slug": "debugging", "hue": "9"}
    response = as_administrator.post("/site/categories/new/", fields)
    assert response.status_code == 422
    assert "잡담" in response.text
    assert set(response.context["form"].errors) == {"name_en", "slug", "hue"}


def test_categories_are_put_in_order(as_administrator: Client) -> None:
    first, second, *_rest = slugs()
    as_administrator.post(f"/site/categories/{second}/", {"move": "up"})
    assert slugs()[:2] == [second, first]
    as_administrator.post(f"/site/categories/{second}/", {"move": "up"})
    assert slugs()[:2] == [second, first]


def test_a_category_with_posts_stays(as_administrator: Client, post: Post) -> None:
    page = as_administrator.post("/site/categories/debugging/", {"remove": "1"}, follow=True)
    assert "이 분류에 글이 있어요" in page.text
    assert as_administrator.post("/site/categories/tools/", {"remove": "1"}).status_code == 302
    assert "tools" not in slugs()
    assert "debugging" in slugs()


def test_the_rules_are_worded_in_both_languages(client: Client, as_administrator: Client) -> None:
    texts = {"text_ko": "# 서로 존중해요", "text_en": "# Be kind <script>alert(1)</script>"}
    assert as_administrator.post("/site/texts/rules/", texts).status_code == 302
    visitor = Client()
    assert "서로 존중해요" in visitor.get("/rules/").text
    english = visitor.get("/rules/", headers={"Accept-Language": "en"}).text
    assert "Be kind" in english
    assert "<script>alert" not in english
    assert as_administrator.get("/site/texts/nothing/").status_code == 404


def test_the_welcome_stands_on_the_front_page(as_administrator: Client) -> None:
    as_administrator.post("/site/texts/welcome/", {"text_ko": "어서 오세요, **코브라**예요.", "text_en": ""})
    page = Client().get("/").text
    assert "<strong>코브라</strong>" in page
