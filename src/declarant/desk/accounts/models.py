"""A person, and the roles that person holds or held."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from declarant.desk.access import Power
from declarant.desk.accounts.roles import SECOND_FACTOR, Role, powers_of


class People(BaseUserManager):
    """Makes persons; an address is kept in one form, so that it stands once."""

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """Return a new person; without a password, one who cannot sign in with one."""
        person = self.model(email=email.strip().lower(), name=name.strip())
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, email: str) -> User:
        """Return the person with an address, however it is capitalised."""
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """Somebody who works at this desk, known by a mail address. Never deleted, only closed."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined = models.DateTimeField(_("joined"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = People()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name."""
        return self.name

    get_short_name = get_full_name

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles held now; read once for each object."""
        held = self.grants.filter(ended__isnull=True).values_list("role", flat=True)
        return frozenset(held)

    @cached_property
    def powers(self) -> frozenset[Power]:
        """Everything this person may do."""
        return powers_of(self.roles) if self.is_active else frozenset()

    def has(self, power: Power) -> bool:
        """Whether this person may do that."""
        return power in self.powers

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role is held whose holders can sign or administer."""
        return bool(self.roles & SECOND_FACTOR)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read again, and forget the roles that were read before."""
        super().refresh_from_db(*args, **kwargs)
        self.__dict__.pop("roles", None)
        self.__dict__.pop("powers", None)


class RoleGrant(models.Model):
    """A role somebody holds, or held until `ended`. A grant is ended, never deleted."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=40, choices=Role)
    granted = models.DateTimeField(_("granted"), auto_now_add=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="granted", null=True, blank=True
    )
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="ended", null=True, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(ended__isnull=True),
                name="role_held_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class Invitation(models.Model):
    """An invitation to this desk, with the roles that it gives. Used once, within days."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    roles = models.JSONField(default=list)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited = models.DateTimeField(auto_now_add=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="invitations", null=True
    )
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-invited"]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not self.accepted and not self.withdrawn and self.expires > timezone.now()
