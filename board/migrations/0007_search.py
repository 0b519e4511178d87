from django.db import migrations

from board.search.index import line_words, post_words
from board.search.rebuilding import rebuild


def create(apps, schema_editor):
    post_words().create()
    line_words().create()
    models = [apps.get_model("board", "Post"), apps.get_model("board", "PostTag"), apps.get_model("rooms", "Line")]
    rebuild(*(model.objects.all() for model in models))


def drop(apps, schema_editor):
    post_words().drop()
    line_words().drop()


class Migration(migrations.Migration):
    """The tables of words are the search engine's own and no models: see board.search.index."""

    dependencies = [
        ("board", "0006_digests"),
        ("rooms", "0003_what_lists_sort_by"),
    ]

    operations = [
        migrations.RunPython(create, drop),
    ]
