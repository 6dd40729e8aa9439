"""Damage as files meet it, and what every reader owes to people who bring such a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from declarant.compute.readers import NOTHING_GIVEN, Given, read_recording
from declarant.compute.recording import Piece, Recording
from declarant.problems import BadInput, Finding, Severity

SECONDS = 5
"""A damaged file of a test's size (a few hundred KiB) is read or refused within this time."""

WEEDS = (
    b"",
    b"\0",
    b"\0" * 64,
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\xff\xfe",
    b"\xf0\x9f\xa6\x8a",
    b"null",
    b"None",
    b"nan",
    b"NaN",
    b"-inf",
    b"Infinity",
    b"-1",
    b"0",
    b"1e999",
    b"1E-400",
    b"9" * 30,
    b"9" * 5000,
    b"0." + b"0" * 5000 + b"1",
    b"1/0",
    b"true",
    b"[]",
    b"{}",
    b"[" * 3000,
    b'{"a":' * 3000,
    b'"',
    b"\\",
    b"\t",
    b"|",
    b",",
    b":",
    b"<",
    b"x" * 70_000,
    "\u0665\u0664".encode(),  # digits that are not ASCII
    "\u00b2".encode(),
    b"2024-02-30 25:61:61",
    b"0001-01-01 00:00:00",
    b"9999-12-31T23:59:59Z",
)
"""What gets into files: the words of other tools, numbers beyond all bounds, deep nesting."""

Damage = Callable[[bytes], bytes]


def _cut(at: float) -> Damage:
    return lambda content: content[: int(at * len(content))]


def _without(start: float, share: float) -> Damage:
    def damage(content: bytes) -> bytes:
        begun = int(start * len(content))
        return content[:begun] + content[begun + int(share * len(content)) :]

    return damage


def _overwritten(at: float, weed: bytes) -> Damage:
    def damage(content: bytes) -> bytes:
        begun = int(at * len(content))
        return content[:begun] + weed + content[begun + len(weed) :]

    return damage


def _inserted(at: float, weed: bytes) -> Damage:
    def damage(content: bytes) -> bytes:
        begun = int(at * len(content))
        return content[:begun] + weed + content[begun:]

    return damage


def _doubled(start: float, share: float) -> Damage:
    def damage(content: bytes) -> bytes:
        begun, end = int(start * len(content)), int((start + share) * len(content))
        return content[:end] + content[begun:end] + content[end:]

    return damage


def _lines_swapped(first: float, second: float) -> Damage:
    def damage(content: bytes) -> bytes:
        lines = content.split(b"\n")
        one, other = int(first * (len(lines) - 1)), int(second * (len(lines) - 1))
        lines[one], lines[other] = lines[other], lines[one]
        return b"\n".join(lines)

    return damage


def _number_replaced(which: float, weed: bytes) -> Damage:
    """Replace one run of digits; that is where the traps of a log are."""

    def damage(content: bytes) -> bytes:
        spans, begun = [], None
        for place, byte in enumerate(content + b" "):
            if 48 <= byte <= 57:
                begun = place if begun is None else begun
            elif begun is not None:
                spans.append((begun, place))
                begun = None
        if not spans:
            return content
        start, end = spans[int(which * (len(spans) - 1))]
        return content[:start] + weed + content[end:]

    return damage


def _lines_joined(start: float, share: float) -> Damage:
    """Take the ends of lines away: one overlong line."""

    def damage(content: bytes) -> bytes:
        begun, end = int(start * len(content)), int((start + share) * len(content))
        return content[:begun] + content[begun:end].replace(b"\n", b" ") + content[end:]

    return damage


_PLACE = st.floats(0, 1, allow_nan=False)
_SHARE = st.floats(0, 0.5, allow_nan=False)
_WEED = st.sampled_from(WEEDS)
_DAMAGE: st.SearchStrategy[Damage] = st.one_of(
    st.builds(_cut, _PLACE),
    st.builds(_without, _PLACE, _SHARE),
    st.builds(_overwritten, _PLACE, _WEED | st.binary(max_size=8)),
    st.builds(_inserted, _PLACE, _WEED | st.binary(max_size=8)),
    st.builds(_doubled, _PLACE, _SHARE),
    st.builds(_lines_swapped, _PLACE, _PLACE),
    st.builds(_number_replaced, _PLACE, _WEED),
    st.builds(_lines_joined, _PLACE, _SHARE),
)


def damaged(content: bytes, most: int = 4) -> st.SearchStrategy[bytes]:
    """Return a strategy of `content` damaged in one to `most` ways, one after the other."""

    def applied(damages: list[Damage]) -> bytes:
        result = content
        for damage in damages:
            result = damage(result)
        return result

    return st.lists(_DAMAGE, min_size=1, max_size=most).map(applied)


def outcome(
    tmp_path: Path,
    files: dict[str, bytes],
    format: str | None,
    given: Given = NOTHING_GIVEN,
    folder: bool = False,
) -> Recording | BadInput:
    """Write the files, read them as one log and check what any reader owes whatever is in them.

    A recording whose amounts hold together, or a refusal that says what, where and how to mend;
    no other exception, and not a long wait. `files` may have folders in their names; with `folder`
    the folder they stand in is read, as a store of its own.
    """
    paths = []
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    read = [tmp_path] if folder else paths
    began = time.perf_counter()
    result: Recording | BadInput
    try:
        result = read_recording(read, given, format=format)
    except BadInput as refused:
        result = refused
    seconds = time.perf_counter() - began
    assert seconds < SECONDS, f"took {seconds:.1f} s"
    if isinstance(result, BadInput):
        _check_refusal(result, [str(path) for path in [*paths, *read]])
    else:
        check_recording(result)
    return result


def check_recording(recording: Recording) -> None:
    """Assert what holds of every recording: unique ids, amounts and dates that hold together."""
    ids = [piece.id for piece in recording.pieces]
    assert len(set(ids)) == len(ids), ids
    assert recording.format
    assert recording.version
    assert recording.evidence
    for finding in recording.all_findings:
        check_finding(finding)
    for piece in recording.pieces:
        _check_piece(piece)
    if recording.progress is not None:
        moments = [mark.moment for mark in recording.progress.marks]
        assert moments
        assert all(moment.tzinfo is not None for moment in moments)
        assert moments == sorted(moments)
        assert all(mark.step >= 0 for mark in recording.progress.marks)


def check_finding(finding: Finding) -> None:
    """Assert that a finding says what, in a code of two parts, and can be shown and published."""
    assert finding.what.strip(), finding
    assert "." in finding.code, finding
    assert " " not in finding.code, finding
    assert len(str(finding)) < 5000, finding.code
    str(finding).encode("utf-8")
    assert finding.as_json()["what"]


def _check_piece(piece: Piece) -> None:
    assert piece.id
    assert piece.steps is None or piece.steps >= 0, piece
    assert piece.devices is None or piece.devices > 0, piece
    for moment in (piece.start, piece.end):
        assert moment is None or moment.tzinfo is not None, piece
    if piece.start is not None and piece.end is not None:
        assert piece.start <= piece.end, piece
    model, executed = piece.model_operations, piece.executed_operations
    if model is not None and executed is not None and executed.high is not None:
        assert model.low <= executed.high, piece


def _check_refusal(refused: BadInput, named: list[str]) -> None:
    assert refused.findings
    for finding in refused.findings:
        check_finding(finding)
        assert finding.mend.strip(), finding
        assert finding.severity is Severity.ERROR, finding
        assert any(path in (finding.where.file or "") for path in named), finding
