"""Lists of hosts as Slurm writes them: `n[001-018,020],login1`.

ClusterShell does the expanding. Before it may, the number of names is worked out from the text
alone, so that `n[1-999999999]` is refused and not expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from declarant.problems import BadInput, bad_input

MOST_HOSTS = 2_000_000
"""Names that the lists of one file may stand for, all together."""

_PARTS = re.compile(r"[^,\[\]]*(?:\[[^\[\]]*\][^,\[\]]*)*")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_RANGE = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")
_NAME = re.compile(r"[\w.:/+-]{1,255}", re.ASCII)
_MOST_BRACKETS = 8


class Reading(Protocol):
    """The reading of one file: its path as people gave it, and the format's registered name."""

    @property
    def file(self) -> str: ...  # noqa: D102
    @property
    def format(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class HostLists:
    """Expands the host lists of one file, within a bound for the whole file."""

    context: Reading
    left: int = MOST_HOSTS

    def expand(self, text: str, line: int | None = None) -> tuple[str, ...]:
        """Return the names in the order written, each once.

        Raises:
            BadInput: when the text is no host list or stands for too many names.
        """
        names: dict[str, None] = {}
        at = 0
        while at <= len(text):
            match = _PARTS.match(text, at)
            part = match[0] if match else ""
            end = at + len(part)
            if end < len(text) and text[end] != ",":
                raise self._refused(text, "is no list of hosts", line)
            if part.strip():
                names.update(dict.fromkeys(self._expanded(part.strip(), text, line)))
            at = end + 1
        return tuple(names)

    def _expanded(self, part: str, text: str, line: int | None) -> list[str]:
        fixed = _BRACKET.sub("", part)
        brackets = _BRACKET.findall(part)
        if (fixed and not _NAME.fullmatch(fixed)) or len(brackets) > _MOST_BRACKETS:
            raise self._refused(text, "is no list of hosts", line)
        number = 1
        for bracket in brackets:
            number *= self._number_in(bracket, text, line)
        if number > self.left:
            raise bad_input(
                f"{self.context.format}.too_many_hosts",
                f"{_shown(text)} stands for {number:,} names; {MOST_HOSTS:,} are the most that "
                "one file may hold.",
                mend="Correct the range.",
                file=self.context.file,
                line=line,
            )
        self.left -= number
        if "[" not in part:
            return [part]
        from ClusterShell.NodeSet import RESOLVER_NOGROUP, NodeSet, NodeSetException

        try:
            held = NodeSet(_BRACKET.sub(_evenly_padded, part), resolver=RESOLVER_NOGROUP)
            return [str(name) for name in held]
        except (NodeSetException, ValueError):
            raise self._refused(text, "is no list of hosts", line) from None

    def _number_in(self, bracket: str, text: str, line: int | None) -> int:
        number = 0
        for piece in bracket.split(","):
            match = _RANGE.fullmatch(piece.strip())
            if match is None:
                raise self._refused(text, "has a range that is none", line)
            low, high = int(match[1]), int(match[2] or match[1])
            if high < low:
                raise self._refused(text, f"has a range that runs backwards ({piece})", line)
            number += high - low + 1
        return number

    def _refused(self, text: str, what: str, line: int | None) -> BadInput:
        return bad_input(
            f"{self.context.format}.host_list",
            f"{_shown(text)} {what}.",
            mend="Write it like n[001-018,020],login1.",
            file=self.context.file,
            line=line,
        )


def _evenly_padded(bracket: re.Match[str]) -> str:
    """Write 01-100 as 01-99,100-100: Slurm knows the first, ClusterShell only the second."""
    pieces = []
    for piece in bracket[1].split(","):
        low, _, high = piece.strip().partition("-")
        while low.startswith("0") and len(low) < len(high):
            pieces.append(f"{low}-{'9' * len(low)}")
            low = "1" + "0" * len(low)
        pieces.append(f"{low}-{high}" if high else low)
    return f"[{','.join(pieces)}]"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
