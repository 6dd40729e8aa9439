"""What an editor offers to choose from: other records, rules, evidence, and names people know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from declarant.desk.filer.register.kinds import Kind
from declarant.desk.filer.register.models import EvidenceFile, Record
from declarant.desk.site.language import language
from declarant.law import Regime, load_regime, regime_ids

_REFERENCES: Mapping[tuple[str, str], Kind] = {
    ("Run", "model"): Kind.MODEL,
    ("Run", "cluster"): Kind.CLUSTER,
    ("Model", "trained_from"): Kind.MODEL,
}


@dataclass
class Offered:
    """Everything one page may offer, asked for at first need and once."""

    own_key: str = ""
    _records: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def records(self, model: str, name: str) -> list[tuple[str, str]] | None:
        """Return the records that a field may name, as choices; None when it names none."""
        kind = _REFERENCES.get((model, name))
        if kind is None:
            return None
        if kind not in self._records:
            held = Record.objects.filter(kind=kind, active=True).values_list("key", "name")
            self._records[kind] = [(key, f"{shown} ({key})") for key, shown in held]
        itself = self.own_key if model == "Model" else ""
        return [item for item in self._records[kind] if item[0] != itself]

    @cached_property
    def files(self) -> list[str]:
        """Paths of all current evidence, and the folders they lie in."""
        held = EvidenceFile.objects.filter(current=True).order_by("path")
        paths = list(held.values_list("path", flat=True))
        folders = {path.rpartition("/")[0] for path in paths if path.count("/") > 1}
        return sorted({*paths, *folders})

    @cached_property
    def devices(self) -> list[str]:
        """Names of accelerators in the catalogue."""
        from declarant.hardware import devices

        return sorted({item.name for item in devices()})

    @cached_property
    def formats(self) -> list[tuple[str, str]]:
        """Formats of what trainers and schedulers write."""
        from declarant.compute.readers.registry import readers

        return [(name, f"{item.shows} ({name})") for name, item in readers().items()]


@cache
def rules() -> dict[str, Regime]:
    """Return every rule that the product knows, by its id."""
    return {name: load_regime(name) for name in regime_ids()}


def rule_name(regime: str) -> str:
    """Return what a rule is called, in the language of the page."""
    held = rules().get(regime)
    return held.short_title.in_language(language()) if held else regime


def grounds_of(regime: str) -> list[tuple[str, str]]:
    """Return the grounds on which a rule covers a person, as choices."""
    held = rules().get(regime)
    if held is None:
        return []
    return [(ground.id, ground.title.in_language(language())) for ground in held.persons]
