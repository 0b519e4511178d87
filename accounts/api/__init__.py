"""The JSON API of people: `/user/…`."""

from ninja import Router

from accounts.api import friends, logins, profile

router = Router(tags=["people"])
for part in (logins, friends, profile):
    router.add_router("", part.router)
