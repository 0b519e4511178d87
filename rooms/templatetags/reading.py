"""What pages of the whole site say of rooms."""

from django import template

from rooms.querysets import Reader
from rooms.reading import MOST_COUNTED, unread_rooms_count

register = template.Library()


@register.simple_tag
def unread_rooms(reader: Reader) -> int:
    """`{% unread_rooms user as n %}`: in how many of their rooms somebody has something to read."""
    return unread_rooms_count(reader)


@register.filter
def bounded(count: int) -> str:
    """`{{ post.unread|bounded }}`: 7, and 99+ for everything beyond."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
