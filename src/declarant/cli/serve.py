"""`declarant serve`: the filer's desk on this machine; `declarant manage`: its upkeep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ADMINISTRATOR = "administrator@localhost"


def serve(
    home: Annotated[
        Path, typer.Option("--home", help="Folder that holds everything of the desk.")
    ] = Path("declarant-desk"),
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8600,
    administrator: Annotated[
        str, typer.Option("--administrator", help="Mail address of the first administrator.")
    ] = ADMINISTRATOR,
    example: Annotated[
        str | None,
        typer.Option("--example", help="Example register to load, such as cedar-ridge."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="Web processes.")] = 2,
) -> None:
    """Open the web desk of a developer or compute provider.

    The first run makes the folder and the database (SQLite, unless DECLARANT_DATABASE names a
    PostgreSQL), and prints a one-time link for the administrator. Ctrl-C stops it.
    """
    from declarant.desk import processes, starting

    starting.configure("filer", {"HOME": str(home), "URL": f"http://{_named(host)}:{port}"})
    starting.prepare(typer.echo)
    if example is not None:
        starting.load_example(example, typer.echo)
    starting.first_administrator(administrator, typer.echo)
    # two workers: what is long keeps no mail and no reminder waiting
    running = (processes.web(host, port, workers), processes.worker(), processes.worker())
    typer.echo(f"Open http://{_named(host)}:{port} (Ctrl-C stops it)")
    raise typer.Exit(processes.run(running))


def manage(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Command and its arguments; none lists them.")
    ] = None,
) -> None:
    """Run an upkeep command of the desk that DECLARANT_HOME and DECLARANT_DATABASE name.

    Among them: migrate, collectstatic, work, invite_administrator, import_register, export_audit.
    """
    from declarant.desk import starting

    starting.configure("filer", {})
    from django.core.management import execute_from_command_line

    execute_from_command_line(["declarant manage", *(arguments or ["help"])])


def _named(host: str) -> str:
    """Return the host as a browser on this machine reaches it; passkeys need a name."""
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104
