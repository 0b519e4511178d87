"""Icons, avatars, scales, lattices, fields: what templates draw with."""

import hashlib
import math
import re
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from rjsmin import jsmin

from cobra import sigil
from cobra.bundles import css_sources, join_css, join_js, js_sources
from cobra.forms import FieldRenderer

NICKNAMES = [f"{who}{number}" for who in ("민서", "하린", "gopher", "널포인터", "Maya") for number in range(100)]


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


# --- People --------------------------------------------------------------------------------------


def test_a_nickname_looks_the_same_for_ever() -> None:
    # Pinned: a change of the geometry gives everybody a new face.
    assert [sigil.hue(nickname) for nickname in ("민서", "지우", "gopherkim")] == [2, 6, 2]
    assert hashlib.sha256(sigil.avatar("민서").encode()).hexdigest().startswith("416288c69e9a55fd")


def test_people_can_be_told_apart() -> None:
    faces = {(sigil.avatar(nickname), sigil.hue(nickname)) for nickname in NICKNAMES}
    assert len(faces) > 0.95 * len(NICKNAMES)
    assert {sigil.hue(nickname) for nickname in NICKNAMES} == set(range(sigil.HUES))


def test_an_avatar_is_mirrored_and_light() -> None:
    for nickname in NICKNAMES:
        picture = sigil.avatar(nickname)
        places = {(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)l", picture)}
        assert places == {(round(10 - x, 2), y) for x, y in places}
        assert len(places) >= 3
        assert len(picture) < 900


def test_an_avatar_takes_a_person_or_a_nickname() -> None:
    by_person = draw("{% avatar person 's' %}", person=SimpleNamespace(nickname="민서"))
    assert by_person == draw("{% avatar '민서' 's' %}")
    assert by_person.startswith(f'<span class="avatar who h{sigil.hue("민서")} s" aria-hidden="true"><svg')


def test_a_nickname_never_gets_into_the_markup() -> None:
    assert "script" not in draw("{% avatar name %}{% hue name %}", name='"><script>')


# --- Scales and lattices -------------------------------------------------------------------------


def test_scales_warm_up() -> None:
    assert draw("{% scales '.ac' 'big' %}") == (
        '<span class="scales big" aria-hidden="true"><i></i><i class="a"></i><i class="c"></i></span>'
    )


def test_scales_draw_only_what_they_know() -> None:
    assert "x" not in draw("{% scales row %}", row="x").replace("hidden", "")


@pytest.mark.parametrize("scene", sigil.SCENES)
def test_every_scene_is_drawn(scene: str) -> None:
    picture = draw("{% lattice scene %}", scene=scene)
    assert picture.startswith('<svg class="lattice" viewBox="0 0 ')
    assert 'aria-hidden="true"' in picture
    assert "style" not in picture
    assert len(picture) < 24_000


def test_an_unknown_scene_is_refused() -> None:
    with pytest.raises(KeyError):
        sigil.lattice("dragon")


def test_a_lattice_with_a_label_is_said_aloud() -> None:
    picture = draw("{% lattice 'quiet' label=words %}", words='7 "rooms"')
    assert 'role="img" aria-label="7 &quot;rooms&quot;"' in picture


def test_more_talk_makes_a_thicker_cobra() -> None:
    def scales_in_the_body(hour: str) -> int:
        body = re.search(r'class="l2" d="([^"]*)"', sigil.lattice("wave", hour))
        return body[1].count("z") if body else 0

    assert scales_in_the_body("..........") < scales_in_the_body("aaaaabbbbb") < scales_in_the_body("cccccccccc")
    assert sigil.lattice("wave", "") == sigil.lattice("wave", ".")


def test_fallen_scales_lie_side_by_side() -> None:
    lit = set(sigil.digits("500"))
    off, pile = sigil.fallen(lit, floor=11)
    assert off < lit
    assert len(pile) == len(off)
    assert {row for _, row in pile} == {11}


# --- Icons ---------------------------------------------------------------------------------------


def test_an_icon_points_into_the_sprite() -> None:
    assert draw("{% icon 'pen' %}") == (
        '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#i-pen"/></svg>'
    )


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'id="i-(\w+)"', (settings.STATIC_SOURCES / "img" / "icons.svg").read_text()))
    templates = "".join(page.read_text() for page in Path(settings.BASE_DIR, "templates").rglob("*.html"))
    named = set(re.findall(r"""{% icon ["'](\w+)["']""", templates))
    assert named
    assert named <= drawn


# --- Fields --------------------------------------------------------------------------------------


class Chair(forms.Form):
    default_renderer = FieldRenderer
    name = forms.CharField(help_text="Any <b>name</b>.", widget=forms.TextInput({"placeholder": "Name"}))
    note = forms.CharField(required=False, label="A <note>")
    folds = forms.BooleanField(required=False)
    wood = forms.ChoiceField(choices=[("oak", "Oak"), ("ash", "Ash")], widget=forms.RadioSelect)
    secret = forms.CharField(help_text="<ul></ul>", widget=forms.PasswordInput({"autocomplete": "new-password"}))


def test_a_field_has_its_label_and_its_hint() -> None:
    field = Chair()["name"].as_field_group()
    assert '<label class="label" for="id_name">Name</label>' in field
    assert 'aria-describedby="id_name_helptext"' in field
    assert 'id="id_name_helptext"' in field
    assert "Any <b>name</b>." in field
    assert "placeholder" not in field
    assert "aria-invalid" not in field


def test_a_wrong_field_says_so_beside_itself_and_keeps_its_hint() -> None:
    field = Chair({"name": ""})["name"].as_field_group()
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert '<p class="err" id="id_name_error"' in field
    assert 'class="hint vh" id="id_name_helptext"' in field


def test_what_may_stay_empty_says_so() -> None:
    field = Chair()["note"].as_field_group()
    assert "A &lt;note&gt;" in field
    assert 'class="opt"' in field
    assert 'class="opt"' not in Chair()["name"].as_field_group()


def test_a_check_box_stands_in_its_label() -> None:
    assert re.search(
        r'<label class="check" for="id_folds"><input type="checkbox"[^>]*>Folds</label>',
        Chair()["folds"].as_field_group(),
    )


def test_a_choice_is_a_group_with_a_legend() -> None:
    field = Chair()["wood"].as_field_group()
    assert '<legend class="label">Wood</legend>' in field
    assert field.startswith('<fieldset class="field"')
    assert field.endswith("</fieldset>")


def test_a_new_password_says_how_long_it_must_be() -> None:
    shortest = draw("{% password_length %}")
    assert shortest in Chair()["secret"].as_field_group()
    assert int(shortest) >= 8


def test_the_summary_leads_to_the_wrong_fields() -> None:
    form = Chair({"name": "Windsor", "wood": "pine", "secret": "x"})
    form.is_valid()
    summary = render_to_string("components/errors.html", {"form": form})
    assert re.search(r'role="alert" tabindex="-1" autofocus', summary)
    assert re.findall(r'href="#(\w+)"', summary) == ["id_wood"]
    assert render_to_string("components/errors.html", {"form": Chair()}).strip() == ""


# --- Pages of errors -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "413", "429", "500", "503"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_error_page_needs_nothing(page: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(f"{page}.html")
    assert f'<html lang="{language}"' in text
    assert '<main id="main"' in text
    assert "<script>" not in text
    assert " style=" not in text


# --- Style sheets --------------------------------------------------------------------------------


def test_every_style_sheet_keeps_to_the_layers() -> None:
    first, *rest = css_sources()
    order = re.search(r"@layer ([\w, ]+);", first.read_text())
    assert order
    for sheet in rest:
        outside = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL).lstrip()
        named = re.findall(r"^@layer (\w+) {$", outside, flags=re.MULTILINE)
        assert named, sheet.name
        assert set(named) <= set(order[1].split(", ")), sheet.name
        assert outside.startswith("@layer"), sheet.name
        assert outside.count("{") == outside.count("}"), sheet.name


def test_no_style_goes_by_an_id_and_hardly_any_insists() -> None:
    sheets = {sheet.stem: re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL) for sheet in css_sources()}
    assert not [name for name, text in sheets.items() if re.search(r"#[a-z][\w-]*[^;{}]*{", text)]
    assert {name for name, text in sheets.items() if "!important" in text} == {"reset", "utilities"}


def test_all_styles_together_stay_light() -> None:
    assert len(join_css(css_sources()).encode()) <= 64 * 1024


def test_what_every_first_visit_brings_leaves_a_page_room_within_60_kilobytes() -> None:
    bundles = (join_css(css_sources()), join_js(js_sources()))
    assert sum(len(brotli.compress(bundle.encode())) for bundle in bundles) <= 43_000


def test_the_comments_of_scripts_stay_here() -> None:
    source = "// Waits.\nconst wait = 3; // seconds\nconst say = `// ${wait} /* not one */`;"
    path = settings.STATIC_SOURCES / "js" / "menu.js"
    assert path.read_text().splitlines()[0] not in join_js([path])
    assert jsmin(source) == "const wait=3;const say=`// ${wait} /* not one */`;"


# --- Contrast ------------------------------------------------------------------------------------

# Which text may stand on which surface (4.5:1), and which shape (3:1): DESIGN.md, 2.
TEXT_ON = {
    "ink": "paper raised sunken room code jade-wash live-wash bad-wash warn-wash",
    "ink-2": "paper raised sunken room code jade-wash live-wash",
    "ink-3": "paper raised sunken room jade-wash live-wash",
    "jade": "paper raised sunken room jade-wash live-wash",
    "jade-2": "raised jade-wash",
    "live-ink": "paper raised sunken room live-wash",
    "bad": "paper raised room bad-wash",
    "warn": "paper raised room warn-wash",
    "on": "jade jade-2 live-ink bad",
    **dict.fromkeys(("c-key", "c-str", "c-num", "c-fn", "c-com"), "code"),
    "who": "paper raised sunken room jade-wash live-wash who-bg",
}
SHAPE_ON = {
    "line-2": "paper raised room",
    "live": "paper raised sunken room",
    "focus": "paper raised sunken room jade-wash code",
}
PAIRS = [(ink, on, 4.5) for ink, ground in TEXT_ON.items() for on in ground.split()]
PAIRS += [(ink, on, 3.0) for ink, ground in SHAPE_ON.items() for on in ground.split()]


def luminance(lightness: float, chroma: float, degrees: float) -> float:
    """Of an oklch colour, as WCAG counts it (Ottosson's OKLab matrices, cut to sRGB)."""
    a, b = chroma * math.cos(math.radians(degrees)), chroma * math.sin(math.radians(degrees))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return sum(w * min(1, max(0, each)) for w, each in ((0.2126, red), (0.7152, green), (0.0722, blue)))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_everything_can_be_read(ink: str, ground: str, least: float, theme: int) -> None:
    text = (settings.STATIC_SOURCES / "css" / "tokens.css").read_text()
    colour = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+|var\(--h\))\)"
    tokens = {name: re.findall(colour, pair) for name, pair in re.findall(r"--([\w-]+): light-dark\((.*)\)[;\s]", text)}
    hues = [float(hue) for hue in re.findall(r"\.h\d { --h: (\d+)", text)]
    assert len(hues) == sigil.HUES
    for hue in hues:
        light, dark = sorted(
            (
                luminance(float(of), float(strong), hue if "var" in degrees else float(degrees))
                for of, strong, degrees in (tokens[ink][theme], tokens[ground][theme])
            ),
            reverse=True,
        )
        assert (light + 0.05) / (dark + 0.05) >= least
