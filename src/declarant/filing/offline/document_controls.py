"""Content controls of a Word document (ISO/IEC 29500-1, 17.5.2): boxes that keep their name.

A control is found again by its tag, wherever somebody moved it to and whatever was written in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

PLACEHOLDER = "Write here. 請於此作答。"
NO_CHOICE = "(choose) 請選擇"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_INSIDE = {
    qn(f"w:{name}")
    for name in (
        *("r", "ins", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo"),
        *("bdo", "dir", "customXml"),
    )
}
_AROUND = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "customXml")}
_BREAKS = {qn("w:br"), qn("w:cr")}
_ASIDE = {
    qn("w:drawing"): "a picture",
    qn("w:pict"): "a picture",
    qn("w:object"): "an embedded object",
    qn("w:instrText"): "a field",
    qn("w:fldSimple"): "a field",
    qn("w:altChunk"): "another document",
    qn("m:oMath"): "a formula",
    qn("w:footnoteReference"): "a footnote",
    qn("w:endnoteReference"): "an endnote",
}


def text_control(tag: str, title: str, text: str) -> Any:
    """Return a box for any amount of text, one paragraph a line."""
    control = _control(tag, title)
    content = OxmlElement("w:sdtContent")
    if text:
        for line in text.split("\n"):
            content.append(_boxed(_run(line)))
    else:
        control[0].append(OxmlElement("w:showingPlcHdr"))
        content.append(_boxed(_run(PLACEHOLDER, grey=True)))
    control.append(content)
    return control


def choice_control(tag: str, title: str, chosen: str, choices: Sequence[str]) -> Any:
    """Return a line with a list to choose from, in a paragraph that begins with the title."""
    control = _control(tag, title)
    listed = OxmlElement("w:dropDownList")
    for choice in dict.fromkeys((*choices, *([chosen] if chosen else []))):
        item = OxmlElement("w:listItem")
        item.set(qn("w:displayText"), choice)
        item.set(qn("w:value"), choice)
        listed.append(item)
    if not chosen:  # the schema asks for this order
        control[0].append(OxmlElement("w:showingPlcHdr"))
    control[0].append(listed)
    content = OxmlElement("w:sdtContent")
    content.append(_run(chosen or NO_CHOICE, grey=not chosen))
    control.append(content)
    return _paragraph(_run(f"{title}: ", bold=True), control)


def table_control(tag: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    """Return a box around a table; its first row holds the headings."""
    control = _control(tag, title)
    table = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    style = OxmlElement("w:tblStyle")
    style.set(qn("w:val"), "TableGrid")
    width = OxmlElement("w:tblW")
    width.set(qn("w:w"), "0")
    width.set(qn("w:type"), "auto")
    properties.extend((style, width))
    grid = OxmlElement("w:tblGrid")
    for _ in heads:
        grid.append(OxmlElement("w:gridCol"))
    table.extend((properties, grid))
    for number, row in enumerate((heads, *rows)):
        line = OxmlElement("w:tr")
        if not number:
            header = OxmlElement("w:trPr")
            header.append(OxmlElement("w:tblHeader"))
            line.append(header)
        for text in row:
            cell = OxmlElement("w:tc")
            for part in text.split("\n"):
                cell.append(_paragraph(_run(part, bold=not number)))
            line.append(cell)
        table.append(line)
    content = OxmlElement("w:sdtContent")
    content.append(table)
    control.append(content)
    return control


def label(text: str) -> Any:
    """Return a line that says what the box below it is for."""
    return _paragraph(_run(text, bold=True))


def hidden_control(tag: str, text: str) -> Any:
    """Return a locked box whose text nobody sees."""
    control = _control(tag, "Declarant", lock="sdtContentLocked")
    content = OxmlElement("w:sdtContent")
    content.append(_paragraph(_run(text, hidden=True)))
    control.append(content)
    return control


def controls(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield every control with its tag, in the order of the document."""
    for control in body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None:
            yield tag.get(qn("w:val")) or "", control


def text_in(control: Any) -> str:
    """Return what people wrote into a control; "" while it shows its placeholder."""
    content = control.find(qn("w:sdtContent"))
    if content is None:
        return ""
    text = "\n".join(_lines(content))
    return "" if text in (PLACEHOLDER, NO_CHOICE) else text


def rows_in(control: Any) -> list[list[str]]:
    """Return the rows of the first table in a control, the headings among them."""
    table = next(control.iter(qn("w:tbl")), None)
    if table is None:
        return []
    return [
        ["\n".join(_lines(cell)) for cell in _held(row, qn("w:tc"))]
        for row in _held(table, qn("w:tr"))
    ]


def text_beside_table(control: Any) -> str:
    """Return what stands in a control beside its table."""
    content = control.find(qn("w:sdtContent"))
    paragraphs = [] if content is None else content.iterchildren(qn("w:p"))
    return "\n".join(filter(str.strip, ("".join(_runs(item)) for item in paragraphs)))


def left_aside_in(control: Any) -> list[str]:
    """Return what stands in a control and is no text: pictures, fields, objects."""
    found = (what for tag, what in _ASIDE.items() if next(control.iter(tag), None) is not None)
    return list(dict.fromkeys(found))


def text_outside(body: Any, boxes: Collection[Any]) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs outside of the boxes that hold something, with their number from 1."""
    inside = set(boxes)
    for number, paragraph in enumerate(body.iter(qn("w:p")), start=1):
        if not inside.intersection(paragraph.iterancestors(qn("w:sdt"))):
            text = "".join(_runs(paragraph, inside))
            if text.strip():
                yield number, text


def _control(tag: str, title: str, *, lock: str = "sdtLocked") -> Any:
    control = OxmlElement("w:sdt")
    properties = OxmlElement("w:sdtPr")
    for name, value in (("w:alias", title[:60]), ("w:tag", tag), ("w:lock", lock)):
        item = OxmlElement(name)
        item.set(qn("w:val"), value)
        properties.append(item)
    control.append(properties)
    return control


def _paragraph(*content: Any) -> Any:
    paragraph = OxmlElement("w:p")
    paragraph.extend(content)
    return paragraph


def _boxed(*content: Any) -> Any:
    """Return a paragraph with a frame, so that people see where to write."""
    properties, frame = OxmlElement("w:pPr"), OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "4"), ("color", "71767A")):
            line.set(qn(f"w:{name}"), value)
        frame.append(line)
    properties.append(frame)
    return _paragraph(properties, *content)


def _run(text: str, *, bold: bool = False, hidden: bool = False, grey: bool = False) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    if bold:
        properties.append(OxmlElement("w:b"))
    if hidden:
        properties.append(OxmlElement("w:vanish"))
    if grey:
        item = OxmlElement("w:color")
        item.set(qn("w:val"), "565C65")
        properties.append(item)
    if len(properties):
        run.append(properties)
    if text:
        item = OxmlElement("w:t")
        item.set(_SPACE, "preserve")
        item.text = text
        run.append(item)
    return run


def _lines(content: Any) -> Iterator[str]:
    """Yield the lines of what stands in a control: a paragraph each, a row of a table each."""
    for child in content:
        if child.tag == qn("w:p"):
            yield from "".join(_runs(child)).split("\n")
        elif child.tag == qn("w:tbl"):
            for row in _held(child, qn("w:tr")):
                yield " | ".join(" ".join(_lines(cell)) for cell in _held(row, qn("w:tc")))
        elif child.tag == qn("w:r"):  # a control within a line holds runs
            yield from "".join(_runs(content)).split("\n")
            return
        elif child.tag in _AROUND:
            yield from _lines(child)


def _held(element: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, and not those of tables inside of it."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND:
            yield from _held(child, tag)


def _runs(element: Any, skipped: Collection[Any] = ()) -> Iterator[str]:
    """Yield the text of runs as it reads now: what was deleted with tracking is gone."""
    for child in element:
        if child in skipped:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag in (qn("w:tab"), qn("w:ptab")) and element.tag == qn("w:r"):
            yield "\t"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "\u2011"
        elif child.tag in _INSIDE:
            yield from _runs(child, skipped)
