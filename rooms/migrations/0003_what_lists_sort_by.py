import django.utils.timezone
from django.db import migrations, models


def fill(apps, schema_editor):
    Room, Line, RoomVersion = (apps.get_model("rooms", name) for name in ("Room", "Line", "RoomVersion"))
    here = Line.objects.filter(room=models.OuterRef("pk"), kind="said")
    rooms = Room.objects.annotate(
        last=models.Subquery(here.order_by("-seq").values("created_at")[:1]),
        answered=models.Exists(here.exclude(author=models.OuterRef("owner"))),
    )
    for room in rooms.values_list("pk", "created_at", "last", "answered").iterator():
        pk, opened_at, last, answered = room
        RoomVersion.objects.filter(pk=pk).update(
            opened_at=opened_at, alive_at=max(last or opened_at, opened_at), has_answer=answered
        )


class Migration(migrations.Migration):
    dependencies = [("rooms", "0002_restored")]

    operations = [
        migrations.AddField("roomversion", "opened_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField("roomversion", "alive_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField("roomversion", "has_answer", models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("roomversion", models.Index(fields=["-alive_at", "-room"], name="room_liveliest")),
        migrations.AddIndex(
            "roomversion",
            models.Index(
                condition=models.Q(("has_answer", False)), fields=["-opened_at", "-room"], name="room_unanswered"
            ),
        ),
    ]
