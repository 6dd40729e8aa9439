"""Kinds of record: the section of `register.yaml` each stands in, and its part of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from declarant.register import schema
from declarant.register.schema.fields import Part


class Kind(StrEnum):
    """What a record describes, in the order of the register."""

    PERSON = "person"
    CONTACT = "contact"
    AGENCY = "agency"
    MODEL = "model"
    RUN = "run"
    CLUSTER = "cluster"
    FILING = "filing"
    RECEIVED = "received"

    @property
    def label(self) -> Any:
        """What people call one of them."""
        return _ONE[self.value]


_ONE: dict[str, Any] = {
    "person": _("Person"),
    "contact": _("Contact"),
    "agency": _("Agency"),
    "model": _("Model"),
    "run": _("Training run"),
    "cluster": _("Cluster"),
    "filing": _("Earlier filing"),
    "received": _("Received from the agency"),
}
KIND_CHOICES = tuple(_ONE.items())


@dataclass(frozen=True, slots=True)
class Section:
    """Where a kind stands in a register.

    Attributes:
        name: the key in `register.yaml`, and the word in an address.
        model: the part of the schema.
        single: there is at most one, and the section is that one.
        keyed: the content has an `id`, and the record is known by it.
        plural: what people call several of them.
    """

    name: str
    model: type[Part]
    plural: Any
    single: bool = False
    keyed: bool = False


SECTIONS: dict[str, Section] = {
    Kind.PERSON: Section("person", schema.Person, _("Person"), single=True),
    Kind.CONTACT: Section("contacts", schema.Contact, _("Contacts")),
    Kind.AGENCY: Section("agency", schema.Agency, _("Agency"), single=True),
    Kind.MODEL: Section("models", schema.Model, _("Models"), keyed=True),
    Kind.RUN: Section("runs", schema.Run, _("Training runs"), keyed=True),
    Kind.CLUSTER: Section("clusters", schema.Cluster, _("Clusters"), keyed=True),
    Kind.FILING: Section("filings", schema.Filing, _("Earlier filings")),
    Kind.RECEIVED: Section("received", schema.Received, _("Received from the agency")),
}
BY_SECTION: dict[str, Kind] = {section.name: Kind(kind) for kind, section in SECTIONS.items()}
