"""What people do on the site by hand, in the words of their language."""

import uuid

from playwright.sync_api import Locator, Page, expect

PASSWORD = "오래된 주머니쥐 42"

# What a Korean page says where an English one says this. Written down, not looked up: a test reads what people read.
KOREAN = {
    "Body": "본문",
    "Category": "분류",
    "Come in": "들어오기",
    "Debugging": "디버깅",
    "Delete": "지우기",
    "Edit": "고치기",
    "Email": "이메일",
    "I forgot my password": "비밀번호를 잊었어요",
    "My menu": "내 메뉴",
    "Nickname": "닉네임",
    "Older posts": "지난 글 더 보기",
    "Password": "비밀번호",
    "Publish and open the room": "올리고 방 열기",
    "Save": "저장",
    "Say something in the room": "방에 말하기",
    "Send": "보내기",
    "Sign out": "나가기",
    "Tags": "태그",
    "Take a seat": "자리 만들기",
    "Title": "제목",
    "Write": "글쓰기",
}


class Person:
    """Somebody with a browser of their own and without an account at first. Without scripts they reload to see more."""

    def __init__(self, page: Page, *, language: str = "ko", scripts: bool = True) -> None:
        self.page = page
        self.language = language
        self.scripts = scripts
        self.name = ""
        self.email = ""

    def word(self, english: str) -> str:
        return KOREAN[english] if self.language == "ko" else english

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=self.word(name), exact=True)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=self.word(name), exact=True)

    def field(self, label: str) -> Locator:
        """By its label, which may go on with "optional"."""
        return self.page.locator("main").get_by_label(self.word(label)).first

    def presses(self, name: str) -> None:
        """A button that sends a form; without scripts that is a new page, and this waits for it."""
        if self.scripts:
            self.button(name).click()
        else:
            with self.page.expect_event("load"):
                self.button(name).click()

    # --- the way in and out ---

    def signs_up(self, name: str = "") -> None:
        """From the front page, through the form. A number is added to the name, since the site is many tests'."""
        unique = uuid.uuid4().hex[:6]
        self.name, self.email = f"{name}{unique}", f"{unique}@example.com"
        self.page.goto("/")
        self.link("Take a seat").click()
        self.field("Email").fill(self.email)
        self.field("Nickname").fill(self.name)
        self.field("Password").fill(PASSWORD)
        self.button("Take a seat").click()
        expect(self.menu).to_be_visible()

    def signs_in(self, password: str = PASSWORD) -> None:
        self.page.goto("/accounts/login/")
        self.field("Email").fill(self.email)
        self.field("Password").fill(password)
        self.button("Come in").click()

    def signs_out(self) -> None:
        self.menu.click()
        self.button("Sign out").click()
        expect(self.menu).to_be_hidden()

    @property
    def menu(self) -> Locator:
        return self.page.locator(f"summary[aria-label='{self.word('My menu')}']")

    # --- posts and rooms ---

    def writes(self, title: str, body: str, *, tags: str = "") -> None:
        self.page.goto("/posts/new/")
        self.field("Title").fill(title)
        self.field("Category").select_option(label=self.word("Debugging"))
        self.field("Tags").fill(tags)
        self.field("Body").fill(body)
        self.presses("Publish and open the room")

    def finds(self, title: str) -> None:
        """Opens the post from the list."""
        self.page.goto("/")
        self.page.locator(".entry h2").get_by_role("link", name=title).click()

    def says(self, text: str) -> None:
        self.page.get_by_role("textbox", name=self.word("Say something in the room")).fill(text)
        self.presses("Send")

    def reads(self, *lines: str) -> None:
        """These are the lines in the room, from the first to the last."""
        if not self.scripts:
            self.page.reload()
        expect(self.page.locator("#lines .line .tx")).to_have_text(list(lines))
