"""XML from elsewhere: no entities, nothing fetched, names without their namespaces."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from declarant.clusters.readers.guarded_text import as_text
from declarant.clusters.readers.registry import ReadContext
from declarant.problems import bad_input

_LARGEST = 256 * 1024 * 1024


def parse_xml(content: bytes, root: str, context: ReadContext) -> Element:
    """Return the root element.

    A DOCTYPE that names a file is passed over unread (nvidia-smi writes one); entity definitions
    are refused, since they can grow without end.

    Raises:
        BadInput: when it is not XML, is cut off, defines entities, is too large, or begins with
            another element than `root`.
    """
    if len(content) > _LARGEST:
        raise bad_input(
            f"{context.format}.too_large",
            f"is larger than {_LARGEST // 2**20} MiB.",
            mend="Write one file for each machine.",
            file=context.file,
        )
    try:
        # as text, since the encoding that the file declares may no longer be the one it is in
        found: Element = fromstring(as_text(content), forbid_entities=True, forbid_external=True)
    except ParseError as error:
        line, _ = error.position
        raise bad_input(
            f"{context.format}.xml",
            f"is not XML: {str(error).partition(':')[0]}.",
            mend="Write the file again, and let the command finish.",
            file=context.file,
            line=line,
        ) from None
    except (DefusedXmlException, ValueError, LookupError):
        raise bad_input(
            f"{context.format}.xml_unsafe",
            "defines entities or names an outside file, which this tool never writes.",
            mend="Take the file from the machine again.",
            file=context.file,
        ) from None
    if tag(found) != root:
        raise bad_input(
            f"{context.format}.root",
            f"begins with <{tag(found)[:60]}>, not with <{root}>.",
            mend="Check which file this is.",
            file=context.file,
        )
    return found


def tag(element: Element) -> str:
    """Return the element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of that name, in any namespace; None when there is none."""
    if element is None:
        return None
    return next((inner for inner in element if tag(inner) == name), None)


def text_of(element: Element | None, name: str) -> str:
    """Return the text of the first child of that name, "" when it is absent or N/A."""
    found = child(element, name)
    text = ((found.text if found is not None else None) or "").strip()
    return "" if text.upper() in ("N/A", "[N/A]") else text
