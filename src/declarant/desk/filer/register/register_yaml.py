"""`register.yaml` as people would write it: in order, commented, and read back exactly.

Scalars are left bare where `declarant.yaml_source` reads them as what they are, and quoted where
it, or another reader of YAML, would take a text for a number or a yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from declarant.desk.filer.register.kinds import SECTIONS, Kind

_COMMENTS: dict[str, str] = {
    Kind.PERSON: "Who reports, and which rules cover it.",
    Kind.CONTACT: "Who can be turned to.",
    Kind.AGENCY: "Where messages go.",
    Kind.MODEL: "Models that are trained.",
    Kind.RUN: "Training runs. Each part is counted by every method it names.",
    Kind.CLUSTER: "Computing clusters. Each group of machines is known by files, or declared.",
    Kind.FILING: "What was sent to the agency.",
    Kind.RECEIVED: "What came from the agency and started a clock.",
}
_HEAD = """\
# The register of {name}, written by Declarant.
# Paths are of files in this folder. Check it with: declarant count . --as-of YYYY-MM-DD
register: 1
"""


class _Writer(yaml.SafeDumper):
    """Writes lists indented under their key, long texts on one line, and quotes no date."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


# what stays bare only as what it is; a text that looks like one of these is quoted
_Writer.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Writer.add_implicit_resolver(
    "tag:yaml.org,2002:bool",
    re.compile(r"^(y|n|yes|no|true|false|on|off)$", re.IGNORECASE),
    list("yYnNtTfFoO"),
)
_Writer.add_implicit_resolver(
    "tag:yaml.org,2002:int",
    re.compile(r"^[-+]?(0[xob][0-9a-fA-F_]+|[0-9][0-9_]*)$"),
    list("-+0123456789"),
)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def record_text(content: Any) -> str:
    """Return one record as YAML, as its editor shows it."""
    return _dumped(content)


def register_text(records: Iterable[tuple[str, Any]]) -> str:
    """Return a whole `register.yaml`.

    Args:
        records: kind and content of each record, in order.
    """
    by_kind: dict[str, list[Any]] = {}
    for kind, content in records:
        by_kind.setdefault(kind, []).append(content)
    person = next(iter(by_kind.get(Kind.PERSON, [])), None)
    name = str(person.get("name")) if isinstance(person, Mapping) else "nobody yet"
    text = _HEAD.format(name=" ".join(name.split()))
    for kind, section in SECTIONS.items():
        held = by_kind.get(kind)
        if not held:
            continue
        text += f"\n# {_COMMENTS[kind]}\n"
        if section.single:
            text += _dumped({section.name: held[0]})
        else:
            items = (_dumped({section.name: [item]}).partition("\n")[2] for item in held)
            text += f"{section.name}:\n" + "\n".join(items)
    return text


def _dumped(content: Any) -> str:
    return str(
        yaml.dump(
            content,
            Dumper=_Writer,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=False,
            width=100_000,
        )
    )
