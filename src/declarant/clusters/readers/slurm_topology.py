"""Slurm's topology.conf, and what `scontrol show topology` prints in the same words.

Source: topology.conf(5), https://slurm.schedmd.com/topology.conf.html (tree, block and ring).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarant.clusters.observation import Observation
from declarant.clusters.readers.guarded_text import as_text
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.readers.slurm_tree import Branch, Grouping, SchedulingTree
from declarant.clusters.readers.tally import Tally
from declarant.formats import Sample
from declarant.host_lists import HostLists
from declarant.problems import BadInput, Finding, Severity, bad_input

_SUBJECT = r"(?:SwitchName|BlockName|RingName)[ \t]*="
_HERE = re.compile(rf"^[ \t]*#?[ \t]*{_SUBJECT}", re.MULTILINE | re.IGNORECASE)
_COMMENTED = re.compile(rf"^[ \t]*#[ \t]*{_SUBJECT}[ \t]*(\S*)", re.IGNORECASE)
_PAIR = re.compile(r'\s*([A-Za-z]\w*)\s*=\s*(?:"([^"]*)"|([^\s="]*))')
_NAMING = {"switchname": Grouping.SWITCH, "blockname": Grouping.BLOCK, "ringname": Grouping.RING}
_PASSED_OVER = {
    *("linkspeed", "level", "blocksizes", "blockindex", "blocksize", "aggregatedblock"),
    *("ringindex", "ringsize"),
}
_MOST_PROBLEMS = 20


def _is_topology(sample: Sample) -> bool:
    return _HERE.search(sample.head) is not None


@reader(
    "slurm-topology", shows="Slurm topology.conf", suffixes=(".conf", ".txt"), sniff=_is_topology
)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read switches, blocks and rings; a line that is commented out is told, not read.

    Raises:
        BadInput: when a line cannot be read, or nothing but comments is there.
    """
    branches: list[Branch] = []
    problems: list[Finding] = []
    commented, unknown, included = Tally(), Tally(), Tally()
    for line, text in _logical_lines(as_text(content)):
        if match := _COMMENTED.match(text):
            commented.add(match[1] or "without a name", line)
        bare = text.partition("#")[0].strip()
        if bare.lower().startswith("include") and "=" not in bare:
            included.add(bare[7:].strip(), line)
        elif bare:
            pairs, rest = _pairs(bare)
            named = [key for key in pairs if key in _NAMING]
            if rest or len(named) > 1 or any(not pairs[key] for key in named):
                problems.append(_problem(context, line, rest or bare))
            elif named:
                branches.append(_branch(_NAMING[named[0]], named[0], pairs, line))
            for key in pairs.keys() - _NAMING.keys() - _PASSED_OVER - {"switches", "nodes"}:
                unknown.add(key, line)
    if problems:
        raise BadInput(tuple(problems[:_MOST_PROBLEMS]))
    if not branches:
        raise _nothing_in_force(commented, context)
    tree = SchedulingTree(context, HostLists(context))
    tree.add(branches)
    return tree.observation(_findings(commented, unknown, included, context))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of the first line, text), lines that end in a backslash put together."""
    first, held = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        if line.endswith("\\"):
            held += line[:-1]
            continue
        yield first, held + line
        first, held = 0, ""
    if held:
        yield first, held


def _pairs(text: str) -> tuple[dict[str, str], str]:
    """Return the keys (lower case) with their values, and what could not be read."""
    pairs: dict[str, str] = {}
    at = 0
    while match := _PAIR.match(text, at):
        pairs.setdefault(match[1].lower(), match[2] if match[2] is not None else match[3])
        at = match.end()
    return pairs, text[at:].strip()


def _branch(grouping: Grouping, key: str, pairs: dict[str, str], line: int) -> Branch:
    def hosts(of: str) -> str:
        held = pairs.get(of, "")
        return "" if held in ("(null)", "NONE") else held

    switches = hosts("switches") if grouping is Grouping.SWITCH else ""
    return Branch(grouping, pairs[key], switches, hosts("nodes"), line)


def _problem(context: ReadContext, line: int, text: str) -> Finding:
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return context.finding(
        "slurm-topology.line",
        f"cannot be read from {shown!r} on.",
        mend="Write SwitchName=leaf1 Nodes=n[001-018] or BlockName=b1 Nodes=n[001-018], "
        "without blanks inside a list.",
        line=line,
        severity=Severity.ERROR,
    )


def _nothing_in_force(commented: Tally, context: ReadContext) -> BadInput:
    if not commented.number:
        return bad_input(
            "slurm-topology.empty",
            "describes no switch, block or ring.",
            mend="Take the file that the scheduler runs with: scontrol show topology.",
            file=context.file,
        )
    return bad_input(
        "slurm-topology.commented_out",
        f"describes nothing; commented out: {commented.counted('line', 'lines')}.",
        mend="Remove the # where the machines exist, or read the fabric's own dump; the tool that "
        "wrote the file comments out blocks smaller than BlockSizes, which is no reason here.",
        file=context.file,
        line=commented.line,
    )


def _findings(
    commented: Tally, unknown: Tally, included: Tally, context: ReadContext
) -> list[Finding]:
    missing = "machines named there are missing"
    return [
        *commented.told(
            context,
            "commented_out",
            "commented out and not read",
            ("line", "lines"),
            mend="Remove the # where the machines exist.",
            effect=missing,
        ),
        *included.told(
            context,
            "include",
            "included and not read",
            ("file", "files"),
            mend="Read the included file beside this one.",
            effect=missing,
        ),
        *unknown.told(
            context,
            "unknown_key",
            "not known here and passed over",
            ("key", "keys"),
            mend="Check the spelling.",
            severity=Severity.NOTE,
        ),
    ]
