"""How open words of a rule about clusters may be read: one choice in each dimension.

The ids are those of the reading dimensions of a regime (`applies_to: cluster`), so that a verdict
here and the text of the law there name the same thing. The first option is the cautious one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

from declarant.problems import bad_input
from declarant.quantities import FormatClass

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "number_format": tuple(each.value for each in FormatClass),
    "link": ("machine", "pair", "single"),
    "scale_up": ("counts", "does_not_count"),
    "rails": ("machine_passes", "separate"),
    "link_rate": ("supported", "active"),
    "devices": ("all_accelerators", "training_accelerators", "with_cpus"),
    "standing": ("held_or_coming", "in_place", "in_service"),
}
READ_IN_THE_LAW = tuple(name for name in DIMENSIONS if name != "standing")
"""Dimensions that are readings of words. The rule says itself that what is planned counts: standing
only shows what machines in place, or in service, come to by themselves."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One choice in each dimension.

    Attributes:
        number_format: operations of which formats count (a `FormatClass`).
        link: what must exceed the limit: a machine's links together ("machine"), the parallel links
            of one pair of nodes ("pair"), or one link ("single"). `linkage` says it exactly.
        scale_up: whether NVLink, ICI and the like between machines are networking.
        rails: whether a machine joins the switches that its adapters go to.
        link_rate: the rate that a link could run at, or that it runs at now.
        devices: every accelerator, only those made for training, or CPUs as well.
        standing: machines counted by their status: held or coming, in place, or in service.
    """

    number_format: str = "highest"
    link: str = "machine"
    scale_up: str = "counts"
    rails: str = "machine_passes"
    link_rate: str = "supported"
    devices: str = "all_accelerators"
    standing: str = "held_or_coming"

    def __post_init__(self) -> None:
        for dimension, options in DIMENSIONS.items():
            chosen = getattr(self, dimension)
            if chosen not in options:
                raise bad_input(
                    "reading.option",
                    f"there is no reading {chosen!r} of {dimension}.",
                    mend=f"Choose one of: {', '.join(options)}.",
                    field=dimension,
                )

    @classmethod
    def of(cls, choices: Mapping[str, str]) -> Self:
        """Return the reading with these choices and the cautious option elsewhere.

        Raises:
            BadInput: when a dimension or an option is not known.
        """
        unknown = [name for name in choices if name not in DIMENSIONS]
        if unknown:
            raise bad_input(
                "reading.dimension",
                f"there is no dimension of reading {unknown[0]!r}.",
                mend=f"Known: {', '.join(DIMENSIONS)}.",
            )
        return cls(**choices)

    @property
    def id(self) -> str:
        """The choices that stand in the table (`highest/machine/counts`), then all others made."""
        cautious = type(self)()
        shown = [self.number_format, self.link, self.scale_up]
        shown += [
            f"{each.name}={getattr(self, each.name)}"
            for each in fields(self)[3:]
            if getattr(self, each.name) != getattr(cautious, each.name)
        ]
        return "/".join(shown)

    @property
    def formats(self) -> FormatClass:
        """The class of number formats that counts."""
        return FormatClass(self.number_format)

    def with_choice(self, dimension: str, option: str) -> Self:
        """Return the same reading with another option in one dimension.

        Raises:
            BadInput: when the option is not known.
        """
        return replace(self, **{dimension: option})
