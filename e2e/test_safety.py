"""Second factors, sessions, my data, and leaving for good: in a browser, as people do it."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.findings import Findings
from e2e.person import PASSWORD, Person
from e2e.site import Site

LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])

People = Callable[..., Person]


@pytest.fixture
def person(new_context: Callable[..., BrowserContext]) -> People:
    """`person("en", scripts=False)`: somebody new, in a fresh browser of that language."""

    def make(language: str = "ko", *, scripts: bool = True) -> Person:
        locale = {"ko": "ko-KR", "en": "en-US"}[language]
        page = new_context(locale=locale, java_script_enabled=scripts).new_page()
        return Person(page, language=language, scripts=scripts)

    return make


def give_authenticator(page: Page) -> tuple[Any, str]:
    """A virtual security key that has a fingerprint, in this page's browser."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def confirms(page: Page) -> None:
    """The password, where it is asked for once more."""
    expect(page).to_have_url(re.compile("/accounts/reauthenticate/"))
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main button.primary").click()


def code_of(page: Page) -> str:
    """What an app shows that was given the key on the page."""
    return code_for(page.locator("#authenticator_secret").text_content() or "")


def sets_up_an_app(page: Page) -> str:
    """Its secret."""
    page.goto("/accounts/2fa/")
    page.locator("#totp-on").click()
    confirms(page)
    expect(page.locator("svg.qr")).to_be_visible()
    secret = page.locator("#authenticator_secret").text_content() or ""
    page.locator("#id_code").fill(code_of(page))
    page.locator("main button.primary").click()
    expect(page.locator("#recovery_codes code")).to_have_count(10)
    return secret


def code_for(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    counters = list(yield_hotp_counters_from_time())  # those that are taken now, the oldest first
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def asks_the_browser(page: Page, button: str) -> None:
    """Push what opens the browser's own dialogue: allauth's script listens once the page is whole."""
    expect(page.locator(button)).to_be_visible()
    page.wait_for_load_state()
    page.locator(button).click()


def test_a_passkey_is_added_and_opens_the_door_alone(person: People) -> None:
    minseo = person()
    page = minseo.page
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    minseo.signs_up("민서")
    devtools, key = give_authenticator(page)
    page.goto("/accounts/2fa/")
    page.locator("#key-add").click()
    confirms(page)
    page.locator("#id_name").fill("노트북")
    asks_the_browser(page, "#mfa_webauthn_add")
    expect(page.locator("#recovery_codes")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="노트북")).to_be_visible()

    minseo.signs_out()
    page.goto("/accounts/login/?next=/posts/new/")
    asks_the_browser(page, "#passkey_login")
    expect(page).to_have_url(re.compile("/posts/new/$"))
    expect(minseo.menu).to_be_visible()

    # It is not at hand: the page says so, and the password with a code goes on.
    minseo.signs_out()
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    assert troubles == []
    page.goto("/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    asks_the_browser(page, "#passkey_login")
    expect(page.locator("passkey-trouble .err")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(person: People) -> None:
    minseo = person("en")
    page = minseo.page
    minseo.signs_up("Minseo")
    give_authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirms(page)
    asks_the_browser(page, "#mfa_webauthn_add")
    expect(page.locator("#recovery_codes")).to_be_visible()
    minseo.signs_out()
    minseo.signs_in()
    asks_the_browser(page, "#mfa_webauthn_authenticate")
    expect(minseo.menu).to_be_visible()


@SCRIPTS
def test_an_authenticator_app_on_and_off(person: People, scripts: bool) -> None:
    minseo = person(scripts=scripts)
    page = minseo.page
    minseo.signs_up("민서")
    secret = sets_up_an_app(page)
    codes = page.locator("#recovery_codes code").all_text_contents()
    minseo.signs_out()

    minseo.signs_in()
    code = page.locator("#id_code")
    if scripts:
        expect(code).to_be_focused()
    code.fill("12")
    page.keyboard.press("Enter")
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_code_error")).to_be_visible()
    code.fill(code_for(secret))
    page.keyboard.press("Enter")
    expect(minseo.menu).to_be_visible()
    minseo.signs_out()
    minseo.signs_in()
    page.locator("#id_code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(minseo.menu).to_be_visible()

    page.goto("/accounts/2fa/")
    page.locator("#totp-off").click()
    if "reauthenticate" in page.url:
        confirms(page)
    page.locator("main button.danger").click()
    expect(page.locator("#totp-on")).to_be_visible()
    minseo.signs_out()
    minseo.signs_in()
    expect(minseo.menu).to_be_visible()


def test_the_other_places_are_signed_out(person: People) -> None:
    minseo, elsewhere = person(), person()
    minseo.signs_up("민서")
    elsewhere.email = minseo.email
    elsewhere.signs_in()
    expect(elsewhere.menu).to_be_visible()
    minseo.page.goto("/accounts/sessions/")
    expect(minseo.page.locator("#sessions li")).to_have_count(2)
    minseo.page.locator("main button.danger").click()
    expect(minseo.page.locator("#sessions li")).to_have_count(1)
    elsewhere.page.goto("/")
    expect(elsewhere.menu).to_have_count(0)
    expect(minseo.menu).to_be_visible()


@SCRIPTS
def test_everything_of_mine_is_put_together_and_fetched(person: People, scripts: bool) -> None:
    minseo = person(scripts=scripts)
    page = minseo.page
    minseo.signs_up("민서")
    minseo.writes("내 글이에요", "본문 **굵게**")
    minseo.says("내 말이에요")
    minseo.reads("내 말이에요")
    page.goto("/settings/data/")
    page.locator("main form button").click()
    if not scripts:
        for _ in range(50):  # a page without scripts waits for nothing; its reader looks again
            if page.locator("#download").count():
                break
            page.wait_for_timeout(200)
            page.goto("/settings/data/")
    with page.expect_download() as download:
        page.locator("#download").click()
    assert minseo.name in download.value.suggested_filename
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        (post,) = json.loads(archive.read("posts.json"))
        assert post["title"] == "내 글이에요"
        assert "본문 **굵게**" in archive.read(post["file"]).decode()
        assert "내 말이에요" in archive.read(f"rooms/{post['id']}.md").decode()
        assert json.loads(archive.read("profile.json"))["email"] == minseo.email


@SCRIPTS
def test_somebody_leaves_for_good_and_what_they_said_stays(person: People, scripts: bool) -> None:
    minseo, reader = person(scripts=scripts), person()
    page = minseo.page
    minseo.signs_up("민서")
    minseo.writes("남는 글이에요", "본문")
    minseo.says("남는 말이에요")
    minseo.reads("남는 말이에요")
    address = page.url.partition("#")[0]

    page.goto("/settings/close/")
    confirms(page)
    page.locator("#id_nickname").fill("아니에요")
    page.locator("main button.danger").click()
    expect(page.locator("#id_nickname")).to_have_attribute("aria-invalid", "true")
    page.locator("#id_nickname").fill(minseo.name)
    page.locator("main button.danger").click()
    expect(page).to_have_url(re.compile("/goodbye/$"))
    expect(minseo.menu).to_have_count(0)

    reader.page.goto(address)
    reader.reads("남는 말이에요")
    expect(reader.page.locator("#lines .line .by")).to_contain_text("떠난 사람")
    expect(reader.page.locator("body")).not_to_contain_text(minseo.name)
    minseo.signs_in()
    expect(page.get_by_role("alert")).to_be_visible()
    email, name = minseo.email, minseo.name
    page.goto("/accounts/signup/")
    for nickname, is_taken in ((name, True), (f"새{name}", False)):
        minseo.field("Email").fill(email)
        minseo.field("Nickname").fill(nickname)
        minseo.field("Password").fill(PASSWORD)
        minseo.button("Take a seat").click()
        if is_taken:
            expect(page.locator("#id_nickname_error")).to_be_visible()
    expect(minseo.menu).to_be_visible()


@LANGUAGES
def test_axe_finds_nothing_on_these_pages(person: People, language: str) -> None:
    from allauth.account.models import EmailAddress

    minseo, findings = person(language), Findings()
    page, thorough = minseo.page, language == "ko"
    shots = os.environ.get("SHOTS")

    def look(name: str) -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        findings.look(page, thorough=thorough)
        if shots:
            shoot(page, Path(shots) / f"{language}-{name}")

    minseo.signs_up("Minseo")
    EmailAddress.objects.filter(email=minseo.email).update(verified=True)
    give_authenticator(page)
    page.goto("/accounts/2fa/")
    look("second-factor-off")
    page.goto("/accounts/2fa/totp/activate/")
    look("confirm")
    confirms(page)
    look("app")
    page.locator("main button.primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("app-refused")
    page.locator("#id_code").fill(code_of(page))
    page.locator("main button.primary").click()
    look("codes")
    page.goto("/accounts/2fa/webauthn/add/")
    look("key-add")
    asks_the_browser(page, "#mfa_webauthn_add")
    expect(page.locator("#codes")).to_be_visible()
    look("second-factor-on")
    for path, name in {
        "2fa/totp/deactivate/": "app-off",
        "2fa/recovery-codes/generate/": "codes-new",
        "2fa/webauthn/": "keys",
        "2fa/reauthenticate/": "confirm-code",
        "2fa/webauthn/reauthenticate/": "confirm-key",
        "sessions/": "sessions",
        "3rdparty/": "connections",
        "3rdparty/login/cancelled/": "cancelled",
        "3rdparty/login/error/": "error",
        "email/": "email",
        "password/change/": "password",
    }.items():
        page.goto(f"/accounts/{path}")
        look(name)
    page.goto("/accounts/2fa/webauthn/")
    page.locator(".keys a").first.click()
    look("key-rename")
    page.goto("/accounts/2fa/webauthn/")
    page.locator(".keys a.danger").first.click()
    look("key-remove")
    page.goto("/settings/data/")
    look("data")
    page.locator("main form button").click()
    expect(page.locator("#download")).to_be_visible()
    look("data-ready")
    page.goto("/settings/close/")
    look("close")
    page.locator("main button.danger").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("close-refused")

    minseo.signs_out()
    page.goto("/accounts/login/")
    look("login")
    minseo.signs_in()
    expect(page.locator("#mfa_webauthn_authenticate")).to_be_visible()
    look("second-step")
    page.goto("/goodbye/")
    look("goodbye")
    findings.none()


def shoot(page: Page, path: Path) -> None:
    """For eyes: `SHOTS=folder` keeps a picture of each page on a desk by day and night and on a phone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for size, scheme in (((1280, 900), "light"), ((1280, 900), "dark"), ((390, 844), "light")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        page.screenshot(path=f"{path}-{size[0]}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


# Where the button leads: how it looks there is not ours, and tests go nowhere else.
GITHUB = re.compile(r"^https://github\.com/login/oauth/authorize\?")


@pytest.fixture
def site_with_github(site: Site) -> Iterator[Site]:
    """The same site, by a second server that has the keys of GitHub."""
    other = Site(site.var_dir, GITHUB_CLIENT_ID="an-id", GITHUB_CLIENT_SECRET="a-secret")
    other.start()
    yield other
    other.stop()


@LANGUAGES
def test_with_its_keys_the_button_leads_to_github(person: People, site_with_github: Site, language: str) -> None:
    minseo, findings, url = person(language), Findings(), site_with_github.url
    page, shots = minseo.page, os.environ.get("SHOTS")
    for path in ("login", "signup", "github/login"):
        page.goto(f"{url}/accounts/{path}/")
        findings.look(page, thorough=language == "ko")
        if shots:
            shoot(page, Path(shots) / f"{language}-github-{path.replace('/', '-')}")
    page.goto(f"{url}/accounts/login/")
    with page.expect_request(GITHUB), page.expect_event("framenavigated"):
        page.locator("#github-login").click()
    minseo.signs_up("민서")
    page.goto(f"{url}/accounts/3rdparty/")
    findings.look(page, thorough=language == "ko")
    with page.expect_request(GITHUB):
        page.locator("#github-connect").click()
    findings.none()
