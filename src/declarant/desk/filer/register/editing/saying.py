"""What a finding says at its field: the schema's own words, or kinder ones where it is terse."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarant.problems import Finding

_PATTERNS: dict[str, Any] = {  # by the field whose form is fixed
    "id": gettext_lazy(
        "Use small letters, digits and . _ - only, and begin with a letter or digit."
    ),
    "model": gettext_lazy("Choose a model, or add it to the register first."),
    "cluster": gettext_lazy("Choose a cluster, or add it to the register first."),
    "trained_from": gettext_lazy("Choose a model, or add it to the register first."),
    "email": gettext_lazy("Write an address like name@example.com."),
    "quarter": gettext_lazy("Write a quarter like 2026Q4."),
    "currency": gettext_lazy("Write three capital letters, such as USD."),
}
_WHOLE = re.compile(r"valid integer")
_LIMIT = re.compile(r"(greater|less) than (or equal to )?([\d.]+)")
_TOO_SHORT = re.compile(r"should have at least 1 (item|character)")


def said(finding: Finding) -> str:
    """Return one sentence or two: what is wrong, and how to mend it."""
    field = (finding.where.field or "").rpartition(".")[2].partition("[")[0]
    what = finding.what
    if finding.code == "yaml.missing_key":
        return _("This is missing. Fill it in.")
    if "should match pattern" in what and field in _PATTERNS:
        return str(_PATTERNS[field])
    if _WHOLE.search(what):
        return _("Write a whole number, digits only.")
    if short := _TOO_SHORT.search(what):
        return _("Add at least one.") if short[1] == "item" else _("This is empty. Fill it in.")
    if limit := _LIMIT.search(what):
        above, equal = limit[1] == "greater", bool(limit[2])
        if above:
            text = _("Write %s or more.") if equal else _("Write more than %s.")
        else:
            text = _("Write %s or less.") if equal else _("Write less than %s.")
        return text % limit[3]
    if "valid date" in what:
        return _("Write a day that there is, such as 2026-12-15.")
    if "Input should be '" in what:
        return _("Choose one of these.")
    mend = "" if finding.mend == "Correct the value." else finding.mend
    text = what[:1].upper() + what[1:]
    return f"{text} {mend}".strip()
