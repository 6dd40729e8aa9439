"""A document with all that goes with it: form, calendar, evidence. Ready to be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from declarant.filing.calendar import calendar
from declarant.filing.canonical import sha256
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.manifest import MANIFEST_NAME, Attachment
from declarant.filing.message import MOST_ATTACHED, Filing
from declarant.filing.pdf import render
from declarant.filing.published import Exchange
from declarant.problems import bad_input


def ready(
    document: Exchange, evidence: Mapping[str, bytes] | None = None, *, most: int = MOST_ATTACHED
) -> Filing:
    """Return the filing of a document; `evidence` holds the files it names, by their SHA-256.

    A calendar goes with it when it has a clock that still runs: not with answers, which end it.

    Raises:
        BadInput: when a file that the document names is not given, is another file, bears the name
            of an attachment of ours, or all attachments have more than `most` bytes together.
    """
    dates = calendar(document) if document.clocks and not isinstance(document, AnswerSet) else None
    attached = tuple(_attached(document, evidence or {}))
    return Filing.of(document, render(document).pdf, dates, attached, most=most)


def _attached(document: Exchange, evidence: Mapping[str, bytes]) -> Iterator[Attachment]:
    stem = f"{document.kind}-{document.period}"
    taken = {MANIFEST_NAME, *(f"{stem}.{ending}" for ending in ("json", "pdf", "ics"))}
    for number, file in enumerate(document.evidence):
        field = f"evidence[{number}]"
        data = evidence.get(file.sha256)
        if data is None or sha256(data) != file.sha256:
            state = "is not given" if data is None else "is another file than the document names"
            raise bad_input(
                "evidence.not_given",
                f"{file.name} {state}.",
                mend=f"Give the file with the SHA-256 {file.sha256}.",
                field=field,
            )
        if file.name.casefold() in taken:
            raise bad_input(
                "evidence.name_taken",
                f"{file.name} is already the name of another attachment of this message.",
                mend="Give the file another name.",
                field=field,
            )
        taken.add(file.name.casefold())
        yield Attachment(file.name, file.media_type, "evidence", data)
