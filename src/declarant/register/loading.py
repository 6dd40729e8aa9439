"""From a folder to facts: reads `register.yaml`, the evidence it names, and counts its runs.

Everything wrong is collected first, with file, line, field and mend, and raised together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from declarant.clusters import declared_machines, read_file
from declarant.clusters.observation import Observation
from declarant.compute.ledger import Evidence, Ledger
from declarant.problems import BadInput, Finding, Severity
from declarant.register import schema
from declarant.register.counting import count_runs
from declarant.register.facts import (
    Agency,
    Cluster,
    Contact,
    Cost,
    Coverage,
    Facts,
    Filing,
    MachineGroup,
    Model,
    Person,
    Plan,
    Received,
    TrainingRun,
)
from declarant.register.folder import REGISTER_FILE, EvidenceFolder
from declarant.yaml_source import YamlDocument, read_yaml, validated

Advance = Callable[[int, int], None]
_ANSWERS = {"yes": True, "no": False, "unknown": None}


def load_register(folder: Path, *, advance: Advance | None = None) -> Facts:
    """Return the facts of the register in `folder` (or of the `register.yaml` itself).

    Args:
        folder: the register's folder.
        advance: called as advance(done, total) while evidence is read.

    Raises:
        BadInput: with every finding that keeps the register from being read.
    """
    file = folder / REGISTER_FILE if folder.is_dir() else folder
    document = read_yaml(file, shown_as=str(file))
    register = validated(schema.RegisterFile, document)
    evidence = EvidenceFolder(file.parent)
    problems = list(_unresolved(register, document))
    identity = Evidence(file.name, hashlib.sha256(file.read_bytes()).hexdigest())

    segments, progress = count_runs(register.runs, document, evidence, problems)
    clusters = _clusters(register, document, evidence, identity, problems, advance)
    problems += evidence.problems
    if problems:
        raise BadInput(tuple(problems))
    return Facts(
        person=_person(register.person),
        contacts=tuple(Contact(**contact.model_dump()) for contact in register.contacts),
        agency=Agency(**register.agency.model_dump()) if register.agency else None,
        models=tuple(Model(**model.model_dump()) for model in register.models),
        runs=tuple(_run(run) for run in register.runs),
        clusters=clusters,
        ledger=Ledger(segments),
        filings=tuple(Filing(**filing.model_dump()) for filing in register.filings),
        received=tuple(Received(**item.model_dump()) for item in register.received),
        evidence=(identity, *evidence.evidence),
        places=tuple(
            (f"{run.id}/{part.id}", document.place("runs", number, "parts", index))
            for number, run in enumerate(register.runs)
            for index, part in enumerate(run.parts)
        ),
        findings=tuple(finding for segment in segments for finding in segment.findings),
        progress=progress,
    )


def _person(person: schema.Person) -> Person:
    covered = {
        regime: Coverage(_ANSWERS[said.answer], said.grounds, said.why)
        for regime, said in person.covered.items()
    }
    return Person(
        person.name, person.kind, covered, person.address, tuple(person.identifiers.items())
    )


def _run(run: schema.Run) -> TrainingRun:
    return TrainingRun(
        run.id,
        run.name,
        run.model,
        run.status,
        run.start,
        run.end,
        run.cluster,
        run.number_format,
        Cost(run.compute_cost.amount, run.compute_cost.currency) if run.compute_cost else None,
        _plan(run),
    )


def _plan(run: schema.Run) -> Plan:
    said = run.plan or schema.Plan()
    return Plan(
        said.tokens_per_day,
        tuple((period.since, period.devices) for period in said.devices),
        tuple((f"{run.id}/{part.id}", part.tokens) for part in run.parts if part.tokens),
    )


def _clusters(
    register: schema.RegisterFile,
    document: YamlDocument,
    evidence: EvidenceFolder,
    identity: Evidence,
    problems: list[Finding],
    advance: Advance | None,
) -> tuple[Cluster, ...]:
    clusters = []
    for number, cluster in enumerate(register.clusters):
        groups = []
        for index, group in enumerate(cluster.groups):
            path = ("clusters", number, "groups", index)
            observations = _observations(group, path, document, evidence, problems, advance)
            if group.declared is not None:
                observations.append(_declared(group.id, group.declared, identity))
            groups.append(
                MachineGroup(
                    group.id,
                    group.site,
                    group.status,
                    group.date,
                    tuple(observations),
                    group.owner,
                    group.device,
                    group.devices_per_machine,
                )
            )
        clusters.append(
            Cluster(cluster.id, cluster.name, tuple(groups), cluster.location, cluster.possession)
        )
    return tuple(clusters)


def _declared(group: str, declared: schema.Declared, register: Evidence) -> Observation:
    """Return declared machines as an observation, whose evidence is the register itself."""
    links = declared.links
    made = declared_machines(
        group,
        machines=declared.machines,
        device=declared.device,
        devices_per_machine=declared.devices_per_machine,
        links=links.count if links else 0,
        link_bits_per_second=links.rate if links else 0,
        fabric=declared.fabric or "",
    )
    return replace(made, path=register.path, sha256=register.sha256)


def _observations(
    group: schema.MachineGroup,
    path: tuple[str | int, ...],
    document: YamlDocument,
    evidence: EvidenceFolder,
    problems: list[Finding],
    advance: Advance | None,
) -> list[Observation]:
    read: list[Observation] = []
    names = None
    if group.node_names is not None:
        where = document.place(*path, "node_names")
        evidence.hashed(group.node_names, where)
        names = evidence.file(group.node_names, where)
    for field, files in (("inventory", group.inventory), ("fabric", group.fabric)):
        for number, name in enumerate(files):
            where = document.place(*path, field, number)
            if evidence.hashed(name, where) is None:
                continue
            file = evidence.file(name, where)
            if file is None:
                continue
            try:
                read.append(read_file(file, node_names=names, advance=advance))
            except BadInput as error:
                problems.extend(error.findings)
    return read


def _unresolved(register: schema.RegisterFile, document: YamlDocument) -> Iterable[Finding]:
    """Yield a finding for each id that stands twice, reference to nothing, circle of models."""
    ids = {
        "models": [model.id for model in register.models],
        "runs": [run.id for run in register.runs],
        "clusters": [cluster.id for cluster in register.clusters],
    }
    for section, known in ids.items():
        yield from _repeated(known, (section,), document)
    for number, run in enumerate(register.runs):
        yield from _repeated([part.id for part in run.parts], ("runs", number, "parts"), document)
    for number, cluster in enumerate(register.clusters):
        path = ("clusters", number, "groups")
        yield from _repeated([group.id for group in cluster.groups], path, document)
    yield from _circles(register, document)
    references = [
        *((("runs", n, "model"), run.model, "models") for n, run in enumerate(register.runs)),
        *((("runs", n, "cluster"), run.cluster, "clusters") for n, run in enumerate(register.runs)),
        *(
            (("models", n, "trained_from"), model.trained_from, "models")
            for n, model in enumerate(register.models)
        ),
    ]
    for path, wanted, section in references:
        if wanted is not None and wanted not in ids[section]:
            yield Finding(
                "register.unknown_id",
                f"there is no {wanted!r} in {section}.",
                document.place(*path),
                f"Known: {', '.join(ids[section]) or 'none'}.",
                Severity.ERROR,
            )


def _repeated(
    known: list[str], path: tuple[str | int, ...], document: YamlDocument
) -> Iterable[Finding]:
    for number, name in enumerate(known):
        if name in known[:number]:
            yield Finding(
                "register.duplicate_id",
                f"the id {name!r} stands twice in {path[-1]}.",
                document.place(*path, number, "id"),
                "Give each its own.",
                Severity.ERROR,
            )


def _circles(register: schema.RegisterFile, document: YamlDocument) -> Iterable[Finding]:
    parents = {model.id: model.trained_from for model in register.models}
    for number, model in enumerate(register.models):
        seen: list[str] = []
        parent: str | None = model.id
        while parent is not None and parent not in seen:
            seen.append(parent)
            parent = parents.get(parent)
        if parent == model.id:
            yield Finding(
                "register.circle",
                f"{model.id!r} is trained from itself: {' -> '.join([*seen, model.id])}.",
                document.place("models", number, "trained_from"),
                "Name the model that came first.",
                Severity.ERROR,
            )
