"""The command line: one module a command group, each a thin shell over the rooms below it."""


def main() -> None:
    """Run the command line (the `declarant` script)."""
    from declarant.cli.app import app

    app(prog_name="declarant")
