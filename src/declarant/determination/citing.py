"""A citation as one line for people."""

from declarant.law import Citation

CHECK = "check against the published text"


def cite(citation: Citation) -> str:
    """Return where a statement stands, and whether it was not read in the official text."""
    return f"{citation.text} ({CHECK})" if citation.check else citation.text
