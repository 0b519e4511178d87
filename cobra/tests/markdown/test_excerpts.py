"""The words of a post, for lists and feeds."""

from cobra.markdown import excerpt


def test_an_excerpt_is_the_words_without_headings_code_and_tables() -> None:
    text = (
        "# 제목\n\n[Dan **Abramov**](https://a.kr)의 `useState`는\n*좋다*. 주<sup>Major</sup> 버전\n\n"
        "```js\nno()\n```\n\n| no |\n|-|\n| no |\n\n- 하나\n- [x] 둘\n\n> ![그림](/a.png) & <div>"
    )
    assert excerpt(text) == "Dan Abramov의 useState는 좋다. 주 Major 버전 하나 둘 그림 & <div>"


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("하나 둘 셋 넷", 6) == "하나 둘…"
    assert excerpt("하나 둘 셋 넷", 7) == "하나 둘 셋…"
    assert excerpt("하나 둘 셋 넷", 8) == "하나 둘 셋 넷"
    assert excerpt("그렇다. 아니다", 6) == "그렇다…"


def test_a_long_word_is_cut_between_the_signs_a_reader_sees() -> None:
    assert excerpt("가" * 200) == "가" * 159 + "…"
    assert excerpt("e\u0301" * 9, 4) == "ééé…"
    assert excerpt("각각".encode().decode() + "\u1100\u1161\u11a8" * 9, 5) == "각각각각…"
    assert excerpt("abcd👨‍👩‍👧efgh", 7) == "abcd…"
    assert excerpt("abcd👍🏽efgh", 6) == "abcd…"
    assert excerpt("abcd🇰🇷efgh", 6) == "abcd…"
    assert excerpt("x\u0338y\u0338z\u0338", 4) == "x\u0338…"


def test_an_excerpt_is_never_longer_than_asked() -> None:
    for length in range(12):
        assert len(excerpt("하나 둘 👨‍👩‍👧 셋 abcdefghijklmn", length)) <= length


def test_words_behind_a_long_listing_are_found() -> None:
    assert excerpt("```\n" + "code\n" * 2_000 + "```\n\n말") == "말"
