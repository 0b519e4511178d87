"""manage.py rebuild_search"""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from board.models import Post, PostTag
from board.search.rebuilding import rebuild
from cobra.db import write
from rooms.models import Line


class Command(BaseCommand):
    help = (
        "Makes the index that the search looks into anew, from what posts and lines say now. "
        "In one transaction: whoever writes meanwhile waits, so stop the site first when it is a big one."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        total = Post.objects.count() + Line.objects.count()
        # None: only where somebody can see it move.
        with write(), tqdm(total=total, unit="", disable=None if verbosity else True) as bar:
            rebuild(Post.objects.all(), PostTag.objects.all(), Line.objects.all(), bar.update)
