"""When a message was received: what the mail server wrote into it, when nobody says otherwise."""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

HEAD = 256 * 1024


def received_by_server(head: bytes) -> datetime | None:
    """Return the moment in the topmost `Received` field, written by one's own server last.

    None when there is none with a zone (RFC 5321, 4.4: the date stands behind the semicolon).
    """
    try:
        fields = BytesHeaderParser(policy=policy.compat32).parsebytes(head).get_all("Received")
        if not fields:
            return None
        moment = parsedate_to_datetime(str(fields[0]).rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo is not None else None
