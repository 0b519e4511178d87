"""Whose work an import is, said where it is read."""

import re
from dataclasses import dataclass, field

LICENCE = "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/deed.ko)"

# The author of posts that name none.
DOCS_TEAM = "React 문서 팀"

# Only the rooms of the Ubuntu corpus are named after their day.
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_UBUNTU = """\
우분투 사용자들의 IRC 대화방 `#ubuntu`에서 {year}년 {month}월 {day}일에 오간 말이에요. \
들어오고 나간 알림은 빼고, 말한 사람과 차례, 분 단위의 시각은 기록 그대로 두었어요.

이 방에서 이어서 이야기할 수 있어요. 옛 기록의 사람들은 이곳에 들어올 수 없어서, 부르더라도 답하지 못해요.

---

*출처: [A Large-Scale Corpus for Conversation Disentanglement](https://aclanthology.org/P19-1374/) \
(Kummerfeld et al., ACL 2019)에 실린 Ubuntu IRC 기록 · {licence}*
"""
_ELSEWHERE = """\
다른 곳의 대화방 **{room}**에서 옮겨 온 기록이에요. 들어오고 나간 알림은 빼고, 말한 사람과 차례, 시각은 그대로 두었어요.
"""


@dataclass(frozen=True, slots=True)
class Introduction:
    """The post beside an imported room."""

    title: str
    body: str
    author: str
    tags: list[str] = field(default_factory=list)


def introduction(room: str) -> Introduction:
    if day := _DAY.fullmatch(room):
        year, month, date = map(int, day.groups())
        return Introduction(
            title=f"우분투 대화방 기록 {room}",
            body=_UBUNTU.format(year=year, month=month, day=date, licence=LICENCE).rstrip(),
            author="우분투 대화 기록",
            tags=["ubuntu", "irc"],
        )
    return Introduction(title=f"{room} 대화 기록", body=_ELSEWHERE.format(room=room).rstrip(), author="대화 기록")
