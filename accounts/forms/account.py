"""What people decide about how they are named, addressed and found."""

import zoneinfo
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.ease import Ease
from accounts.forms.nickname import NicknameField, taken
from accounts.forms.signup import FINDABLE
from accounts.models import Aloud, User

# Names that only say an offset, or repeat another zone.
_NO_PLACES = {"Brazil", "Canada", "Chile", "Etc", "Mexico", "SystemV", "US", "posix", "right"}


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones of the world as (region, [(zone, place)]): reading them walks through a thousand files."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(zoneinfo.available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region not in _NO_PLACES:
            regions.setdefault(region, []).append((zone, place.replace("_", " ").replace("/", ", ")))
    return [*regions.items(), ("UTC", [("UTC", "UTC")])]


class AccountForm(forms.Form):
    nickname = NicknameField(
        help_text=_("It may change every 30 days. The name before leads on to you, and nobody else can take it.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Dates follow this zone. Clock times follow your browser."),
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        start = {"nickname": person.nickname, "language": person.language, "time_zone": person.time_zone}
        super().__init__(data, initial=start)
        self.person = person
        if person.time_zone not in _names(time_zones()):
            own = [(person.time_zone, person.time_zone)]
            self.fields["time_zone"].choices = [*own, *time_zones()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        if error := taken(nickname, but_by=self.person):
            raise error
        return nickname


def _names(regions: Iterable[tuple[str, list[tuple[str, str]]]]) -> set[str]:
    return {zone for _region, places in regions for zone, _place in places}


class EaseForm(forms.Form):
    """What is not sent stays as it is: a button in a room sends one of them alone."""

    single_keys = forms.ChoiceField(
        label=_("Single keys"),
        choices=((1, _("On")), (0, _("Off"))),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Keys like j, k and / that do something by themselves. They never do while you are typing."),
    )
    aloud = forms.ChoiceField(
        label=_("Reading rooms aloud"),
        choices=Aloud.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("What a screen reader says of new lines. A line that calls you is read out at once."),
    )

    def __init__(self, data: Any = None, *, ease: Ease) -> None:
        super().__init__(data, initial={"single_keys": int(ease.single_keys), "aloud": ease.aloud})
        self.ease = ease

    @property
    def chosen(self) -> Ease:
        sent = {name: value for name, value in self.cleaned_data.items() if value}
        if "single_keys" in sent:
            sent["single_keys"] = sent["single_keys"] == "1"
        return self.ease._replace(**sent)


class PrivacyForm(forms.Form):
    is_private = forms.BooleanField(
        label=_("Only people on my list read my profile"),
        required=False,
        help_text=_(
            "Everybody else sees the nickname and the picture. What you write in posts and rooms stays public."
        ),
    )
    is_findable_by_email = forms.BooleanField(
        label=FINDABLE,
        required=False,
        help_text=_("Signed-in members then see your address. Otherwise only mutual friends do."),
    )
    is_unseen = forms.BooleanField(
        label=_("I read unseen"),
        required=False,
        help_text=_("You are in no list of who is here, and your friends do not see where you are."),
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        start = {"is_findable_by_email": person.is_findable_by_email, "is_unseen": person.is_unseen}
        super().__init__(data, initial=start | {"is_private": person.profile.is_private})
