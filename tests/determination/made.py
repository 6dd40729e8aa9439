"""Facts made by hand, without files, as a desk would make them."""

from __future__ import annotations

from datetime import date

from declarant.compute.ledger import Ledger, Method, Purpose, Segment, Share
from declarant.quantities import Interval
from declarant.register.facts import (
    Cluster,
    Coverage,
    Facts,
    Filing,
    Model,
    Person,
    Received,
    RunStatus,
    TrainingRun,
)

BIS = "us-bis-702-7"
LIMIT = 10**26
AS_OF = date(2026, 12, 15)
COVERED = Coverage(True, ("organized_in_us",), "A Delaware corporation.")


def segment(
    operations: int | Interval,
    *,
    run: str = "run",
    model: str = "model",
    purpose: Purpose = Purpose.PRE_TRAINING,
    share: Share = Share.DONE,
    start: date | None = None,
    end: date | None = None,
    executed: int | None = None,
    stage: str = "pre-training",
    number: int = 1,
) -> Segment:
    amount = operations if isinstance(operations, Interval) else Interval.exactly(operations)
    return Segment(
        id=f"{run}/{number}",
        run=run,
        model=model,
        stage=stage,
        purpose=purpose,
        share=share,
        start=start,
        end=end,
        method=Method.STATED,
        model_operations=amount,
        executed_operations=amount if executed is None else Interval.exactly(executed),
        formula="stated",
        formula_version="stated/1",
    )


def run(
    run_id: str = "run",
    *,
    model: str = "model",
    status: RunStatus = RunStatus.IN_PROGRESS,
    start: date | None = date(2026, 10, 1),
    end: date | None = date(2027, 3, 1),
) -> TrainingRun:
    return TrainingRun(run_id, run_id.title(), model, status, start, end)


def facts(
    *segments: Segment,
    runs: tuple[TrainingRun, ...] | None = None,
    clusters: tuple[Cluster, ...] = (),
    coverage: Coverage | None = COVERED,
    filings: tuple[Filing, ...] = (),
    received: tuple[Received, ...] = (),
) -> Facts:
    return Facts(
        person=Person("Test, Inc.", "legal", {BIS: coverage} if coverage else {}),
        contacts=(),
        agency=None,
        models=(Model("model", "Model"),),
        runs=(run(),) if runs is None else runs,
        clusters=clusters,
        ledger=Ledger(segments),
        filings=filings,
        received=received,
    )
