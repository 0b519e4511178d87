"""The part of a person that has to do with others: friends, and people kept away."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.errors import BlockedByMe, Oneself, Suspended
from accounts.models.friendship import Block, Friendship
from accounts.models.notification import Notification

if TYPE_CHECKING:
    from accounts.models.user import User

BOTH = 2


class Acquainted(models.Model):
    """A person among people."""

    class Meta:
        abstract = True

    def add_friend(self, person: "User") -> bool:
        """Put somebody on my list, and let them know. False when they were on it already.

        Raises:
            Refusal: it is oneself, somebody I have blocked, or I may tell nobody anything for now.
            User.DoesNotExist: to me they do not exist.
        """
        me = cast("User", self)
        if not me.can_write():
            raise Suspended
        if person.pk == me.pk:
            raise Oneself
        if me.blocks.filter(blocked=person).exists():
            raise BlockedByMe
        with transaction.atomic():
            type(me).objects.visible_to(me).get(pk=person.pk)
            _friendship, is_new = Friendship.objects.get_or_create(owner=me, friend=person)
            if is_new:
                Notification.tell_of_friend(recipient=person, actor=me)
            me.read_inbox(actor=person, kind=Notification.Kind.FRIEND)  # that was the answer
        return is_new

    def remove_friend(self, person: "User") -> bool:
        """Take somebody off my list; they are not told. False when they were not on it."""
        deleted, _by_model = cast("User", self).friendships.filter(friend=person).delete()
        return bool(deleted)

    def block(self, person: "User") -> None:
        """Keep somebody away: both lists are cut, and to them I do not exist any more.

        Raises:
            Oneself: it is oneself.
        """
        me = cast("User", self)
        if person.pk == me.pk:
            raise Oneself
        with transaction.atomic():
            Block.objects.get_or_create(blocker=me, blocked=person)
            Friendship.objects.filter(owner=me, friend=person).delete()
            Friendship.objects.filter(owner=person, friend=me).delete()
            for one, other in ((me, person), (person, me)):
                one.notifications.filter(actor=other).delete()
                one.ring_on_commit()
            person.end_streams()  # what they may read live is asked again
            person.__dict__.pop("kept_out_by", None)

    def unblock(self, person: "User") -> None:
        cast("User", self).blocks.filter(blocked=person).delete()
        person.end_streams()
        person.__dict__.pop("kept_out_by", None)

    @cached_property
    def folded(self) -> frozenset[int]:
        """The ids of those I have blocked: what they say is folded for me."""
        return frozenset(cast("User", self).blocks.values_list("blocked_id", flat=True))

    @cached_property
    def kept_out_by(self) -> frozenset[int]:
        """The ids of those who have blocked me, as of this object's first question: a request's, or a stream's."""
        return Block.objects.blockers_of(self.pk)

    def shows_email_to(self, reader: "User | AnonymousUser", *, is_mutual: bool | None = None) -> bool:
        """To members where I am findable, and to mutual friends. `is_mutual`: where that is known already."""
        me = cast("User", self)
        if not reader.is_authenticated or me.closed_at:
            return False
        if reader.pk == me.pk or me.is_findable_by_email:
            return True
        return self.is_mutual_with(reader) if is_mutual is None else is_mutual

    def is_mutual_with(self, person: "User") -> bool:
        ties = Friendship.objects.filter(Q(owner=self, friend=person) | Q(owner=person, friend=self))
        return ties.count() == BOTH
