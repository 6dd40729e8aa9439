"""Where django-allauth asks the desk: who may sign in, whom a provider's sign-in belongs to."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.work.outbox import post


class PeopleAdapter(DefaultAccountAdapter):
    """Nobody signs up; sign-ins are written to the audit log; mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Record that somebody signed in, and how."""
        methods = request.session.get("account_authentication_methods", [])
        with change(
            user,
            "person.signed_in",
            subject=f"person:{user.pk}",
            methods=[str(item.get("method")) for item in methods],
        ):
            pass
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a failed sign-in of a person we know; what was typed is not kept."""
        super().authentication_failed(request, **credentials)
        known = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        if known is not None:
            with change("anonymous", "person.sign_in_failed", subject=f"person:{known.pk}"):
                pass

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the outbox; each is its own."""
        mail = self.render_mail(template_prefix, email, context)
        with change("worker", "mail.posted", subject="mail", template=template_prefix):
            post(
                key=f"account:{uuid.uuid4().hex}",
                to=[email],
                subject=mail.subject,
                text=mail.body,
                forget=True,
            )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names of the desk and of the person as authenticators show them."""

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows: product and host."""
        return f"Declarant {settings.DESK.host}"


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A provider signs in people who were invited, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: people are invited first."""
        return False
