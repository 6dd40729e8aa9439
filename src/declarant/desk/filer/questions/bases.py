"""On what confidentiality may rest, as the law's data names it."""

from __future__ import annotations

from declarant.desk.filer.questions.clocks import words
from declarant.determination.citing import cite
from declarant.filing.parts import Ground
from declarant.law import Regime, load_regime
from declarant.law.dated import Entry


def bases_of(regime: str) -> list[tuple[str, str]]:
    """Return each basis of a law: its id, and its title in the reader's language."""
    return [(entry.id, words(entry.title)) for entry in _entries(load_regime(regime))]


def ground_of(regime: str, basis: str) -> Ground | None:
    """Return a basis as documents state it; None when the law names none of that id."""
    for entry in _entries(load_regime(regime)):
        if entry.id == basis:
            return _ground(entry)
    return None


def grounds_of(regime: str) -> tuple[Ground, ...]:
    """Return every basis of a law as documents state it."""
    return tuple(_ground(entry) for entry in _entries(load_regime(regime)))


def _ground(entry: Entry) -> Ground:
    return Ground(id=entry.id, text=entry.title.en, citation=cite(entry.citation))


def _entries(law: Regime) -> tuple[Entry, ...]:
    return law.confidentiality
