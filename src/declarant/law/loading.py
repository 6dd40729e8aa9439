"""Reading the folder of a regime. The folder is the law: no code knows which regimes there are."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Any

from declarant.law.activities import ActivitiesFile
from declarant.law.clock_rules import ClocksFile
from declarant.law.consistency import inconsistencies
from declarant.law.contents import (
    AuthorityFile,
    DefinitionsFile,
    PenaltiesFile,
    PurposesFile,
    TopicsFile,
)
from declarant.law.counting import CountingFile
from declarant.law.holidays import HolidaysFile
from declarant.law.persons import PersonsFile
from declarant.law.readings import ReadingsFile
from declarant.law.regime import AboutFile, Regime, SourcesFile, unknown
from declarant.law.status import StatusFile
from declarant.law.text import LawModel
from declarant.problems import BadInput, Finding, Place, Severity, bad_input
from declarant.yaml_source import YamlDocument, read_yaml, validated

FOLDER = Path(__file__).parent / "regimes"

REQUIRED: dict[str, type[LawModel]] = {
    "regime.yaml": AboutFile,
    "status.yaml": StatusFile,
    "activities.yaml": ActivitiesFile,
    "counting.yaml": CountingFile,
}
OPTIONAL: dict[str, type[LawModel]] = {
    "sources.yaml": SourcesFile,
    "persons.yaml": PersonsFile,
    "readings.yaml": ReadingsFile,
    "clocks.yaml": ClocksFile,
    "holidays.yaml": HolidaysFile,
    "topics.yaml": TopicsFile,
    "definitions.yaml": DefinitionsFile,
    "penalties.yaml": PenaltiesFile,
    "purposes.yaml": PurposesFile,
    "authority.yaml": AuthorityFile,
}
FILES = REQUIRED | OPTIONAL


@cache
def regime_ids() -> tuple[str, ...]:
    """Return the ids of the regimes that come with the product, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/regime.yaml")))


@cache
def load_regime(regime_id: str) -> Regime:
    """Return a regime that comes with the product; read once, then kept.

    Raises:
        BadInput: when there is none of that id (names the known ones), or its files are wrong.
    """
    if regime_id not in regime_ids():
        raise unknown("regime", regime_id, regime_ids())
    return read_regime(FOLDER / regime_id)


def read_regime(folder: Path) -> Regime:
    """Read and check a regime's folder, wherever it lies; the folder's name is the regime's id.

    Raises:
        BadInput: with a finding for each thing wrong in any file, with file and line.
    """
    if not folder.is_dir():
        raise bad_input(
            "law.no_folder", "there is no such folder.", mend="Check the path.", file=str(folder)
        )
    findings = _missing_and_unknown(folder)
    documents: dict[str, YamlDocument] = {}
    for name in FILES:
        if (folder / name).is_file():
            try:
                documents[name] = read_yaml(folder / name, shown_as=f"{folder.name}/{name}")
            except BadInput as error:
                findings += error.findings
    _refuse(findings)

    sources = _sources(documents)
    parts: dict[str, Any] = {}
    for name, document in documents.items():
        findings += _resolve_citations(document, document.data, (), sources)
        try:
            part = validated(FILES[name], document)
        except BadInput as error:
            findings += error.findings
        else:
            parts |= dict(part)
    _refuse(findings)

    regime = Regime.model_validate(parts)
    _refuse(inconsistencies(regime, folder.name, documents))
    return regime


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise BadInput(tuple(findings))


def _missing_and_unknown(folder: Path) -> list[Finding]:
    there = {path.name for path in folder.iterdir() if path.suffix in (".yaml", ".yml")}
    findings = [
        Finding(
            "law.missing_file",
            f"a regime needs {name}.",
            Place(f"{folder.name}/{name}"),
            "Add it; the regimes that come with the product show how.",
            Severity.ERROR,
        )
        for name in sorted(REQUIRED.keys() - there)
    ]
    for name in sorted(there - FILES.keys()):
        near = difflib.get_close_matches(name, FILES, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(FILES))}."
        place = Place(f"{folder.name}/{name}")
        what = "no file of a regime has this name."
        findings.append(Finding("law.unknown_file", what, place, hint, Severity.ERROR))
    return findings


def _sources(documents: dict[str, YamlDocument]) -> dict[str, dict[str, str]]:
    """Return the sources by id, as far as the file is in order; its errors are reported later."""
    data = documents["sources.yaml"].data if "sources.yaml" in documents else {}
    listed = data.get("sources") if isinstance(data, dict) else None
    return {
        source["id"]: source
        for source in (listed if isinstance(listed, list) else [])
        if isinstance(source, dict) and isinstance(source.get("id"), str)
    }


def _resolve_citations(
    document: YamlDocument,
    data: Any,
    path: tuple[str | int, ...],
    sources: dict[str, dict[str, str]],
) -> list[Finding]:
    """Turn each `citation: {source, at}` into text and address, in place."""
    findings: list[Finding] = []
    if isinstance(data, list):
        for index, item in enumerate(data):
            findings += _resolve_citations(document, item, (*path, index), sources)
        return findings
    if not isinstance(data, dict):
        return findings
    for key, value in data.items():
        if key != "citation" or not isinstance(value, dict) or "source" not in value:
            findings += _resolve_citations(document, value, (*path, key), sources)
            continue
        source = sources.get(str(value["source"]))
        if source is None:
            near = difflib.get_close_matches(str(value["source"]), sources, n=1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            findings.append(
                Finding(
                    "law.unknown_source",
                    f"no source {value['source']!r} stands in sources.yaml.",
                    document.place(*path, key, "source"),
                    f"{hint}Known: {', '.join(sources) or 'none'}.",
                    Severity.ERROR,
                )
            )
            continue
        at = value.get("at")
        text = f"{source.get('short')}, {at}" if at else source.get("short")
        rest = {name: given for name, given in value.items() if name not in ("source", "at")}
        data[key] = {"text": text, "url": source.get("url"), **rest}
    return findings
