"""How long somebody reads."""

import time

import pytest

from cobra.markdown import reading_minutes

KOREAN = "커넥션을 돌려주지 않아요 "  # eleven syllables


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        (KOREAN * 100, 3),
        ("the pool is empty " * 100, 2),
        ("[여기](https://example.com/" + "long/" * 1_000 + ")", 1),
        ("```python\n" + "x = call(one, two, three)\n" * 90 + "```", 2),
        ("```\n" + "never closed\n" * 90, 2),
    ],
)
def test_korean_is_counted_by_syllables_other_words_by_words_and_code_by_lines(text: str, minutes: int) -> None:
    assert reading_minutes(text) == minutes


@pytest.mark.parametrize("piece", ["`", "```\n", "~~~", "](", "https://", " ", "가"])
def test_hostile_text_takes_no_long_time(piece: str) -> None:
    began = time.perf_counter()
    reading_minutes(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 0.5
