"""A program that talks to the API, for tests."""

import json
from typing import Any

from django.test import Client

from accounts.models import User

PASSWORD = "hq8Zxm2kLp"


class Bot:
    """Somebody's program: signs in, keeps its tokens, sends JSON. `seen`: every answer it got."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.access = self.refresh = ""
        self.seen: list[Any] = []
        if user:
            self.sign_in(user)

    def sign_in(self, user: User) -> None:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        answer = self.post("/user/login/", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.access, self.refresh = answer.json()["access"], answer.json()["refresh"]

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        if self.access:
            headers.setdefault("Authorization", f"Bearer {self.access}")
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        kind = headers.pop("kind", "application/json")
        answer: Any = self.client.generic(method, path, body, content_type=kind, headers=headers)
        assert answer["Content-Type"].startswith("application/json"), (path, answer.text)
        self.seen.append(answer)
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, {} if data is None else data, **headers)
