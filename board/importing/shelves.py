"""Categories of an import, made where they are missing."""

import hashlib

from django.db.models import Max, Q
from django.utils.text import slugify

from board.models import Category

# Names of the sections of ko.react.dev, of chat logs, and of what has no category.
NAMES = {
    "blog": ("블로그", "Blog"),
    "learn": ("배우기", "Learn"),
    "reference": ("참고서", "Reference"),
    "community": ("커뮤니티", "Community"),
    "warnings": ("경고", "Warnings"),
    "chat": ("대화", "Chat"),
    "other": ("그 밖에", "Other"),
}
_LONGEST = 40  # characters of a category's address and names


def shelf(label: str) -> Category:
    """The category of this address or name."""
    label = label.strip() or "other"
    named = Category.objects.filter(Q(slug=label) | Q(name_ko=label) | Q(name_en=label)).first()
    if named:
        return named
    # Addresses of categories are ASCII.
    slug = slugify(label)[:_LONGEST] or f"category-{hashlib.sha256(label.encode()).hexdigest()[:12]}"
    name_ko, name_en = NAMES.get(slug, (label[:_LONGEST], label[:_LONGEST]))
    last = Category.objects.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    category, _ = Category.objects.get_or_create(
        slug=slug, defaults={"name_ko": name_ko, "name_en": name_en, "position": position}
    )
    return category
