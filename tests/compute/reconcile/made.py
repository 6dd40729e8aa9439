"""Segments of one part, made by hand."""

from declarant.compute.ledger import Ledger, Method, Purpose, Segment, Share
from declarant.problems import Finding
from declarant.quantities import Interval


def around(best: int, width: int = 0) -> Interval:
    return Interval.between(best - width, best + width, best)


def segment(
    method: Method,
    model: Interval | None = None,
    executed: Interval | None = None,
    *,
    apart: str = "",
    preferred: bool = False,
    findings: tuple[Finding, ...] = (),
) -> Segment:
    return Segment(
        id=f"run/part{apart}/{method.value}",
        run="run",
        model="model",
        stage="pre-training",
        purpose=Purpose.LOST_STEPS if apart else Purpose.PRE_TRAINING,
        share=Share.DONE,
        start=None,
        end=None,
        method=method,
        model_operations=model,
        executed_operations=executed,
        formula="",
        formula_version="",
        preferred=preferred,
        findings=findings,
    )


def ledger(*segments: Segment) -> Ledger:
    return Ledger(segments)
