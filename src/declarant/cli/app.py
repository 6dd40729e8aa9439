"""The commands put together; importing this must stay cheap, so commands import rooms late."""

import typer

from declarant import __version__
from declarant.cli import (
    assess,
    audit,
    cluster,
    count,
    estimate,
    file,
    forecast,
    hardware,
    key,
    law,
    ledger,
    log,
    meter,
    serve,
    verify,
)
from declarant.cli.failures import ReportingGroup

app = typer.Typer(
    name="declarant",
    cls=ReportingGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From the evidence on the machines to a signed report under a compute threshold.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"declarant {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Hold the options that stand before any command."""


app.add_typer(law.app, name="law")
app.add_typer(hardware.app, name="hardware")
app.add_typer(ledger.app, name="ledger")
app.command()(estimate.estimate)
app.command()(count.count)
app.command()(log.log)
app.command()(meter.meter)
app.command()(cluster.cluster)
app.command()(assess.assess)
app.command()(forecast.forecast)
app.add_typer(key.app, name="key")
app.command("file")(file.file)
app.command("verify")(verify.verify)
app.add_typer(audit.app, name="audit")
app.command("serve")(serve.serve)
app.command(
    "manage",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)(serve.manage)
