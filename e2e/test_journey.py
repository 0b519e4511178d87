"""The whole way, as people go it: by hand, in fresh browsers, from the front page on."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from e2e.letters import letter_to, link_in
from e2e.person import PASSWORD, Person
from e2e.site import Site

People = Callable[..., Person]

BODY = """지난주에 **uvicorn(ASGI)**으로 옮겼습니다.

| 접속 | idle |
|:--|--:|
| 90명 | 94 |

```python
room = await Room.objects.aget(pk=1)
```
"""


@pytest.fixture
def person(new_context: Callable[..., BrowserContext]) -> People:
    """`person("en", scripts=False)`: somebody new, in a fresh browser of that language."""

    def make(language: str = "ko", *, scripts: bool = True) -> Person:
        locale = {"ko": "ko-KR", "en": "en-US"}[language]
        page = new_context(locale=locale, java_script_enabled=scripts).new_page()
        return Person(page, language=language, scripts=scripts)

    return make


def own(words: str) -> str:
    """With a number, since the site is many tests'."""
    return f"{words}-{uuid.uuid4().hex[:8]}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_post_its_room_and_two_people_of_two_languages(person: People, scripts: bool) -> None:
    minseo, maya = person("ko", scripts=scripts), person("en", scripts=scripts)
    title, tags = own("커넥션이 바닥나요"), [own("Django"), own("한글")]

    minseo.signs_up("민서")
    minseo.writes(title, BODY, tags=", ".join(tags))
    article = minseo.page.locator("article")
    expect(article.get_by_role("heading", level=1)).to_have_text(title)
    expect(article.locator("strong")).to_have_text("uvicorn(ASGI)")
    expect(article.get_by_role("cell")).to_have_text(["90명", "94"])
    expect(article.locator("pre .k")).to_have_text("await")
    expect(article.locator(".meta .tag")).to_have_text(tags)
    expect(article.locator(".meta")).to_contain_text(minseo.name)
    minseo.reads()
    minseo.says("`idle`이 94개예요. 누가 안 돌려주는 걸까요?")
    minseo.reads("idle이 94개예요. 누가 안 돌려주는 걸까요?")

    maya.signs_up("Maya")
    maya.page.goto("/")
    entry = maya.page.locator(".entry", has_text=title)
    expect(entry).to_contain_text(minseo.name)
    expect(entry.locator(".meta .tag")).to_have_text(tags)
    expect(entry.locator(".whisper")).to_contain_text("idle이 94개예요.")
    maya.finds(title)
    maya.reads("idle이 94개예요. 누가 안 돌려주는 걸까요?")
    maya.says("The stream holds it.\n\n```python\nawait sync_to_async(connection.close)()\n```")
    for one in (maya, minseo):
        lines = one.page.locator("#lines .line .tx")
        if not scripts:
            one.page.reload()
        expect(lines).to_have_count(2)
        expect(lines.last).to_contain_text("The stream holds it.")
        expect(lines.last.locator("pre code")).to_have_text("await sync_to_async(connection.close)()\n")
        expect(one.page.locator("#lines .line .by a").first).to_have_text(minseo.name)

    expect(minseo.page.locator("html")).to_have_attribute("lang", "ko")
    expect(minseo.button("Send")).to_be_visible()
    expect(minseo.page.get_by_role("link", name="본문으로 건너뛰기")).to_be_attached()
    expect(maya.page.locator("html")).to_have_attribute("lang", "en")
    expect(maya.button("Send")).to_be_visible()
    expect(maya.page.get_by_role("link", name="Skip to content")).to_be_attached()


def test_an_author_changes_and_deletes_a_post(person: People) -> None:
    minseo, reader = person(), person("en")
    title, tag, other_tag = own("커넥션이 바닥나요"), own("django"), own("asgi")
    minseo.signs_up("민서")
    minseo.writes(title, BODY, tags=tag)
    minseo.says("방은 그대로 남아요.")
    minseo.reads("방은 그대로 남아요.")
    address = minseo.page.url.partition("#")[0]

    minseo.link("Edit").click()
    expect(minseo.field("Title")).to_have_value(title)
    expect(minseo.field("Tags")).to_have_value(tag)
    expect(minseo.field("Body")).to_have_value(BODY.rstrip())
    minseo.field("Title").fill(f"{title} (풀었어요)")
    minseo.field("Tags").fill(f"{tag} {other_tag}")
    minseo.field("Body").fill("한 줄이었네요.")
    minseo.button("Save").click()
    expect(minseo.page.get_by_role("heading", level=1)).to_have_text(f"{title} (풀었어요)")
    reader.page.goto(address)
    for one in (minseo, reader):
        expect(one.page.get_by_role("heading", level=1)).to_have_text(f"{title} (풀었어요)")
        expect(one.page.locator("article .md")).to_have_text("한 줄이었네요.")
        expect(one.page.locator("article .meta .tag")).to_have_text([tag, other_tag])
        expect(one.page.locator("#lines .line .tx")).to_have_text(["방은 그대로 남아요."])
    expect(reader.link("Edit")).to_have_count(0)

    minseo.link("Delete").click()
    minseo.button("Delete").click()
    expect(minseo.page.get_by_role("heading", level=1)).to_have_text("지운 글이에요")
    gone = reader.page.goto(address)
    assert gone
    assert gone.status == 404
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Nothing at these coordinates")
    minseo.page.goto("/")
    expect(minseo.page.get_by_role("link", name=title)).to_have_count(0)
    minseo.page.goto(address)
    minseo.page.get_by_role("button", name="되살리기").click()
    expect(minseo.page.get_by_role("heading", level=1)).to_have_text(f"{title} (풀었어요)")
    reader.page.goto(address)
    expect(reader.page.locator("article .md")).to_have_text("한 줄이었네요.")
    reader.page.locator("article .meta").get_by_role("link", name="edited").click()
    expect(reader.page.locator(".diff ins").first).to_contain_text("(풀었어요)")


def test_out_and_in_again_with_the_wrong_password_and_with_the_right_one(person: People) -> None:
    minseo = person()
    minseo.signs_up("민서")
    minseo.signs_out()
    expect(minseo.page.get_by_text("나왔어요. 또 만나요.")).to_be_visible()

    minseo.signs_in("그 비밀번호가 아니에요")
    expect(minseo.page.get_by_role("alert")).to_contain_text("이메일이나 비밀번호가 맞지 않아요.")
    expect(minseo.field("Email")).to_have_value(minseo.email)
    expect(minseo.field("Email")).to_have_attribute("aria-invalid", "true")
    expect(minseo.field("Password")).to_have_value("")

    minseo.field("Password").fill(PASSWORD)
    minseo.button("Come in").click()
    expect(minseo.menu).to_be_visible()


def test_a_forgotten_password_is_replaced_by_mail(person: People, site: Site) -> None:
    minseo, new_password = person(scripts=False), "새로 지은 주머니쥐 43"
    minseo.signs_up("민서")
    minseo.signs_out()
    minseo.page.goto("/accounts/login/")
    minseo.link("I forgot my password").click()
    minseo.field("Email").fill(minseo.email)
    minseo.button("Send").click()
    expect(minseo.page.get_by_role("heading", level=1)).to_have_text("메일함을 봐 주세요")

    letter = letter_to(minseo.email, site, about="/password/reset/key/")  # not the one that came for signing up
    assert "코브라 스페이스예요." in letter
    minseo.page.goto(link_in(letter))
    minseo.page.get_by_label("새 비밀번호", exact=True).fill("1234567890")
    minseo.page.get_by_role("button", name="새 비밀번호로 바꾸기").click()
    expect(minseo.page.locator("form .err").first).to_contain_text("너무 흔한 비밀번호예요.")
    for field in minseo.page.locator("main input[type=password]").all():
        field.fill(new_password)
    minseo.page.get_by_role("button", name="새 비밀번호로 바꾸기").click()
    expect(minseo.page.get_by_role("heading", level=1)).to_have_text("새 비밀번호로 바꿨어요")

    minseo.signs_in(PASSWORD)
    expect(minseo.page.get_by_role("alert")).to_be_visible()
    minseo.signs_in(new_password)
    expect(minseo.menu).to_be_visible()
    minseo.page.goto(link_in(letter))
    expect(minseo.page.get_by_role("heading", level=1)).to_have_text("이미 쓴 링크예요")


def described(field: Locator) -> list[str]:
    """What is said about the field besides its label; every id it names must be there."""
    return [
        str(text)
        for text in field.evaluate(
            """field => (field.getAttribute("aria-describedby") ?? "").split(/\\s+/).filter(Boolean)
                .map(id => document.getElementById(id)?.textContent.trim() ?? `nothing has the id ${id}`)"""
        )
    ]


def test_a_refused_sign_up_keeps_what_was_typed_and_says_why_beside_each_field(person: People) -> None:
    jiwoo, minseo = person(), person()
    jiwoo.signs_up("지우")
    minseo.page.goto("/accounts/signup/")
    minseo.field("Email").fill("minseo@nowhere")
    minseo.field("Nickname").fill(jiwoo.name)
    minseo.field("Password").fill("1234")
    minseo.button("Take a seat").click()

    expect(minseo.page.get_by_role("alert")).to_contain_text("거의 다 됐어요.")
    expect(minseo.page.get_by_role("alert").get_by_role("link")).to_have_text(["이메일", "닉네임", "비밀번호"])
    expect(minseo.field("Email")).to_have_value("minseo@nowhere")
    expect(minseo.field("Nickname")).to_have_value(jiwoo.name)
    for label, why in {
        "Email": "주소가 조금 달라 보여요.",
        "Nickname": "이미 누가 쓰고 있어요.",
        "Password": "10자 이상이어야 해요.",
    }.items():
        expect(minseo.field(label)).to_have_attribute("aria-invalid", "true")
        assert any(why in text for text in described(minseo.field(label))), described(minseo.field(label))
        assert not any("nothing has the id" in text for text in described(minseo.field(label)))

    minseo.page.get_by_role("alert").get_by_role("link", name="닉네임").click()
    expect(minseo.field("Nickname")).to_be_focused()


def test_a_refused_post_keeps_what_was_typed_and_says_why_beside_each_field(person: People) -> None:
    minseo = person("en")
    minseo.signs_up("Minseo")
    minseo.writes("", "  indented = True\n", tags="one two three four five six")
    expect(minseo.page.get_by_role("alert").get_by_role("link")).to_have_text(["Title", "Tags"])
    expect(minseo.field("Body")).to_have_value("  indented = True\n")
    expect(minseo.field("Tags")).to_have_value("one two three four five six")
    assert described(minseo.field("Title")) == ["A title, please: what fails, and how?"]
    assert "Five tags at most: take out 1." in described(minseo.field("Tags"))

    minseo.field("Title").fill("Indented")
    minseo.field("Tags").fill("")
    minseo.field("Body").fill("   \n")
    minseo.button("Publish and open the room").click()
    expect(minseo.page.get_by_role("alert").get_by_role("link")).to_have_text(["Body"])
    expect(minseo.field("Title")).to_have_value("Indented")
    assert "The body is empty." in described(minseo.field("Body"))


def test_a_visitor_keeps_the_language_in_a_cookie_and_a_member_in_the_profile(person: People) -> None:
    maya = person("en")
    maya.page.goto("/accounts/password/reset/")
    maya.page.get_by_role("button", name="한국어").click()
    expect(maya.page).to_have_url(re.compile("/accounts/password/reset/$"))
    expect(maya.page.locator("html")).to_have_attribute("lang", "ko")
    maya.page.goto("/")
    expect(maya.page.locator("html")).to_have_attribute("lang", "ko")
    cookies = {cookie.get("name"): cookie.get("value") for cookie in maya.page.context.cookies()}
    assert cookies["django_language"] == "ko"

    minseo, elsewhere = person("ko"), person("ko")
    minseo.signs_up("민서")
    minseo.page.goto("/")
    minseo.page.locator("footer").get_by_role("button", name="English").click()
    minseo.language = "en"
    expect(minseo.page.locator("html")).to_have_attribute("lang", "en")
    expect(minseo.link("Write").first).to_be_visible()
    elsewhere.email = minseo.email
    elsewhere.signs_in()
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", "en")
