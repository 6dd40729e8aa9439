"""The bytes of a file as text or as JSON, without trust in either."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from declarant.clusters.readers.registry import ReadContext
from declarant.problems import BadInput, bad_input

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def as_text(content: bytes) -> str:
    r"""Return the bytes as text; what is no UTF-8 stays visible and distinct (`\xe9`)."""
    return content.decode("utf-8", "backslashreplace")


def line_at(text: str, offset: int) -> int:
    """Return the line, from 1, on which the character at `offset` stands."""
    return text.count("\n", 0, offset) + 1


def parse_json(content: bytes, context: ReadContext) -> Any:
    """Return what one JSON document says.

    Raises:
        BadInput: when it is not JSON, is cut off, is nested too deep or holds a number of
            thousands of digits.
    """
    text = as_text(content)
    value, end = _value(text, _after_blanks(text, 0), context)
    end = _after_blanks(text, end)
    if end != len(text):
        raise _refused(text, end, "goes on after its end", context)
    return value


def json_members(
    content: bytes, streamed: str, context: ReadContext
) -> Iterator[tuple[str, int, Any]]:
    """Walk objects that follow one another in a file, the list under key `streamed` bit by bit.

    A list of 50,000 entries is never held as a whole.

    Yields:
        (key, line, value) for each member of each object; for each entry of the list instead of
        the list; and ("", line, None) where an object ends.

    Raises:
        BadInput: as `parse_json`, and when what stands at the top is no object.
    """
    text = as_text(content)
    line, counted = 1, 0
    at = _after_blanks(text, 0)
    while at < len(text):
        if text[at] != "{":
            raise _refused(text, at, "does not begin with an object", context)
        at = _after_blanks(text, at + 1)
        first = True
        while text[at : at + 1] != "}":
            if not first:
                at = _expected(text, at, ",", context)
            key, at = _value(text, at, context)
            if not isinstance(key, str):
                raise _refused(text, at, "has a key that is no text", context)
            at = _expected(text, at, ":", context)
            first = False
            if key == streamed and text[at : at + 1] == "[":
                at = _after_blanks(text, at + 1)
                while text[at : at + 1] != "]":
                    line, counted = line + text.count("\n", counted, at), at
                    value, at = _value(text, at, context)
                    yield key, line, value
                    at = _after_blanks(text, at)
                    if text[at : at + 1] != "]":
                        at = _expected(text, at, ",", context)
                    if context.advance is not None:
                        context.advance(at, len(text))
                at += 1
            else:
                line, counted = line + text.count("\n", counted, at), at
                value, at = _value(text, at, context)
                yield key, line, value
            at = _after_blanks(text, at)
        line, counted = line + text.count("\n", counted, at), at
        yield "", line, None
        at = _after_blanks(text, at + 1)


def _value(text: str, at: int, context: ReadContext) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _refused(text, error.pos, f"is not JSON: {error.msg}", context) from None
    except RecursionError:
        raise _refused(text, at, "is nested deeper than any tool writes", context) from None
    except ValueError:  # a number of more digits than Python converts
        raise _refused(text, at, "holds a number of thousands of digits", context) from None


def _after_blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _expected(text: str, at: int, mark: str, context: ReadContext) -> int:
    at = _after_blanks(text, at)
    if text[at : at + 1] != mark:
        raise _refused(text, at, f"is not JSON: {mark!r} is missing", context)
    return _after_blanks(text, at + 1)


def _refused(text: str, at: int, what: str, context: ReadContext) -> BadInput:
    cut = at >= len(text.rstrip())
    return bad_input(
        f"{context.format}.json",
        f"{what}{'; the file ends there' if cut else ''}.",
        mend="Write the file again, and let the command finish." if cut else "Write it again.",
        file=context.file,
        line=line_at(text, at),
    )
