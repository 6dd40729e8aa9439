"""One record as YAML, for those who write registers by hand: errors name their line."""

from __future__ import annotations

from typing import Any

from declarant.desk.filer.register.editing.editor import Meanwhile, joined
from declarant.desk.filer.register.kinds import SECTIONS
from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.recording import EditedMeanwhile, save_record
from declarant.desk.filer.register.register_yaml import record_text
from declarant.desk.filer.register.validating import MOST_BYTES
from declarant.problems import BadInput, Finding, bad_input
from declarant.yaml_source import parse_yaml


class YamlEditor:
    """One record being edited as text.

    Attributes:
        text: what the box holds.
        expected: the version that is being edited; 0 for a new record.
        findings: what is wrong, with lines.
    """

    def __init__(self, kind: str, record: Record | None, data: Any = None) -> None:
        self.kind, self.record = kind, record
        self.expected = record.number if record else 0
        self.text = record_text(record.content) if record else _outline(kind)
        self.why = ""
        self.findings: list[Finding] = []
        self.meanwhile: Meanwhile | None = None
        if data is not None:
            self.text = str(data.get("text", "")).replace("\r\n", "\n")
            self.why = str(data.get("why", ""))[:500]
            number = str(data.get("version", ""))
            self.expected = int(number) if number.isdecimal() and len(number) < 10 else 0

    def save(self, actor: Any) -> Record | None:
        """Save; return the record, or None when the page must be shown again with what is wrong."""
        try:
            if len(self.text.encode("utf-8", "replace")) > MOST_BYTES:
                raise bad_input(
                    "register.too_long", "the text is too long.", mend="Move parts into evidence."
                )
            document = parse_yaml(self.text, "")
        except BadInput as error:
            self.findings = list(error.findings)
            return None
        try:
            return save_record(
                actor,
                self.kind,
                document.data,
                record=self.record,
                expected=self.expected if self.record else None,
                why=self.why,
                document=document,
            )
        except BadInput as error:
            self.findings = list(error.findings)
        except EditedMeanwhile as found:
            both, self.meanwhile = joined(found.record, self.expected, document.data)
            self.record, self.expected = found.record, found.record.number
            self.text = record_text(both)
        return None

    @property
    def lines(self) -> int:
        """How tall the box is."""
        return min(60, max(16, self.text.count("\n") + 3))


def _outline(kind: str) -> str:
    """Return the required fields of a kind, to be filled in."""
    from declarant.desk.filer.register.anatomy import Sort, fields

    lines = []
    for field in fields(SECTIONS[kind].model):
        if field.required:
            ends = {Sort.BY_KEY: " {}", Sort.PARTS: " []"}.get(field.sort, "")
            lines.append(f"{field.name}:{ends}")
    return "\n".join(lines) + "\n"
