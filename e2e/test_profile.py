"""Telling who one is, by keys alone."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from e2e.conftest import Member
from e2e.keys import Keys

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])

KOREAN = {
    "About me": "소개",
    "Curious about": "요즘 궁금한 것",
    "Edit profile": "프로필 고치기",
    "I read unseen": "조용히 읽을래요",
    "Level of skill": "할 줄 아는 것 {}의 수준",
    "Links": "링크",
    "Name and language": "이름과 언어",
    "Nickname": "닉네임",
    "Only people on my list read my profile": "내가 친구로 추가한 사람만 내 프로필을 읽어요",
    "Picture": "사진",
    "Privacy": "공개 범위",
    "Save": "저장",
    "Save and add more": "저장하고 더 적기",
    "Saved.": "저장했어요.",
    "Skill": "할 줄 아는 것 {}",
    "Skills": "할 줄 아는 것",
    "Status": "한마디",
    "Take the picture away": "사진 빼기",
    "Time zone": "시간대",
    "can teach": "가르칠 수 있음",
    "learning": "배우는 중",
}
ENGLISH = {"Skill": "Skill {}", "Level of skill": "Level of skill {}"}


class Hands:
    """On the keyboard, in front of a page in one of the two languages."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language, self.keys = page, language, Keys(page)
        # Asked for only when the key is pressed, Chromium might open the dialog of the system instead.
        page.on("filechooser", lambda _chooser: None)

    def word(self, english: str, number: int = 0) -> str:
        words = KOREAN if self.language == "ko" else ENGLISH
        return words.get(english, english).format(number)

    def field(self, label: str, number: int = 0) -> Locator:
        """By its label, which may go on with "optional"."""
        label = self.word(label, number)
        found = self.page.locator("main label").filter(has_text=label)
        return self.page.locator(f"#{found.first.get_attribute('for')}")

    def goes(self, link: str) -> None:
        self.keys.to(self.page.get_by_role("link", name=self.word(link), exact=True))
        self.leaves("Enter")

    def presses(self, button: str) -> None:
        self.keys.to(self.page.get_by_role("button", name=self.word(button), exact=True))
        self.leaves("Enter")

    def leaves(self, key: str) -> None:
        with self.page.expect_event("load"):
            self.keys.press(key)

    def types(self, label: str, text: str, number: int = 0, key: str = "Tab") -> None:
        self.keys.to(self.field(label, number), key)
        self.keys.press("Control+A", "Delete")
        self.keys.type(text)

    def chooses(self, picture: FilePayload) -> None:
        self.keys.to(self.field("Picture"))
        with self.page.expect_file_chooser() as chooser:
            self.keys.press("Enter")
        chooser.value.set_files(picture)


def picture(name: str = "me.jpg") -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


@LANGUAGES
@SCRIPTS
def test_somebody_tells_who_they_are_by_keys_alone(member: Callable[..., Member], language: str, scripts: bool) -> None:
    someone = member("민서", language=language, java_script_enabled=scripts)
    page, hands = someone.page, Hands(someone.page, language)
    main, name = page.locator("main"), someone.user.nickname
    page.goto(someone.user.get_absolute_url())

    hands.goes("Edit profile")
    hands.chooses(picture())
    hands.types("Status", "커넥션을 세고 있어요")
    hands.types("About me", "**백엔드**를 만들어요.")
    hands.types("Curious about", "asgi, 쿼리 최적화")
    hands.types("Links", "minseo.example")
    hands.keys.press("Enter")
    hands.keys.type("git.example/minseo")
    hands.presses("Save")
    expect(page.locator(".messages")).to_have_text(hands.word("Saved."))
    for told in ("커넥션을 세고 있어요", "쿼리 최적화", "git.example/minseo"):
        expect(main).to_contain_text(told)
    expect(main.locator(".md strong")).to_have_text("백엔드")
    for face in page.locator("img.avatar").all():  # on the page and in the menu
        assert face.evaluate("face => face.complete && face.naturalWidth") == 256

    hands.goes("Edit profile")
    hands.goes("Skills")
    for number, (skill, presses) in enumerate([("Python", 2), ("Rust", -1), ("질문하기", 0)], start=1):
        hands.types("Skill", skill, number)
        hands.keys.to(hands.field("Level of skill", number))
        hands.keys.press(*["ArrowDown" if presses > 0 else "ArrowUp"] * abs(presses))
    hands.presses("Save and add more")
    hands.types("Skill", "Zig", 4)  # from here the keys go on: Tab leads to it, not back to the top
    hands.types("Skill", "", 2, "Shift+Tab")
    hands.presses("Save")
    expect(main.locator(".skills b")).to_have_text(["Python", "Zig", "Rust"])
    expect(main.locator(".skills small").first).to_have_text(hands.word("can teach"))
    expect(main.locator(".skills small").last).to_have_text(hands.word("learning"))
    expect(main.locator(".skills li").first.locator("i.j")).to_have_count(4)

    hands.goes("Edit profile")
    hands.goes("Name and language")
    hands.types("Nickname", f"{name}_py")
    hands.keys.to(hands.field("Time zone"))
    hands.keys.type("Berlin")
    hands.presses("Save")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}_py")
    someone.user.refresh_from_db()
    assert someone.user.time_zone == "Europe/Berlin"

    hands.goes("Edit profile")
    hands.goes("Privacy")
    for switch in ("Only people on my list read my profile", "I read unseen"):
        hands.keys.to(hands.field(switch))
        hands.keys.press("Space")
    hands.presses("Save")
    someone.user.refresh_from_db()
    assert (someone.user.profile.is_private, someone.user.is_unseen) == (True, True)
    assert not hands.keys.unseen


@SCRIPTS
def test_a_refused_profile_says_what_is_wrong_and_keeps_the_rest(member: Callable[..., Member], scripts: bool) -> None:
    someone = member("민서", java_script_enabled=scripts)
    page, hands = someone.page, Hands(someone.page, "ko")
    page.goto("/settings/profile/")
    hands.chooses({"name": "me.png", "mimeType": "image/png", "buffer": b"not a picture"})
    hands.types("Status", "남아야 할 말")
    hands.types("Links", "그냥 말")
    hands.presses("Save")
    expect(page.get_by_role("alert")).to_be_focused()
    hands.keys.press("Tab", "Tab")
    expect(page.locator("[role=alert] a").last).to_be_focused()
    hands.keys.press("Enter")
    hands.keys.look()
    expect(hands.field("Links")).to_have_value("그냥 말")
    expect(hands.field("Links")).to_have_attribute("aria-invalid", "true")
    expect(hands.field("Status")).to_have_value("남아야 할 말")
    expect(page.locator("#id_picture_error")).to_contain_text("JPEG")
    hands.types("Links", "")
    hands.chooses(picture())
    hands.presses("Save")
    expect(page.locator("main img.avatar")).to_be_visible()
    hands.goes("Edit profile")
    hands.keys.to(hands.field("Take the picture away"))
    hands.keys.press("Space")
    hands.presses("Save")
    expect(page.locator("img.avatar")).to_have_count(0)
    assert not hands.keys.unseen


def test_a_private_page_keeps_its_words_and_an_old_name_leads_there(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    new_post(by=minseo.user, title="모두가 읽는 글")
    before, page = minseo.user.get_absolute_url(), jiwoo.page
    minseo.user.profile.rewrite(status="비밀 한마디", is_private=True)
    minseo.user.rename(f"{minseo.user.nickname}_py")
    page.goto(before)
    expect(page.get_by_role("heading", level=1)).to_have_text(minseo.user.nickname)
    expect(page.get_by_role("heading", level=2)).to_have_text("친구에게만 보이는 프로필이에요")
    expect(page.locator("main")).not_to_contain_text("모두가 읽는 글")
    expect(page.locator("main")).not_to_contain_text("비밀 한마디")
    minseo.user.add_friend(jiwoo.user)
    page.reload()
    expect(page.locator("main")).to_contain_text("모두가 읽는 글")
    expect(page.locator("main")).to_contain_text("비밀 한마디")


@SCRIPTS
def test_a_photograph_that_is_too_large_is_told_of_and_takes_no_words_along(
    member: Callable[..., Member], scripts: bool
) -> None:
    page = member("민서", java_script_enabled=scripts).page
    page.goto("/settings/profile/")
    status = page.get_by_label("한마디")
    status.fill("사진을 고르는 중")
    photograph = FilePayload(name="me.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8\xff" + b"0" * 7 * 1024 * 1024)
    page.get_by_label("사진", exact=False).first.set_input_files(photograph)
    if scripts:
        expect(page.locator("file-limit .err")).to_have_text("사진이 5MB를 넘어요.")
        page.get_by_role("button", name="저장").click()
        expect(page.get_by_text("저장했어요.")).to_be_visible()
        page.goto("/settings/profile/")
    else:
        page.get_by_role("button", name="저장").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("문보다 커서 들어오지 못해요")
        page.go_back()
    expect(status).to_have_value("사진을 고르는 중")
