"""What a dump of a fabric leaves open, said once for all lines alike and with the first place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.pairing import Paired
from declarant.clusters.infiniband.scan import Scan
from declarant.clusters.observation import UNKNOWN_RATE, NodeKind, Nodes
from declarant.clusters.readers.registry import Content, ReadContext
from declarant.clusters.text_column import as_series
from declarant.problems import Finding, Severity

Int = NDArray[np.int64]
_AGAIN = "Write the dump again, to the end, and give the whole file."


def findings_of(
    content: Content, context: ReadContext, found: Scan, paired: Paired, nodes: Nodes
) -> tuple[Finding, ...]:
    """Return every remark about a dump that was read."""
    says = _Remarks(content, context, found, paired, nodes)
    return tuple(
        finding
        for group in (says.lines(), says.ends(), says.repeats(), says.rates(), says.adapters())
        for finding in group
    )


class _Remarks:
    def __init__(
        self, content: Content, context: ReadContext, found: Scan, paired: Paired, nodes: Nodes
    ) -> None:
        self.content = content
        self.context = context
        self.found = found
        self.paired = paired
        self.nodes = nodes

    def _line(self, at: int) -> int:
        return int(np.count_nonzero(np.frombuffer(self.content, np.uint8, at) == ord("\n"))) + 1

    def _links_at(self, rows: Int) -> Int:
        """Return where the first of some links stands."""
        return self.found.places(self.paired.line[rows[:1]])

    def _say(
        self,
        code: str,
        what: str,
        places: Int,
        mend: str,
        *,
        effect: str = "",
        severity: Severity = Severity.WARNING,
    ) -> Finding:
        """Return a finding whose place is the first of `places` (positions in the text)."""
        return self.context.finding(
            f"ibnetdiscover.{code}",
            what,
            mend=mend,
            line=self._line(int(places.min())) if len(places) else None,
            effect=effect,
            severity=severity,
        )

    def lines(self) -> Iterator[Finding]:
        """Lines in no known form; a last line that was cut off."""
        garbled = self.found.places(self.paired.garbled_ports)
        odd = np.sort(np.concatenate([self.found.odd_at, garbled]))
        last = self.content.rfind(b"\n") + 1
        cut = len(odd) > 0 and int(odd[-1]) >= last
        if cut:
            yield self._say(
                "truncated",
                "the last line breaks off: the dump is truncated.",
                odd[-1:],
                _AGAIN,
                effect="what hangs together is a lower bound",
            )
            odd = odd[:-1]
        if len(odd):
            begin = int(odd[0])
            shown = self.content[begin : begin + 60].split(b"\n")[0].decode("utf-8", "replace")
            yield self._say(
                "line",
                f"{_count(odd, 'line')} in no known form, the first: {shown.strip()!r}.",
                odd,
                "Give the file as the tool wrote it.",
                effect="links on these lines are not counted",
            )
        if len(self.paired.homeless_ports):
            yield self._say(
                "no_section",
                f"{_count(self.paired.homeless_ports, 'port line')} before the first node.",
                self.found.places(self.paired.homeless_ports),
                _AGAIN,
                effect="these ports are not counted",
            )

    def ends(self) -> Iterator[Finding]:
        """No link at all; links that stand at one end only, or not alike at both."""
        if not len(self.paired.links):
            yield self._say(
                "no_links",
                f"names {_count(self.found.sections.at, 'node')} and no link.",
                self.found.sections.at,
                "Run the tool where the subnet manager reaches the fabric, and look at its errors.",
                effect="nothing is joined by this file",
                severity=Severity.ERROR,
            )
        one = np.flatnonzero(self.paired.links.one_ended)
        if len(one):
            absent = len(self.paired.absent)
            yield self._say(
                "one_ended",
                f"{_count(one, 'link')} of {len(self.paired.links)} stand at one end only; "
                f"{absent} nodes that lines name have no section of their own: "
                "the dump is truncated, or nodes did not answer.",
                self._links_at(one),
                _AGAIN,
                effect="what hangs together is a lower bound",
            )
        if len(self.paired.contradicted):
            yield self._say(
                "contradiction",
                f"{_count(self.paired.contradicted, 'link')} whose other end names another "
                "partner.",
                self._links_at(self.paired.contradicted),
                "The fabric changed while the tool ran: write the dump again.",
                effect="such a link is counted from each end",
            )

    def repeats(self) -> Iterator[Finding]:
        """Nodes and ports that stand more than once."""
        if len(self.paired.repeated_sections):
            at = self.found.sections.at[self.paired.repeated_sections]
            yield self._say(
                "repeated_node",
                f"{_count(at, 'node')} with a second section.",
                at,
                "Give each dump once, not several in one file.",
                effect="sections of one node are taken together",
            )
        if len(self.paired.repeated_ports):
            at = self.found.places(self.paired.repeated_ports)
            yield self._say(
                "repeated_port",
                f"{_count(at, 'port')} with a second line.",
                at,
                "Give each dump once, not several in one file.",
                effect="the first line of each port counts",
            )

    def rates(self) -> Iterator[Finding]:
        """Rates that are unknown, unequal at both ends, or lower than the ports can do."""
        links = self.paired.links
        unknown = np.flatnonzero(links.active == UNKNOWN_RATE)
        if len(unknown):
            yield self._say(
                "unknown_rate",
                f"{_count(unknown, 'link')} of {len(links)} without a known speed (`???`).",
                self._links_at(unknown),
                "Use a newer tool: rdma-core knows NDR since 2020-12 and XDR since 2023-06.",
                effect="bounds: these links may carry or not",
            )
        if len(self.paired.unequal):
            yield self._say(
                "unequal_rates",
                f"{_count(self.paired.unequal, 'link')} whose ends name two rates.",
                self._links_at(self.paired.unequal),
                "Write the dump again when the fabric is quiet.",
                effect="the lower rate counts",
            )
        slow = np.flatnonzero((links.active != UNKNOWN_RATE) & (links.active < links.supported))
        if len(slow):
            yield self._say(
                "degraded",
                f"{_count(slow, 'link')} slower than other ports of both nodes.",
                self._links_at(slow),
                "Check cable and port; both rates are assessed (reading `link_rate`).",
                severity=Severity.NOTE,
            )

    def adapters(self) -> Iterator[Finding]:
        """Adapters that name no machine."""
        kind = self.nodes.kind
        without = (as_series(self.nodes.host) == "").to_numpy()
        nameless = np.flatnonzero((kind == NodeKind.ADAPTER) & without)
        if len(nameless):
            within = nameless[nameless < len(self.found.sections.at)]
            yield self._say(
                "no_host_name",
                f"{len(nameless)} of {int((kind >= NodeKind.ADAPTER).sum())} adapters carry no "
                "host name.",
                self.found.sections.at[within],
                "Run rdma-ndd on these machines, or give a node-name map (GUID -> name).",
                effect="bounds: they may belong to further machines",
            )


def _count(rows: Int, noun: str) -> str:
    return f"{len(rows)} {noun}{'' if len(rows) == 1 else 's'}"
