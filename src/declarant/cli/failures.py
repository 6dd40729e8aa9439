"""How the command line fails: the findings of a `BadInput`, readable or as JSON, and status 2."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from declarant.cli.arguments import JSON_ASKED
from declarant.problems import BadInput, bad_input

BAD_INPUT = 2
ATTENTION = 1


class ReportingGroup(TyperGroup):
    """A command group that turns every `BadInput` into a report and exit status 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; report what it could not work with."""
        words = [*getattr(ctx, "_protected_args", ()), *ctx.args]
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:  # an option is missing or has a wrong value
            if "--json" not in words:
                raise
            report(_as_bad_input(error), as_json=True)
            raise typer.Exit(BAD_INPUT) from None
        except BadInput as error:
            report(error, as_json=ctx.meta.get(JSON_ASKED, False))
            raise typer.Exit(BAD_INPUT) from None
        except BrokenPipeError:  # the reader (head, less) has seen enough
            sys.stderr.close()
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            typer.echo("Stopped; nothing was written that was not reported above.", err=True)
            raise typer.Exit(130) from None
        except MemoryError:
            typer.echo("error: not enough memory for input of this size.", err=True)
            raise typer.Exit(BAD_INPUT) from None


def _as_bad_input(error: typer.BadParameter) -> BadInput:
    hint = getattr(error.param, "opts", None) or [getattr(error.param, "human_readable_name", "")]
    what = error.format_message().rstrip(".") + "."
    return bad_input("cli.usage", what, mend="See the command's --help.", field=hint[-1])


def report(error: BadInput, *, as_json: bool) -> None:
    """Print the findings: JSON on standard output where that was asked for, else text on error."""
    from declarant.cli import output

    if as_json:
        output.print_json({"findings": [finding.as_json() for finding in error.findings]})
    else:
        output.show_findings(error.findings, to_error=True)
