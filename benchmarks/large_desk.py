"""A desk as large as an office's after five years: runs, clusters, filings; written as rows.

The register goes in by the desk's own import; its assessment by the desk's own job. Former filings
are rows with small documents, since pages never open more than one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

RUNS, CLUSTERS, YEARS = 200, 50, 5


def register_folder(folder: Path, runs: int = RUNS, clusters: int = CLUSTERS) -> Path:
    """Write a register with so many training runs and clusters; return its folder."""
    lines = [
        "register: 1",
        "person:",
        "  name: Larch Valley Compute, Inc.",
        "  kind: legal",
        "  address: 1 Larch Street, Boise, Idaho",
        "  covered:",
        "    us-bis-702-7: {answer: yes, grounds: [organized_in_us], why: An Idaho corporation.}",
        "contacts:",
        "  - {name: Ada Byrne, role: certifying_officer, email: ada@example.org}",
        "  - {name: Li Wen, role: preparer, email: li@example.org}",
        "models:",
        *(f"  - {{id: model-{n}, name: Model {n}}}" for n in range(max(1, runs // 10))),
        "clusters:",
        *(line for n in range(clusters) for line in _cluster(n)),
        "runs:",
        *(line for n in range(runs) for line in _run(n, clusters)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.yaml").write_text("\n".join(lines) + "\n")
    return folder


def _cluster(n: int) -> list[str]:
    return [
        f"  - id: cluster-{n}",
        f"    name: Hall {n}",
        "    location: Boise, Idaho",
        "    possession: in_possession",
        "    groups:",
        f"      - {{id: racks, site: Hall {n}, status: in_service, date: 2026-01-15,",
        f"         declared: {{machines: {64 + n}, device: NVIDIA H100 SXM,",
        "                    devices_per_machine: 8,",
        "                    links: {count: 8, rate: 400 Gbit/s}, fabric: ib}}",
    ]


def _run(n: int, clusters: int) -> list[str]:
    planned = n % 10 == 0
    share = "planned" if planned else "done"
    days = "start: 2026-12-01, end: 2027-05-01" if planned else "start: 2026-02-01, end: 2026-06-01"
    return [
        f"  - id: run-{n}",
        f"    name: Run {n}",
        f"    model: model-{n // 10}",
        f"    status: {'planned' if planned else 'completed'}",
        f"    {days.replace(', ', chr(10) + '    ')}",
        f"    cluster: cluster-{n % clusters}",
        "    number_format: bf16",
        "    parts:",
        f"      - {{id: all, stage: pre-training, purpose: pre_training, share: {share}, {days},",
        "         counts: [{method: chip_time, device: NVIDIA H100 SXM, hours: 2000,",
        f"                   devices: {512 * (n + 1)},",
        "                   utilisation: {low: 0.3, best: 0.35, high: 0.4, source: its log}}]}",
    ]


def former_filings(people: tuple[object, object], years: int = YEARS) -> None:
    """Write a filing for each quarter of so many years, sent and received."""
    import uuid

    from declarant.desk.filer.filings.models import Filing
    from declarant.desk.vault import store_bytes

    preparer, officer = people
    for number in range(years * 4):
        year, quarter = 2021 + number // 4, number % 4 + 1
        document = store_bytes(f'{{"number": {number}}}'.encode(), name="document.json")
        moment = datetime(year, quarter * 3, 10, tzinfo=UTC)
        Filing.objects.create(
            quarter=f"{year}Q{quarter}",
            kind=Filing.Kind.NOTIFICATION,
            state=Filing.State.RECEIVED,
            preparer=preparer,
            officer=officer,
            due=date(year, quarter * 3, 15),
            as_of=moment.date(),
            document=document,
            draft=document,
            message=document,
            identity=f"us-bis-702-7/{year}Q{quarter}/notification/{number:064x}",
            act=uuid.uuid4(),
            certified=moment,
            sent=moment,
            received=moment,
        )
