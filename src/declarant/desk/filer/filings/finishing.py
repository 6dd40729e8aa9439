"""A draft made final: the reasons of the preparer in it, and the statements of the officer.

Only these two differ between a draft and the document that is certified, so what the officer reads
is what was checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from declarant.filing.documents import Document
from declarant.filing.parts import Confirmation


def finished(document: Document, reasons: Mapping[str, Confirmation]) -> Document:
    """Return the document with every statement ticked, and each remark confirmed as given.

    Args:
        document: a draft.
        reasons: by the path of the remark in the document: `remarks/0`, `activities/1/remarks/0`.
    """
    content = document.content()
    for path, remark in remarks_in(content):
        reason = reasons.get(path)
        if reason is not None:
            remark["confirmation"] = reason.model_dump(mode="json")
    for statement in content["statements"]:
        statement["ticked"] = True
    made: Document = type(document).made(**content)
    return made


def remarks_in(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the content of each remark of a document's content."""
    for number, remark in enumerate(content["remarks"]):
        yield f"remarks/{number}", remark
    for place, activity in enumerate(content.get("activities", ())):
        for number, remark in enumerate(activity["remarks"]):
            yield f"activities/{place}/remarks/{number}", remark
