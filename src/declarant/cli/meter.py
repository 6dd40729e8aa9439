"""`declarant meter`: the operations that GPU telemetry shows, by run and day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from declarant.compute.meter import Known, MeteredSegment, Metering
    from declarant.quantities import Interval

NO_RUN = "(no run)"


def meter(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="DCGM metrics (Parquet, CSV, Prometheus text or range query), W&B system metrics; "
            "files, or folders of Parquet.",
        ),
    ],
    jobs: Annotated[
        Path | None,
        typer.Option(help="Which run had which host when: CSV (run,host,start,end) or sacct -P."),
    ] = None,
    run_label: Annotated[
        str | None,
        typer.Option(help="Label that names the run: pod, namespace, container or run."),
    ] = None,
    runs: Annotated[
        Path | None,
        typer.Option(help="CSV (name,run): the run of each label's value or job's name."),
    ] = None,
    run: Annotated[str | None, typer.Option(help="All of it is this run's work.")] = None,
    number_format: Annotated[
        str | None, typer.Option(help="Of the runs' matrix arithmetic, such as bf16 or fp8.")
    ] = None,
    formats: Annotated[
        Path | None, typer.Option(help="CSV (run,number_format), where runs differ.")
    ] = None,
    device: Annotated[
        str | None, typer.Option(help='Where telemetry names none, such as "H100 SXM".')
    ] = None,
    reference_clock: Annotated[
        int | None,
        typer.Option(
            help="MHz at which the dense peak holds, for all devices.", min=100, max=10000
        ),
    ] = None,
    interval: Annotated[
        str | None, typer.Option(help="Of scrapes, such as 15s. Default: the median found.")
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help="Of an activity: COLUMN=ratio or COLUMN=percent; may be repeated."),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Of times without one, such as Europe/Berlin.")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="duckdb, spark://HOST:PORT or local-cluster.")
    ] = "duckdb",
    memory_limit: Annotated[
        str | None, typer.Option(help="Of DuckDB, such as 2GB; the rest goes to --work.")
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(help="Folder for tables on the way; a cluster's workers must see it."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Keep the segments as Parquet, for the register.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Work out executed operations from the tensor-pipe activity of GPUs, by run and day.

    Activity x clock / reference clock x dense peak of the number format x the time each sample
    stands for. What is not known (format, device, missing samples) makes an interval.
    """
    from declarant.cli import output
    from declarant.cli.meter_options import known_from, read_names
    from declarant.compute.meter import meter as metered
    from declarant.compute.meter import read_jobs, write_metered

    names = read_names(runs, ("name", "run")) if runs else None
    known = known_from(
        number_format, formats, device, reference_clock, interval, unit or [], zone, run,
        run_label, names, has_jobs=jobs is not None,
    )  # fmt: skip
    held = read_jobs(jobs, known.zone, names) if jobs is not None else None
    _check_folder(work)
    _check_file(out)
    with output.progress("Metering") as advance:
        found = metered(
            sources,
            known,
            jobs=held,
            on=engine,
            memory_limit=memory_limit,
            work=work,
            stage=_shown(advance),
        )
    if out is not None:
        write_metered(found, out)
    if as_json:
        output.print_json(_json(found, out))
        return
    _show(found, known)
    if out is not None:
        output.console().print(f"Written: {output.plain(out)}")
    output.show_findings(found.findings)


def _shown(advance: Callable[[int, int], None]) -> Callable[[str, int, int], None]:
    return lambda title, done, total: advance(done, total)


def _check_folder(work: Path | None) -> None:
    from declarant.problems import bad_input

    if work is not None and not work.is_dir():
        raise bad_input(
            "meter.work",
            f"{str(work)!r} is no folder.",
            mend="Make it first, where there is room.",
            field="--work",
        )


def _check_file(out: Path | None) -> None:
    from declarant.problems import bad_input

    if out is not None and out.is_dir():
        raise bad_input(
            "meter.out",
            f"{str(out)!r} is a folder.",
            mend="Name a file such as metered.parquet.",
            field="--out",
        )


def _show(found: Metering, known: Known) -> None:
    from declarant.cli import output
    from declarant.quantities import show_interval

    page = output.console()
    rows = []
    for run in (*found.runs, ""):
        held = found.of_run(run)
        if not held:
            continue
        for day in sorted({item.day for item in held}):
            of_day = [item for item in held if item.day == day]
            rows.append((output.plain(run or NO_RUN), day.isoformat(), *_cells(of_day)))
        if len({item.day for item in held}) > 1:
            rows.append((output.plain(run or NO_RUN), "all", *_cells(list(held))))
    page.print(
        output.table(
            "Executed operations, from hardware counters",
            ["run", "day (UTC)", "operations", "samples", "expected", "covered"],
            rows,
            right=["samples", "expected", "covered"],
        )
    )
    total = _total(found.segments)
    formats = sorted({word for item in found.segments for word in item.number_formats})
    page.print(f"In all [bold]{show_interval(total)}[/] executed operations; format(s) taken: "
               f"{output.plain(', '.join(map(_for_people, formats)) or 'none')}.")  # fmt: skip
    if total.reason:
        page.print(f"[dim]Open: {output.plain(total.reason)}.[/]")


def _for_people(number_format: str) -> str:
    """Return a format's name; bf16 and fp16 have one peak and are told apart by nothing here."""
    return "16-bit (bf16 or fp16)" if number_format == "fp16" else number_format


def _cells(held: list[MeteredSegment]) -> tuple[str, str, str, str]:
    from declarant.quantities import show_interval

    whole = sum(item.measured_ms + item.carried_ms + item.missing_ms for item in held)
    covered = sum(item.measured_ms for item in held)
    return (
        show_interval(_total(held)),
        f"{sum(item.samples for item in held):,}",
        f"{sum(item.samples_expected for item in held):,}",
        f"{covered / whole:.2%}" if whole else "-",
    )


def _total(held: Any) -> Interval:
    from declarant.quantities import Interval

    return Interval.total(item.operations for item in held)


def _json(found: Metering, out: Path | None) -> dict[str, Any]:
    totals = {run: _total(found.of_run(run)) for run in found.runs}
    return {
        "version": found.version,
        "samples_read": str(found.rows),
        "runs": [{"run": run, **_amounts(total)} for run, total in totals.items()],
        "no_run": _amounts(_total(found.of_run(""))),
        "segments": [
            {
                "run": item.run,
                "day": item.day.isoformat(),
                "model": item.model,
                "part": item.part,
                "devices": list(item.devices),
                "number_formats": list(item.number_formats),
                **_amounts(item.operations),
                "samples": str(item.samples),
                "samples_expected": str(item.samples_expected),
                "duplicates": str(item.duplicates),
                "measured_ms": str(item.measured_ms),
                "carried_ms": str(item.carried_ms),
                "missing_ms": str(item.missing_ms),
                "kilocycles": str(item.kilocycles),
                "shared_with": list(item.shared_with),
            }
            for item in found.segments
        ],
        "evidence": [{"path": item.path, "sha256": item.sha256} for item in found.evidence],
        "out": None if out is None else str(out),
        "findings": [finding.as_json() for finding in found.findings],
    }


def _amounts(amount: Interval) -> dict[str, Any]:
    return {"executed_operations": amount.as_json(), "reason": amount.reason}
