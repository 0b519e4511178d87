"""The moderation log, which the database keeps append-only, and the two groups of the staff."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


GROUPS = {"moderators": ["moderate"], "administrators": ["administer"]}
WORDS = "The moderation log is append-only."


def protect(apps, schema_editor):
    table, vendor = "accounts_deed", schema_editor.connection.vendor
    if vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER deed_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
    elif vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION deed_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER deed_is_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION deed_is_append_only()"
        )


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS deed_no_{verb}")
    else:
        schema_editor.execute("DROP FUNCTION IF EXISTS deed_is_append_only() CASCADE")


def make_groups(apps, schema_editor):
    """Permissions are made after all migrations; these are needed now, and found again then."""
    Group, Permission, ContentType = (
        apps.get_model(*name) for name in (("auth", "Group"), ("auth", "Permission"), ("contenttypes", "ContentType"))
    )
    kind, _ = ContentType.objects.get_or_create(app_label="accounts", model="deed")
    names = dict(apps.get_model("accounts", "Deed")._meta.permissions)
    for group, codenames in GROUPS.items():
        row, _ = Group.objects.get_or_create(name=group)
        for codename in codenames:
            permission, _ = Permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": names[codename]}
            )
            row.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("accounts", "0005_keys_and_reading_aloud"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("friend", "added me as a friend"),
                    ("mention", "called me"),
                    ("reply", "answered me"),
                    ("cited", "kept what I said"),
                    ("digest", "published kept thoughts"),
                    ("verdict", "closed a room of mine"),
                    ("deed", "staff decided something"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("hide", "hid"),
                            ("show", "showed again"),
                            ("lock", "locked"),
                            ("unlock", "unlocked"),
                            ("delete", "deleted"),
                            ("restore", "brought back"),
                            ("approve", "approved"),
                            ("warn", "warned"),
                            ("suspend", "suspended"),
                            ("pardon", "ended a suspension"),
                            ("dismiss", "left as it was"),
                            ("room", "changed a room"),
                            ("admin", "changed in the admin"),
                        ],
                        max_length=16,
                    ),
                ),
                ("room_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("line_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("detail", models.CharField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deeds", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds_about",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the moderation log",
                "verbose_name_plural": "moderation log",
                "permissions": (
                    ("moderate", "May hide and restore what is written, lock rooms, decide on reports"),
                    ("administer", "May warn and suspend people, change categories and the site's own texts"),
                ),
            },
        ),
        migrations.AddField(
            model_name="notification",
            name="deed",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.deed"
            ),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["person", "-id"], name="deed_by_person"),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["line_id", "-id"], name="deed_by_line"),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["room_id", "-id"], name="deed_by_room"),
        ),
        migrations.RunPython(protect, unprotect),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
