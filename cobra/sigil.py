"""Pictures made of scales: the avatar of a person and the lattices of the pages, all from one rhombus.

Every function is pure: the same words give the same picture, in every process and for ever, so callers may cache. The
answers are SVG markup without colours; `avatar.css` and `lattice.css` give those, and they follow the theme.
"""

import hashlib
import math
import random
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

HUES = 8  # .h0 to .h7 in tokens.css

# A lattice's cell and the half axes of the scale in it, in units of the drawing. Whole numbers keep the path short.
CELL, ROW = 16, 11
HALF, TALL = 6, 9

# How brightly a scale is lit: star, flank, body, alive. Index = the class l0 to l3 in lattice.css.
STAR, FLANK, BODY, ALIVE = range(4)

Light = int | None
# What is at column (halves in the shifted rows) and row.
Scene = Callable[[float, int], Light]


def digest(nickname: str) -> bytes:
    return hashlib.md5(nickname.encode(), usedforsecurity=False).digest()


def hue(nickname: str) -> int:
    """Which of the eight hues this person has."""
    return digest(nickname)[0] % HUES


def rhombus(x: float, y: float, half: float, tall: float) -> str:
    """A scale around (x, y)."""
    return f"M{x:g} {y - tall:g}l{half:g} {tall:g}-{half:g} {tall:g}-{half:g}-{tall:g}z"


@lru_cache(maxsize=4096)
def avatar(nickname: str) -> str:
    """A sigil of scales in rows of 3-2-3-2-3, mirrored, in two tones: 3^8 shapes in 8 hues, about 300 bytes."""
    cells = [(x, 1.6 + row * 1.95) for row in range(5) for x in ((1.7, 5) if row % 2 == 0 else (3.35,))]
    # Half of the scales are full, a quarter half, a quarter dark.
    tones = "".join("22221100"[byte % 8] for byte in digest(nickname)[1 : 1 + len(cells)])
    if tones.count("2") < 2:  # hardly there: turned inside out
        tones = tones.translate(str.maketrans("02", "20"))
    paths = {"2": "", "1": ""}
    for (x, y), tone in zip(cells, tones, strict=True):
        if tone in paths:
            paths[tone] += "".join(rhombus(round(side, 2), round(y, 2), 1.5, 1.78) for side in sorted({x, 10 - x}))
    half = f'<path opacity=".4" d="{paths["1"]}"/>' if paths["1"] else ""
    return f'<svg viewBox="-1.6 -1.4 13.2 13.2"><path d="{paths["2"]}"/>{half}</svg>'


def weave(columns: int, rows: int, scene: Scene) -> str:
    """A lattice of scales, every second row shifted by half a cell, as a scene lights them."""
    paths = [""] * 4
    pens = [(0, 0)] * 4  # where each path stands: moving by steps is shorter than by places
    scale = f"l{HALF} {TALL}-{HALF} {TALL}-{HALF}-{TALL}z"
    for row in range(rows):
        shift = row % 2
        for column in range(columns - shift):
            light = scene(column + shift / 2, row)
            if light is None:
                continue
            x, y = CELL // 2 * (1 + 2 * column + shift), ROW * (row + 1) - TALL
            px, py = pens[light]
            paths[light] += f"m{x - px} {y - py}{scale}"
            pens[light] = (x, y)
    return drawing(CELL * columns, ROW * (rows + 1), paths)


def drawing(width: float, height: float, paths: list[str]) -> str:
    lit = "".join(f'<path class="l{light}" d="{path}"/>' for light, path in enumerate(paths) if path)
    return f'<svg class="lattice" viewBox="0 0 {width:g} {height:g}" {{label}}>{lit}</svg>'


# --- Scenes --------------------------------------------------------------------------------------

HEAT = {".": 0.15, "a": 0.4, "b": 0.7, "c": 1.0}
HOOD = (1.2, 3.4, 3.9, 2.4, 0.9)
NIGHT_HOOD = (2.4, 4.6, 6.6, 7.2, 5.6, 3.6, 1.8)


def dice(seed: int) -> Callable[[], float]:
    """Numbers from 0 to 1, the same ones every time; `random()` is the one method whose results are promised."""
    return random.Random(seed).random  # noqa: S311  ornament


def wave(hour: str = "ababbbbccc") -> str:
    """The last hour as a cobra that crosses a field of stars: thickness = talk (as in `scales`), hood = now."""
    columns, rows = 30, 13
    roll = dice(11)
    end, neck = columns - 2.2, columns - 6.2

    def thickness(column: float) -> float:
        if column > end:
            return 0
        if column > neck:
            return HOOD[min(len(HOOD) - 1, int((column - neck) / 4 * len(HOOD)))]
        heat = HEAT.get(hour[min(len(hour) - 1, int(column / neck * len(hour)))], HEAT["."]) if hour else HEAT["."]
        return (0.9 + heat * 1.5) * min(1, 0.25 + column / 6)

    def scene(column: float, row: int) -> Light:
        middle = (rows - 1) / 2 + rows / 4 * math.sin(column * 0.4 + 2.1) * (1 - column / columns / 4)
        thick, away = thickness(column), abs(row - middle)
        if thick and away <= thick:
            return ALIVE if column > neck else BODY if away < thick * 0.72 else FLANK
        return STAR if roll() < 0.5 else None

    return weave(columns, rows, scene)


def night(gap: tuple[float, float] | None = None) -> str:
    """A cobra under many stars, for the doors; with a gap, cut in two: out of signal."""
    columns, rows = 44, 25
    roll = dice(5)

    def thickness(column: float) -> float:
        if not 2 <= column <= columns - 6 or (gap and gap[0] <= column <= gap[1]):
            return 0
        if column > columns - 13:
            return NIGHT_HOOD[min(len(NIGHT_HOOD) - 1, int(column - (columns - 13)))]
        return 2.4 * min(1, 0.2 + column / 14)

    def scene(column: float, row: int) -> Light:
        thick, away = thickness(column), abs(row - 12 - 6.2 * math.sin(column * 0.3 + 0.4))
        if thick and away <= thick:
            return ALIVE if column > columns - 13 else BODY if away < thick * 0.7 else FLANK
        star = roll()
        return None if star < 0.62 else STAR if star < 0.975 else FLANK if star < 0.99 else ALIVE

    return weave(columns, rows, scene)


def field(seed: int, lit: float, alive: float) -> str:
    """A quiet field for empty places: a share of it lit, a share alive."""
    roll = dice(seed)

    def scene(column: float, row: int) -> Light:
        star = roll()
        return ALIVE if star < alive else BODY if star < alive + lit * 0.45 else FLANK if star < alive + lit else STAR

    return weave(15, 9, scene)


def pair() -> str:
    """Two scales side by side: friends."""
    roll = dice(2)
    lit = {(6, 4): BODY, (8, 4): ALIVE}

    def scene(column: float, row: int) -> Light:
        star = roll()
        return lit.get((int(column), row)) if row == 4 and column in (6, 8) else STAR if star < 0.8 else None

    return weave(15, 9, scene)


DIGITS = {
    "0": ".###. #...# #...# #...# #...# #...# .###.",
    "1": "..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.",
    "2": ".###. #...# ....# ...#. ..#.. .#... #####",
    "3": ".###. #...# ....# ..##. ....# #...# .###.",
    "4": "#...# #...# #...# ##### ....# ....# ....#",
    "5": "##### #.... #.... ####. ....# #...# .###.",
    "9": ".###. #...# #...# .#### ....# #...# .###.",
}
WIDE, HIGH, DIGIT, MARGIN = 9, 11.5, 5, 2


def digits(number: str) -> Iterator[tuple[int, int]]:
    """The cells (column, row) that spell a number."""
    for place, digit in enumerate(number):
        for y, line in enumerate(DIGITS[digit].split()):
            for x, mark in enumerate(line):
                if mark == "#":
                    yield MARGIN + place * (DIGIT + 2) + x, MARGIN + y


def fallen(lit: set[tuple[int, int]], floor: int) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Six scales of the later digits that came off, and where they lie on the floor, never two in one place."""
    roll = dice(8)
    off = set(sorted((cell for cell in lit if cell[0] > 8), key=lambda cell: (roll(), cell))[:6])
    pile: set[tuple[int, int]] = set()
    for column, _ in sorted(off):
        free = (place for place in range(column, column + len(off)) if (place, floor) not in pile)
        pile.add((next(free), floor))
    return off, pile


def glyphs(number: str) -> str:
    """An error's number. 40x: somebody is still in orbit. 5xx: some scales fell off."""
    rows, columns = 11, MARGIN + len(number) * (DIGIT + 2)
    lit = set(digits(number))
    broken = number.startswith("5")
    orbit = {(MARGIN + DIGIT + 2 + DIGIT // 2, MARGIN + 3)} if number[1] == "0" else set()
    off, pile = fallen(lit, rows) if broken else (set(), orbit)
    paths = [""] * 4
    for row in range(rows + broken):
        for column in range(columns):
            cell = (column, row)
            if cell in off or (row == rows and cell not in pile):
                continue
            big = cell in lit or cell in pile
            light = ALIVE if cell in pile else BODY if big else STAR
            size = 0.44 if big else 0.27
            paths[light] += rhombus(WIDE * (column + 0.5), HIGH * (row + 0.5), WIDE * size, HIGH * size)
    return drawing(columns * WIDE, (rows + broken) * HIGH, paths)


SCENES: dict[str, Callable[..., str]] = {
    "wave": wave,
    "night": night,
    "drift": lambda: night((13, 25.5)),
    "quiet": lambda: field(9, 0, 0.015),
    "few": lambda: field(7, 0.05, 0),
    "field": lambda: field(30, 0.12, 0),
    "many": lambda: field(13, 0.3, 0.03),
    "still": lambda: field(21, 0, 0),
    "pair": pair,
    **{number: partial(glyphs, number) for number in ("400", "403", "404", "413", "429", "500", "503")},
}


@lru_cache(maxsize=512)
def lattice(name: str, *words: str) -> str:
    """A scene by its name. The markup has a place for its accessible name: `{label}`. Raises KeyError."""
    return SCENES[name](*words)
