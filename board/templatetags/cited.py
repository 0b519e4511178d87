"""How often somebody was cited in kept thoughts, for their own page, which knows no posts itself."""

from collections import Counter
from dataclasses import dataclass

from django import template

from accounts.models import User
from board.models import Citation
from board.tags import tag_key
from rooms.querysets import room_visible_q

register = template.Library()


@dataclass(frozen=True)
class Cited:
    """How many lines of somebody stand in sections this reader may read: all of them, and by the key of each tag."""

    count: int
    by_tag: Counter[str]

    def on(self, skill_name: str) -> int:
        return self.by_tag[tag_key(skill_name)]


@register.simple_tag(takes_context=True)
def cited_of(context: template.Context, person: User) -> Cited:
    """`{% cited_of person as cited %}`: two queries at most. A line that two sections quote counts once."""
    visible = room_visible_q(context["user"], "digest__post__room__")
    lines = Citation.objects.crediting(person).filter(visible).order_by()
    count = lines.values("line").distinct().count()
    pairs = lines.values_list("line", "digest__post__post_tags__tag__key").distinct() if count else ()
    return Cited(count, Counter(key for _line, key in pairs if key))


@register.simple_tag
def cited_on(cited: Cited, skill: str) -> int:
    """`{% cited_on cited skill.name as n %}`: in posts of the tag that says the same as the skill."""
    return cited.on(skill)
