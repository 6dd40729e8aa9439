"""One entry of the log, and the one form of bytes it has.

The bytes are canonical JSON (RFC 8785, https://www.rfc-editor.org/rfc/rfc8785): sorted keys, no
spaces. They say which log the entry belongs to and at which index it stands, so that an entry
moved to another place, or taken from another log, shows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import rfc8785

from declarant.problems import bad_input

MOST_BYTES = 256 * 1024  # of one entry; larger matter is a stored file, named by its hash
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what, and when.

    `log` is the id of the log, `index` counts from 0, `moment` is UTC to the microsecond
    (`2027-01-15T14:03:22.120934Z`). `actor` is the actor's id (`user:7`, `worker`), `actor_name`
    the name at that time. `action` and `subject` are short words (`register.run.edited`,
    `run:atlas-2`); `detail` is JSON.
    """

    log: str
    index: int
    moment: str
    actor: str
    actor_name: str
    action: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the entry as its canonical bytes spell it."""
        return {name: getattr(self, name) for name in FIELDS}

    def content(self) -> bytes:
        """Return the canonical bytes, of which the leaf hash is made.

        Raises:
            BadInput: when something in it has no form in JSON, or it is too long.
        """
        try:
            data = bytes(rfc8785.dumps(self.as_json()))
        except rfc8785.CanonicalizationError as error:
            raise bad_input(
                "audit.value",
                f"cannot be written to the audit log: {error}.",
                mend="Give text, whole numbers below 2^53, true, false, null, lists and mappings.",
                field=self.action,
            ) from None
        if len(data) > MOST_BYTES:
            raise bad_input(
                "audit.too_long",
                f"has {len(data):,} bytes as an entry of the audit log; {MOST_BYTES:,} fit.",
                mend="Store the matter as a file and log its SHA-256.",
                field=self.action,
            )
        return data


FIELDS = ("log", "index", "moment", "actor", "actor_name", "action", "subject", "detail")


def read_entry(content: bytes) -> Entry:
    """Read an entry from its canonical bytes.

    Raises:
        ValueError: when they are no entry; the text says what is wrong.
    """
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("its content is no JSON") from None
    if not isinstance(said, dict) or set(said) != set(FIELDS):
        raise ValueError("its content has not the fields of an entry")
    words = (said[name] for name in FIELDS if name not in ("index", "detail"))
    if not all(isinstance(word, str) for word in words):
        raise ValueError("a field of its content is no text")
    if type(said["index"]) is not int or said["index"] < 0 or not isinstance(said["detail"], dict):
        raise ValueError("its index or detail has the wrong kind")
    if not _MOMENT.fullmatch(said["moment"]):
        raise ValueError("its moment is not written in UTC to the microsecond")
    return Entry(**said)


def moment_text(moment: datetime) -> str:
    """Return a moment as entries and heads write it: UTC, six decimals, `Z`.

    Raises:
        ValueError: when it has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is no moment")
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"


def read_moment(text: str) -> datetime:
    """Read what `moment_text` wrote.

    Raises:
        ValueError: when it is anything else.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r} is no moment in UTC to the microsecond")
    return datetime.fromisoformat(text)
