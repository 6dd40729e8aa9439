"""Why two methods may differ: what each holds by its nature, and what its findings tell."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.ledger import Method
from declarant.compute.reconcile.comparison import Comparison
from declarant.compute.reconcile.figures import Figure
from declarant.problems import Severity

_BY_NATURE: dict[Method, str] = {
    Method.SHORT_FORM: "the short form leaves attention out: 3 to 7 % at 8,192 tokens of context, "
    "far more beyond",
    Method.FRAMEWORK_COUNTER: "a framework's counter takes causal attention in full, the closed "
    "form halves it",
    Method.HARDWARE_COUNTER: "counters see recomputation, lost steps, evaluation and other work on "
    "the devices, and cannot tell which number format ran",
    Method.CHIP_TIME: "chip time depends on the utilisation put in, and holds idle time",
    Method.TRAINER_LOG: "a trainer's figure follows its own convention: attention in full or "
    "halved, with or without recomputation",
    Method.STATED: "a stated figure follows its own convention",
}


def likely_reasons(comparison: Comparison, one: Figure, other: Figure) -> tuple[str, ...]:
    """Return what may explain a disagreement, the likeliest first: findings, then nature."""
    return tuple(
        dict.fromkeys((*_from_findings(one), *_from_findings(other), *_nature(comparison)))
    )


def _from_findings(figure: Figure) -> Iterator[str]:
    for finding in figure.segment.findings:
        if finding.effect and finding.severity is not Severity.NOTE:  # a note changes nothing
            name = figure.method.value.replace("_", " ")
            yield f"{name}: {finding.what.rstrip('.')} ({finding.effect})"


def _nature(comparison: Comparison) -> Iterator[str]:
    for method in (comparison.one, comparison.other):
        if method in _BY_NATURE:
            yield _BY_NATURE[method]
    ratio = comparison.ratio
    if not ratio or comparison.column != "executed":
        return
    if 1.25 <= max(ratio, 1 / ratio) <= 1.40:
        yield "a ratio near 4/3 is what full recomputation of activations makes"
