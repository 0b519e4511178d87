"""The one Api of the site: its addresses, and what holds for every answer."""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.openapi.urls import get_openapi_urls, get_root_url
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from cobra.api.auth import member
from cobra.api.request import ReadAlready, read
from cobra.json import dumps


class Api(NinjaAPI):
    """ninja's, with every address also without its last slash, and every answer guarded by `_guarded`."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        return [*self._docs(), *self._operations(), get_root_url(self)]

    def _docs(self) -> Iterator[URLPattern]:
        for pattern in get_openapi_urls(self):
            view, route = login_not_required(_plain(pattern.callback)), str(pattern.pattern)
            yield path(route, view, name=pattern.name)
            yield path(f"{route}/", view)

    def _operations(self) -> Iterator[URLPattern]:
        for router in self._get_bound_routers():
            for pattern in router.urls_paths(router.prefix):
                view = self._guarded(pattern.callback)
                route = str(pattern.pattern)
                yield path(route, view, name=pattern.name)
                yield path(route.removesuffix("/") if route.endswith("/") else f"{route}/", view)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """By its app and name, whichever file it stands in: generated clients call it so."""
        app = operation.view_func.__module__.split(".")[0]
        return f"{app}_api_{operation.view_func.__name__}"

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """ninja gives the methods of one operation the same id, which OpenAPI forbids: the first keeps it, the others
        say which they are."""
        schema = super().get_openapi_schema(**options)
        for address in schema["paths"].values():
            known: set[str] = set()
            for method, details in address.items():
                name = details["operationId"]
                if name in known:
                    address[method] = {**details, "operationId": f"{name}_{method}"}
                known.add(name)
        return schema

    def _guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "HEAD":
                request.method = "GET"  # the server sends no body
            try:
                read(request)
                response = view(request, **kwargs)
            except Exception as error:
                response = self.on_exception(request, error)
            if response.status_code == 405:
                response = self._not_allowed(request, response["Allow"])
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ("Authorization", "Accept-Language", "Cookie"))
            return response

        guarded.csrf_exempt = True  # type: ignore[attr-defined]  # a session's change is checked by `cobra.api.auth`
        return login_not_required(guarded)  # operations know for whom they are

    def _not_allowed(self, request: HttpRequest, allowed: str) -> HttpResponse:
        detail = _("This address takes %(methods)s.") % {"methods": allowed}
        return self.refuse(request, {"detail": detail}, 405, {"Allow": allowed})

    def refuse(
        self, request: HttpRequest, problem: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """Say this Problem."""
        response = self.create_response(request, problem, status=status)
        for name, value in (headers or {}).items():
            response[name] = value
        return response


def _plain(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A partial as a function, so that decorators find what they look for."""

    def plain(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, **kwargs)

    return plain


class Korean(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return dumps(data)


# Swagger's style sheet has its icons as data: addresses, which pages of ours do not allow.
_docs_policy = csp_override({"default-src": [CSP.SELF], "img-src": [CSP.SELF, "data:"], "frame-ancestors": [CSP.NONE]})

api = Api(
    title="Cobra Space",
    version="1",
    description=(
        "People, posts and their live rooms. Sign in at `/user/login/` and send `Authorization: Bearer <access>`. "
        'Times are Seoul\'s. Refusals are `{"detail": "…"}`, or by field `{"title": ["…"]}`.'
    ),
    urls_namespace="api",
    openapi_url="api/openapi.json",
    docs_url="api/docs",
    docs_decorator=_docs_policy,
    auth=member,
    parser=ReadAlready(),
    renderer=Korean(),
)
