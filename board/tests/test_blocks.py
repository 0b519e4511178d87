"""What a block means on the board and beside its rooms."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from board.models import Post

pytestmark = pytest.mark.django_db


def test_a_list_whispers_nothing_of_somebody_i_have_blocked(
    client: Client, owner: User, stranger: User, new_post: Callable[..., Post]
) -> None:
    new_post(by=owner).room.say(author=stranger, text="들리나요")
    client.force_login(owner)
    assert "들리나요" in client.get("/").text
    owner.block(stranger)
    assert "들리나요" not in client.get("/").text
    assert "들리나요" in Client().get("/").text


def test_whoever_is_kept_out_is_told_so_where_the_box_would_be(
    client: Client, post: Post, owner: User, stranger: User, staff: User
) -> None:
    owner.block(stranger)
    owner.block(staff)
    client.force_login(stranger)
    text = client.get(post.get_absolute_url()).text
    assert "이 방에서는 말할 수 없어요" in text
    assert "<chat-composer>" not in text
    client.force_login(staff)
    assert "<chat-composer>" in client.get(post.get_absolute_url()).text
