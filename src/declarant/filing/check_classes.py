"""The four classes of checks: which findings block a filing, and which a reason lets stand.

Syntactic and validity findings block. Quality and cross-record findings must be confirmed with a
written reason. A note needs nothing. The Home Mortgage Disclosure Act's edits are sorted the same
way (CFPB, Filing Instructions Guide, "syntactical, validity, quality and macro quality edits").

A finding's class follows from its code: from its own entry, else from its family (the part before
the first dot). A new family, or a code that is not of its family's class, is entered here.
"""

from __future__ import annotations

from enum import StrEnum

from declarant.problems import Finding, Severity


class CheckClass(StrEnum):
    """What kind of check made a finding, which decides what must follow."""

    SYNTACTIC = "syntactic"  # it cannot be read, or is not of the form that is asked for
    VALIDITY = "validity"  # it can be read, and cannot be so or cannot be accepted
    QUALITY = "quality"  # it can be so, and a person must say why it is
    CROSS_RECORD = "cross_record"  # it does not agree with another record


_S, _V = CheckClass.SYNTACTIC, CheckClass.VALIDITY
_Q, _X = CheckClass.QUALITY, CheckClass.CROSS_RECORD

READERS = (
    # logs, stores and counters of training
    *("megatron_log", "megatron_progress", "metered", "mlflow", "mllog", "sacct", "tensorboard"),
    *("tracker_ledger", "trainer_state", "wandb_offline", "wandb_system", "meter", "tracker"),
    # inventories and fabrics of clusters
    *("csv_links", "csv_machines", "ibnetdiscover", "kubernetes_nodes", "node_names"),
    *("nvidia_smi", "slurm_nodes", "slurm_nodes_json", "slurm_topology", "slurm_topology_yaml"),
    *("sonic_config_db", "sonic_minigraph"),
)
"""Families of what reads evidence: what they doubt is the quality of a figure."""

_UNREADABLE = (
    *("column_missing", "columns", "damaged", "empty", "field", "host_list", "jobs_columns"),
    *("json", "not_json", "not_utf8", "root", "rows", "time", "too_large", "too_many_hosts"),
    *("unit", "unreadable", "xml", "xml_unsafe"),
)
"""Of a reader, the codes that say that the file itself is not what it should be."""

FAMILIES: dict[str, CheckClass] = {
    **dict.fromkeys(READERS, _Q),
    "activity": _V,
    "affirmation": _V,
    "amount": _V,
    "answer": _V,
    "answer_set": _V,
    "attachment": _S,
    "audit": _V,
    "calendar": _V,
    "certificate": _V,
    "chip_time": _V,
    "clock": _V,
    "cluster": _Q,
    "configuration": _Q,
    "contacts": _V,
    "count": _Q,
    "days": _V,
    "determination": _Q,
    "document": _V,
    "encryption": _S,
    "envelope": _S,
    "estimate": _Q,
    "evidence": _V,
    "extension": _V,
    "file": _S,
    "forecast": _Q,
    "form": _V,
    "hardware": _S,
    "header": _S,
    "json": _S,
    "key": _S,
    "law": _V,
    "message": _V,
    "offline": _S,
    "pdf": _Q,
    "plausibility": _Q,
    "plot": _S,
    "quantity": _S,
    "question": _V,
    "questions": _S,
    "reading": _V,
    "receipt": _V,
    "recording": _Q,
    "register": _S,
    "remark": _V,
    "reply": _V,
    "schema": _S,
    "signature": _V,
    "statement": _V,
    "text": _V,
    "token": _S,
    "track": _S,
    "verify": _S,
    "yaml": _S,
}

CODES: dict[str, CheckClass] = {
    # answers: not what is asked for in form
    "answer.cell": _S,
    "answer.columns": _S,
    "answer.option": _S,
    "answer.twice": _S,
    "answer.type": _S,
    "answer.unknown_file": _S,
    "answer.unknown_question": _S,
    # answers: possible, and to be explained
    "answer.no_evidence": _Q,
    "answer_set.instalment": _Q,
    "answer_set.late": _Q,
    "clock.missing": _Q,
    "evidence.not_of_document": _Q,
    "evidence.undated": _Q,
    "evidence.unused": _Q,
    "extension.late": _Q,
    "extension.not_foreseen": _Q,
    # answers against former ones, and replies against what they reply to
    "answer.former_unknown": _X,
    "answer.leap": _X,
    "answer.not_corrected": _X,
    "answer.not_returned": _X,
    "reply.before": _X,
    "reply.person": _X,
    # a filing: possible, and to be explained
    "attachment.not_named": _Q,
    "calendar.not_compared": _Q,
    "certificate.address": _Q,
    "certificate.not_checked": _Q,
    "certificate.trial": _Q,
    "document.late": _Q,
    "document.long_late": _Q,
    "document.nothing_applies": _Q,
    "envelope.outside": _Q,
    "file.early": _Q,
    "file.same_content": _Q,
    "form.not_compared": _Q,
    "law.unknown_regime": _Q,
    "signature.before_prepared": _Q,
    "signature.time": _Q,
    "signature.unusual_form": _Q,
    "text.not_compared": _Q,
    # a filing: of another form, or refused
    "document.form": _S,
    "file.not_covered": _V,
    "file.statement": _V,
    # read all the same, with a remark
    "offline.left_aside": _Q,
    "offline.tidied": _Q,
    "offline.unknown_basis": _Q,
    "sacct.column_missing": _Q,
    "wandb_offline.damaged": _Q,
    # a model's configuration that cannot be read
    "configuration.duplicate_key": _S,
    "configuration.layer_types": _S,
    "configuration.missing_key": _S,
    "configuration.not_json": _S,
    "configuration.unknown_family": _S,
    "configuration.unknown_parts": _S,
    "configuration.unreadable": _S,
    "configuration.value": _S,
    # facts: one record against another
    "cluster.inventories_disagree": _X,
    "cluster.one_name_two_sites": _X,
    "cluster.one_switch_two_sites": _X,
    "count.device_differs": _X,
    "count.recorded_twice": _X,
    "determination.ground_contradicts": _X,
    "determination.status_disagrees": _X,
    "evidence.two_hashes": _X,
    "forecast.pace_and_end_differ": _X,
    "mllog.stated_differs": _X,
    "plausibility.lost_steps_twice": _X,
    "plausibility.methods_disagree": _X,
    "plausibility.model_exceeds_executed": _X,
    "plausibility.run_exceeds_cluster": _X,
    "sacct.elapsed_disagrees": _X,
    "trainer_state.tokens_disagree": _X,
    # facts: cannot be so, whatever is said about it
    "count.chip_time": _V,
    "count.device_seconds": _V,
    "count.model_exceeds_executed": _V,
    "count.nothing_stated": _V,
    "count.utilisation": _V,
    "determination.moment": _V,
    "tracker.chain_broken": _V,
    "tracker.copy_differs": _V,
    "tracker.file_removed": _V,
    "tracker.head_behind_break": _V,
    "tracker.record_unreadable": _V,
}


def class_of(finding: Finding | str) -> CheckClass:
    """Return the class of a finding, or of its code.

    A code that is not known, such as that of a later version, is taken for the strictest that its
    severity allows: an error blocks, anything else asks for a reason.
    """
    code = finding if isinstance(finding, str) else finding.code
    known = known_class(code)
    if known is not None:
        return known
    is_doubt = not isinstance(finding, str) and finding.severity is not Severity.ERROR
    return CheckClass.QUALITY if is_doubt else CheckClass.VALIDITY


def known_class(code: str) -> CheckClass | None:
    """Return the class entered for a code; None when neither it nor its family is entered."""
    family, _, name = code.replace("-", "_").partition(".")
    own = CODES.get(f"{family}.{name}")
    if own is not None:
        return own
    if family in READERS and name in _UNREADABLE:
        return CheckClass.SYNTACTIC
    if family in READERS and name.endswith("disagree"):
        return CheckClass.CROSS_RECORD
    return FAMILIES.get(family)


def blocks(finding: Finding) -> bool:
    """Whether nothing can be sent while the finding stands."""
    is_told = finding.severity is Severity.NOTE
    return not is_told and class_of(finding) in (CheckClass.SYNTACTIC, CheckClass.VALIDITY)


def needs_reason(finding: Finding) -> bool:
    """Whether the finding stands only with a written reason."""
    is_told = finding.severity is Severity.NOTE
    return not is_told and class_of(finding) in (CheckClass.QUALITY, CheckClass.CROSS_RECORD)
