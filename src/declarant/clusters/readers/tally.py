"""Remarks that many rows of a file share: one finding that counts them and names the first."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.clusters.readers.registry import ReadContext
from declarant.problems import Finding, Severity


@dataclass(slots=True)
class Tally:
    """The things one remark is about: how many they are, and the first of them."""

    number: int = 0
    first: str = ""
    line: int | None = None

    def add(self, name: str, line: int | None = None) -> None:
        """Count one more; the first one's name and line are kept."""
        if not self.number:
            self.first, self.line = name, line
        self.number += 1

    def counted(self, one: str, many: str) -> str:
        """Return `1 machine (n001)` or `12 machines (the first is n001)`."""
        if self.number == 1:
            return f"1 {one} ({self.first})"
        return f"{self.number:,} {many} (the first is {self.first})"

    def told(
        self,
        context: ReadContext,
        subject: str,
        what: str,
        things: tuple[str, str],
        *,
        mend: str,
        effect: str = "",
        severity: Severity = Severity.WARNING,
        field: str | None = None,
    ) -> tuple[Finding, ...]:
        """Return the finding `WHAT: 12 THINGS (the first is n001).`; none when none were counted.

        `subject` completes the code, `things` are one and many of them, `field` is where the first
        stands when it has no line.
        """
        if not self.number:
            return ()
        return (
            context.finding(
                f"{context.format}.{subject}",
                f"{what}: {self.counted(*things)}.",
                mend=mend,
                line=self.line,
                field=field,
                severity=severity,
                effect=effect,
            ),
        )
