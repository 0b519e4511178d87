"""The shelves a new board starts with; staff add more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CATEGORIES = (
    ("debugging", "디버깅", "Debugging"),
    ("design", "설계", "Design"),
    ("languages", "언어", "Languages"),
    ("tools", "도구", "Tools"),
    ("life", "일과 삶", "Work and life"),
)


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    category = apps.get_model("board", "Category")
    for position, (slug, name_ko, name_en) in enumerate(CATEGORIES):
        category.objects.create(slug=slug, name_ko=name_ko, name_en=name_en, position=position)


class Migration(migrations.Migration):
    dependencies = [("board", "0001_posts")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
