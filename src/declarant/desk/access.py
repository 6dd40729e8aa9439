"""Who may do what: powers, the declaration that every view carries, and the refusal by default.

A view declares the power that each verb needs. A verb that is not named is not allowed; a view
that declares nothing is refused to everyone, so that nothing is open by having been forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext_lazy as _

View = Callable[..., HttpResponse]


class Power(StrEnum):
    """Something a person may be allowed to do."""

    OWN_ACCOUNT = "own_account"  # one's own sign-in, calendar and language
    READ = "read"
    READ_AUDIT = "read_audit"
    ADMINISTER = "administer"
    EDIT_REGISTER = "edit_register"
    UPLOAD_EVIDENCE = "upload_evidence"
    CHOOSE_READING = "choose_reading"
    PREPARE = "prepare"
    CERTIFY = "certify"
    SEND = "send"
    ASSIGN = "assign"
    ANSWER = "answer"
    COMMENT = "comment"
    APPROVE = "approve"
    USE_API = "use_api"


@dataclass(frozen=True, slots=True)
class Access:
    """What each verb of a view needs; None: nothing, not even being signed in."""

    verbs: Mapping[str, Power | None]

    def needs(self, verb: str) -> Power | None:
        """Return the power that a verb needs; KeyError when the verb is not allowed at all."""
        return self.verbs["GET" if verb == "HEAD" else verb]


def access(**verbs: Power) -> Callable[[View], View]:
    """Declare what a view needs, verb by verb: `@access(get=Power.READ, post=Power.PREPARE)`."""
    return _declared({verb.upper(): power for verb, power in verbs.items()})


def public(*verbs: str) -> Callable[[View], View]:
    """Declare the verbs that anybody may use, signed in or not: `@public("get", "post")`."""
    return _declared({verb.upper(): None for verb in verbs})


def _declared(verbs: Mapping[str, Power | None]) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.access = Access(verbs)  # type: ignore[attr-defined]
        return view

    return declare


OWN_AUTHENTICATION = "api-1"
"""URL namespace whose views check tokens themselves, each operation with its scope."""


def declaration(view: View, name: str) -> Access | None:
    """Return what a view declares, or what was declared for a view of another package by name."""
    from declarant.desk.accounts.foreign_views import FOREIGN_VIEWS

    held = getattr(view, "access", None)
    return held if isinstance(held, Access) else FOREIGN_VIEWS.get(name)


class AccessMiddleware:
    """Refuses every request that no declaration allows."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through; the view that it is for is known later."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return a refusal, or None to go on to the view."""
        # these need the models, which need us
        from allauth.account.middleware import AccountMiddleware
        from django.contrib.auth.views import redirect_to_login

        if "\x00" in request.path:
            raise Http404  # no name holds it, and PostgreSQL refuses to look for it
        match = request.resolver_match
        if OWN_AUTHENTICATION in match.namespaces:
            return None
        declared = declaration(view, match.view_name)
        if declared is None:
            raise PermissionDenied(_("This page declares nobody who may open it."))
        try:
            power = declared.needs(request.method)
        except KeyError:
            return HttpResponseNotAllowed(sorted(declared.verbs))
        if power is not None:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has(power):
                raise PermissionDenied(_("Your roles do not allow this."))
        if request.method == "POST" and not hasattr(view, "access"):
            # a view of another package opens no `change`: what it writes, and the entry that its
            # signal writes, stand or fall together
            try:
                with transaction.atomic():
                    return view(request, *args, **kwargs)
            except Exception as error:
                # Django asks nobody what an exception means that comes from a middleware; allauth
                # says with one that the person must sign in again first
                answer = AccountMiddleware(self.get_response).process_exception(request, error)
                if answer is None:
                    raise
                return answer
        return None
