"""What somebody has begun to write: kept while they write, and found again."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from board.forms import PostForm
from board.models import Draft, Post
from board.sheet import Sheet, is_blank
from board.views.writing import editor, read_or_write
from cobra.errors import Refusal
from cobra.http import MemberRequest, fragment, is_partial, page, sentence
from cobra.markdown import POST_LIMIT, render_post
from cobra.unsent import forget, kept_when_signed_out, unsent

SAVED = "board/_post_form.html#saved"


@kept_when_signed_out
@read_or_write
def draft_list(request: MemberRequest) -> HttpResponse:
    """My drafts; a POST of an editor's form is kept as one."""
    if request.method == "POST":
        return _kept(request)
    drafts = request.user.drafts.select_related("post", "category").order_by("-saved_at")
    waiting = unsent(request, having="draft")
    context = {"drafts": drafts.defer("post__body", "post__body_html"), "waiting": waiting}
    return page(request, "board/draft_list.html", context | {"sheet": Sheet.sent(waiting)})


def _kept(request: MemberRequest) -> HttpResponse:
    sheet = Sheet.sent(request.POST)
    if not sheet.version and is_blank(request.POST):
        return HttpResponse(status=204) if is_partial(request) else redirect("board:draft_list")
    try:
        sheet = sheet.keep(request.POST, by=request.user)
    except Draft.DoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        return _refused(request, sheet, refusal)
    forget(request)
    if is_partial(request):
        return fragment(request, SAVED, {"sheet": sheet})
    if sheet.has_parted:
        messages.warning(request, _("This draft was changed elsewhere. What you wrote here is kept as one of its own."))
    else:
        messages.success(request, _("The draft is kept for you."))
    return redirect("board:draft_detail", sheet.key)


def _refused(request: MemberRequest, sheet: Sheet, refusal: Refusal) -> HttpResponse:
    """Why it could not be kept: beside the form, or on it with everything typed."""
    if is_partial(request):
        return sentence(str(refusal), status=refusal.status)
    form = PostForm(request.POST)
    form.full_clean()
    form.errors.clear()
    form.add_error(None, str(refusal))
    return editor(request, form, sheet, post=sheet.post_of(request.user), status=refusal.status)


@read_or_write
def draft_detail(request: MemberRequest, draft_id: uuid.UUID) -> HttpResponse:
    """A draft to go on with. `kept=0` throws it away."""
    draft = get_object_or_404(request.user.drafts, pk=draft_id)
    if request.method == "POST":
        if request.POST.get("kept") == "0":
            draft.delete()
            messages.success(request, _("The draft is thrown away."))
        return redirect("board:draft_list")
    # Of a post that is gone it is a new one.
    post = Post.objects.visible_to(request.user).select_related("room").filter(pk=draft.post_id).first()
    form = PostForm(initial=draft.typed)
    preview = render_post(draft.body[:POST_LIMIT])
    return editor(request, form, Sheet.of(draft, post), post=post, preview=preview)
