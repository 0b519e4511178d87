"""The rules a new site starts with, and a colour for each of its first categories; administrators change both."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from cobra.markdown import render_post

KO = """\
코브라 스페이스는 혼자 막혔을 때 같이 생각하는 곳이에요.

- **사람을 겨누지 않아요.** 코드와 생각에는 얼마든지 다르게 말해도 돼요.
- **모르는 것을 물어도 돼요.** 처음인 사람에게는 처음처럼 설명해요.
- **남의 것은 남의 것으로.** 옮겨 올 때는 어디서 왔는지 적고, 남의 개인 정보는 올리지 않아요.
- **광고하러 오지 않아요.** 만든 것을 보여 주는 일은 괜찮아요. 되풀이하면 광고예요.
- **방은 생각을 모으는 자리예요.** 같은 말을 쏟아 내지 않고, 다른 사람이 말할 틈을 남겨요.

어긋난 것을 보면 줄이나 글, 프로필의 **신고**로 알려 주세요. 운영진이 한 일과 그 이유는 모두 [운영 기록](/moderation/)에 남아요.
다르게 본다면 결정에 적힌 메일 주소로 알려 주세요. 다른 사람이 다시 살펴봐요.
"""
EN = """\
Cobra Space is where you think together when you are stuck alone.

- **Never aim at people.** Disagree with code and ideas as much as you like.
- **Not knowing is fine.** To somebody who is new, explain it as new.
- **What is others' stays theirs.** Say where it came from, and never post anybody's private data.
- **This is no place to advertise.** Showing what you made is welcome; showing it again and again is advertising.
- **A room gathers thoughts.** Do not pour the same words into it, and leave others room to speak.

When you see something amiss, use **Report** on the line, the post or the profile. Everything the staff do, and why, stays in
the [moderation log](/moderation/). If you see it otherwise, write to the address in the decision: somebody else looks again.
"""
HUES = {"debugging": 0, "design": 3, "languages": 5, "tools": 2, "life": 7}


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("board", "SiteText").objects.create(
        key="rules", text_ko=KO, text_en=EN, html_ko=render_post(KO), html_en=render_post(EN)
    )
    for slug, hue in HUES.items():
        apps.get_model("board", "Category").objects.filter(slug=slug).update(hue=hue)


class Migration(migrations.Migration):
    dependencies = [("board", "0008_moderation")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
