"""A room's transcript: to read in fixed pages, and to take home."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from board.models import Post
from board.transcripts import json_of, markdown_of, transcript_of
from cobra.downloads import download
from cobra.http import Request, page
from rooms.querysets import folded_for

FORMATS = {"md": (markdown_of, "text/markdown; charset=utf-8"), "json": (json_of, "application/json")}
LONGEST_PAGE = 9  # digits


@login_not_required
@require_safe
def post_transcript(request: Request, post_id: int) -> HttpResponse:
    """`?page=3`, from 1; without it the first."""
    posts = Post.objects.visible_to(request.user).select_related("author", "category", "room")
    post = get_object_or_404(posts, pk=post_id)
    wanted = request.GET.get("page", "1")
    is_number = wanted.isascii() and wanted.isdecimal() and len(wanted) <= LONGEST_PAGE
    transcript = transcript_of(post, int(wanted)) if is_number else None
    if transcript is None:
        raise Http404
    context = {"post": post, "transcript": transcript, "folded": folded_for(request.user)}
    return page(request, "board/post_transcript.html", context)


@login_not_required
@require_safe
def post_export(request: Request, post_id: int) -> HttpResponseBase:
    """`?format=md` or `json`: the whole room as a file."""
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("author", "room"), pk=post_id)
    ending = request.GET.get("format", "md")
    if ending not in FORMATS:
        raise Http404
    pieces_of, content_type = FORMATS[ending]
    name = f"{post.pk}-{slugify(post.title, allow_unicode=True)[:60]}.{ending}"
    return download(request, partial(pieces_of, post, request.user), name=name, content_type=content_type)
