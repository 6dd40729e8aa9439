"""What a rule says besides its test and clocks: topics, terms, penalties, aims, authority."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from declarant.law.dated import Entry
from declarant.law.money import Money
from declarant.law.text import LawModel, Text


class Topic(Entry):
    """A subject on which information is asked; `areas` are the matters named within it."""

    areas: tuple[Entry, ...] = ()


class Amount(Money):
    """A ceiling, and what it is counted for ("a violation")."""

    per: Text


class Penalty(Entry):
    """What follows when a duty is not met. `amounts` are ceilings ("not more than")."""

    kind: Literal["civil", "criminal", "administrative"]
    amounts: tuple[Amount, ...] = ()
    turnover_percent: int | None = Field(default=None, ge=0, le=100)
    imprisonment_months: int | None = Field(default=None, ge=0)


class TopicsFile(LawModel):
    """`topics.yaml`."""

    topics: tuple[Topic, ...] = ()


class DefinitionsFile(LawModel):
    """`definitions.yaml`."""

    definitions: tuple[Entry, ...] = ()


class PenaltiesFile(LawModel):
    """`penalties.yaml`."""

    penalties: tuple[Penalty, ...] = ()


class PurposesFile(LawModel):
    """`purposes.yaml`: what the authority wants the information for."""

    purposes: tuple[Entry, ...] = ()


class AuthorityFile(LawModel):
    """`authority.yaml`: on what the rule rests, what it keeps confidential, what stands around it.

    `authority` is a chain, the highest law first.
    """

    authority: tuple[Entry, ...] = ()
    confidentiality: tuple[Entry, ...] = ()
    background: tuple[Entry, ...] = ()
