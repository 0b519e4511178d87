"""axe finds nothing on any page (WCAG 2.0 to 2.2, A and AA, and good practice); nothing sticks out of a narrow one."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import BrowserContext, Page, Response, expect

from e2e.conftest import Member
from e2e.findings import Findings
from e2e.letters import letter_to, link_in
from e2e.person import PASSWORD, Person
from e2e.site import Site

SETTINGS = [f"/settings/{name}/" for name in ("profile", "skills", "account", "privacy", "accessibility")]
# What the forms of those pages refuse, by the names of their fields.
WRONG = {"nickname": "", "links": "그냥 말", "skills-0-name": "긴 이름" * 20}
PICTURE = Path(__file__).parent.parent / "docs" / "post.webp"

LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])

BODY = """문단 하나와 `코드`, **굵게**, *기울여*, ~~지움~~, [링크](https://example.com/).

## 제목

- [x] 한 일
- [ ] 할 일

| 동시 접속 | idle |
|:--|--:|
| 90명 | 94 |

```python
async def stream(request, room_id):
    room = await Room.objects.aget(pk=room_id)  # 여기서 하나 빌립니다
```

> 인용

1. 하나
2. 둘

---

https://example.com/a-very-long-address-without-a-single-place-to-break-it/and-on-it-goes/and-on-it-goes
"""


@pytest.fixture
def post(new_post: Callable[..., Any]) -> Any:
    """A post with a bit of everything in it, and a room where people talked."""
    from accounts.models import User

    names = (f"{name}{uuid.uuid4().hex[:6]}" for name in ("민서", "Maya"))
    minseo, maya = (User.objects.create_user(f"{name}@example.com", nickname=name) for name in names)
    post = new_post(
        by=minseo,
        title="ASGI로 옮긴 뒤 커넥션이 바닥나요",
        body=BODY,
        tags=("접근성", "c++", "aVeryLongTagWithoutABreak"),
    )
    first = post.room.say(author=minseo, text="첫 줄이에요. `idle`이 94개예요.")
    post.room.say(author=minseo, text="```sql\nselect state, count(*) from pg_stat_activity group by state; -- 94\n```")
    post.room.say(author=maya, text="> 인용\n\nThe **stream** holds it: https://example.com/", reply_to=first)
    post.room.say(author=maya, text="long " * 3_000)
    return post


def refused(page: Page, form: str) -> None:
    """Send it as it is, by the browser itself: scripts would stay on the page."""
    with page.expect_navigation():
        page.locator(form).first.evaluate("form => form.submit()")


@LANGUAGES
def test_a_visitors_pages(new_context: Callable[..., BrowserContext], post: Any, language: str) -> None:
    page, findings = new_context(locale=language).new_page(), Findings()
    empty = next(tag for tag in post.tags.all() if tag.name == "접근성")
    address = post.get_absolute_url()
    for each in (
        "/",
        "/categories/debugging/",
        "/tags/",
        empty.get_absolute_url(),
        address,
        f"{address}?view=post",
        f"{address}?view=room",
        f"/lines/{post.room.lines.last().pk}/",
        "/search/",
        "/search/?q=접근성",
        "/search/?q=없는낱말",
        post.author.get_absolute_url(),
        "/keyboard/",
        "/settings/accessibility/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-nonsense/",
        "/accounts/confirm-email/nonsense/",
        "/accounts/inactive/",
        "/posts/999999999/",
    ):
        page.goto(each)
        expect(page.locator("html")).to_have_attribute("lang", language)
        findings.look(page, thorough=language == "ko")

    for each in ("login", "signup", "password/reset"):
        page.goto(f"/accounts/{each}/")
        refused(page, "main form")
        expect(page.get_by_role("alert")).to_be_visible()
        findings.look(page, thorough=language == "ko")
    findings.none()


@LANGUAGES
def test_a_members_pages(member: Callable[..., Member], post: Any, language: str) -> None:
    from accounts.models import User
    from accounts.pictures import made_of

    minseo, findings = member("민서", language=language), Findings()
    page, thorough = minseo.page, language == "ko"
    address = post.get_absolute_url()
    post.author = minseo.user
    post.save(update_fields=["author"])
    post.room.owner = minseo.user
    post.room.save(update_fields=["owner"])
    minseo.user.profile.rewrite(
        status="한마디", about=BODY, interests=["asgi", "쿼리 최적화"], links=[f"https://example.com/{'long' * 30}"]
    )
    minseo.user.profile.know([("Python", 4), ("aVeryLongNameWithoutABreakOfFortySigns!!", 1)])
    minseo.user.profile.show_picture(made_of(ContentFile(PICTURE.read_bytes())))
    jiwoo = User.objects.create_user(f"{uuid.uuid4().hex[:8]}@example.com", nickname=uuid.uuid4().hex[:8])
    jiwoo.profile.rewrite(is_private=True)
    draft = minseo.user.drafts.create(title="쓰다 만 글", body=BODY, post=post)
    # Something to read, and a call in it.
    post.room.take_part(by=minseo.user)
    post.room.read(by=minseo.user, up_to=1)
    post.room.say(author=jiwoo, text=f"@{minseo.user.nickname} 이 줄 보셨어요?")
    for each in (
        "/",
        "/rooms/",
        "/inbox/",
        address,
        f"{address}?view=post",
        f"{address}?view=room",
        "/posts/new/",
        "/drafts/",
        "/?bookmarked=1",
        draft.get_absolute_url(),
        f"{address}edit/",
        f"{address}delete/",
        minseo.user.get_absolute_url(),
        jiwoo.get_absolute_url(),
        *SETTINGS,
        "/accounts/logout/",
        "/accounts/email/",
        "/accounts/password/change/",
    ):
        page.goto(each)
        expect(page.locator("html")).to_have_attribute("lang", language)
        findings.look(page, thorough=thorough)

    for each, form in {
        "/posts/new/": "form.write",
        address: "#composer",
        "/settings/profile/": "main form",
        "/settings/skills/": "main form",
        "/settings/account/": "main form",
        "/accounts/password/change/": "main form",
    }.items():
        page.goto(each)
        for name, wrong in WRONG.items():
            for field in page.locator(f"{form} [name={name}]").all():
                field.evaluate("(field, wrong) => { field.value = wrong }", wrong)
        refused(page, form)
        expect(page.get_by_role("alert").first).to_be_visible()
        findings.look(page, thorough=thorough)

    page.goto(address)
    for menu in page.locator("details.menu > summary").all():
        menu.click()
        findings.look(page, thorough=False)
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#sheet")).to_be_visible()
    findings.look(page, thorough=thorough)
    findings.none()


@LANGUAGES
def test_the_pages_of_the_loop(
    member: Callable[..., Member], new_context: Callable[..., BrowserContext], post: Any, language: str
) -> None:
    from board.models import Digest, Tick
    from rooms.models import Room, Verdict

    minseo, findings = member("민서", language=language), Findings()
    room = Room.objects.get(pk=post.pk)
    lines = list(room.lines.said().order_by("seq"))
    text = f"처음 [[{lines[0].seq}]].\n\n## 소제목\n\n[[{lines[1].seq}]]\n\n[[{lines[2].seq}]]"
    Digest.propose(post=post, by=post.author, title="긴 제목 " * 10, text=text).publish(by=post.author, version=1)
    room.owner = minseo.user
    room.save(update_fields=["owner"])
    room.take_part(by=minseo.user)
    proposal = Digest.propose(post=post, by=post.author, title="제안", text=text)
    Tick.choose(by=minseo.user, room=room, shown=[lines[0].pk], ticked=[lines[0].pk])
    room.close(by=minseo.user, verdict=Verdict.ON_HOLD, text="long" * 40)
    address, visitor = post.get_absolute_url(), new_context(locale=language).new_page()
    for page, pages in (
        (visitor, (address, f"{address}?view=room", "/", f"{address}transcript/", f"{address}digest/")),
        (minseo.page, (address, f"{address}digest/", f"{address}digest/new/", proposal.get_own_url())),
        (minseo.page, (f"{proposal.get_own_url()}edit/", f"{address}verdict/", f"/lines/{lines[0].pk}/tick/")),
    ):
        for each in pages:
            page.goto(each)
            expect(page.locator("html")).to_have_attribute("lang", language)
            findings.look(page, thorough=language == "ko")
    for each, form in {f"{address}digest/new/": ".digest-form", f"{address}verdict/": ".verdict-form"}.items():
        minseo.page.goto(each)
        minseo.page.locator(f"{form} [name=text]").fill("")
        refused(minseo.page, form)
        expect(minseo.page.get_by_role("alert").first).to_be_visible()
        findings.look(minseo.page, thorough=language == "ko")
    findings.none()


@pytest.fixture
def site_without_tables(site: Site, tmp_path: Path) -> Iterator[Site]:
    """Whatever is asked of it, it fails."""
    (tmp_path / "static").symlink_to(site.var_dir / "static")
    broken = Site(tmp_path)
    broken.start()
    yield broken
    broken.stop()


@pytest.fixture
def strict_site(site: Site) -> Iterator[Site]:
    """The same site, by a second server that wants every address confirmed and lets nobody sign up twice an hour."""
    strict = Site(site.var_dir, AUTH_RATE="1/1h", EMAIL_VERIFICATION="mandatory")
    strict.start()
    yield strict
    strict.stop()


@LANGUAGES
def test_the_pages_of_trouble(
    member: Callable[..., Member],
    post: Any,
    site_without_tables: Site,
    language: str,
) -> None:
    jiwoo, findings = member("지우", language=language), Findings()
    page, thorough = jiwoo.page, language == "ko"

    korean = language == "ko"
    answers: list[int] = []

    def hear(response: Response) -> None:
        if response.request.is_navigation_request():
            answers.append(response.status)

    def look(status: int, title: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert answers[-1] == status
        findings.look(page, thorough=thorough)

    page.on("response", hear)
    page.goto(f"{post.get_absolute_url()}edit/")
    look(403, "여기는 바꿀 수 없어요" if korean else "Not yours to change")
    page.goto("/settings/profile/")
    jiwoo.context.clear_cookies(name="csrftoken")
    refused(page, "main form")
    look(403, "한 번만 더 보내 주세요" if korean else "Send it once more")
    page.goto(f"{site_without_tables.url}/")
    look(500, "우리 코드가 물렸어요" if korean else "Our code got bitten")
    findings.none()


@LANGUAGES
def test_the_page_of_a_code_and_of_too_much(
    new_context: Callable[..., BrowserContext], strict_site: Site, language: str
) -> None:
    person, findings = Person(new_context(locale=language).new_page(), language=language), Findings()
    page, thorough, korean = person.page, language == "ko", language == "ko"

    def sign_up() -> None:
        page.context.clear_cookies()
        page.goto(f"{strict_site.url}/accounts/signup/")
        person.field("Email").fill(f"{uuid.uuid4().hex}@example.com")
        person.field("Password").fill(PASSWORD)
        person.button("Take a seat").click()

    def look(title: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        findings.look(page, thorough=thorough)

    sign_up()
    look("메일로 받은 코드를 적어 주세요" if korean else "Type the code from the letter")
    refused(page, "main form")
    expect(page.get_by_role("alert")).to_be_visible()
    look("메일로 받은 코드를 적어 주세요" if korean else "Type the code from the letter")
    sign_up()
    look("조금만 천천히요" if korean else "A little slower")
    findings.none()


@LANGUAGES
def test_the_page_of_a_new_password(
    new_context: Callable[..., BrowserContext], member: Callable[..., Member], site: Site, language: str
) -> None:
    user = member(language=language).user
    person, findings = Person(new_context(locale=language).new_page(), language=language), Findings()
    person.page.goto("/accounts/password/reset/")
    person.field("Email").fill(user.email)
    person.page.locator("main form button.primary").click()
    person.page.goto(link_in(letter_to(user.email, site)))
    expect(person.page.locator("main input[type=password]").first).to_be_visible()
    findings.look(person.page, thorough=language == "ko")
    findings.none()
