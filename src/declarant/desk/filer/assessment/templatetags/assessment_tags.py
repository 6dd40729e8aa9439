"""What pages of other rooms show of an assessment: one run, one cluster, whether it is current."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.models import Item
from declarant.desk.filer.assessment.naming import law_of
from declarant.desk.filer.assessment.reading_titles import with_titles
from declarant.desk.filer.assessment.tables import interval_of, methods_table, sums_table
from declarant.desk.filer.assessment.words import VERDICTS, WORDS
from declarant.desk.language import law_language
from declarant.desk.site.templatetags.desk import status
from declarant.desk.site.templatetags.desk_amounts import day, interval, operations

register = template.Library()


@register.simple_tag
def current_assessment() -> Current:
    """Return the latest assessment."""
    return Current()


@register.simple_tag
def assessed_run(run_id: str) -> dict[str, Any]:
    """Return what is known of a run: the piece of the assessment, and its pictures."""
    current = Current()
    language = law_language(get_language())
    content = current.piece(Item.Kind.RUN, run_id)
    if content:
        for total in content["totals"]:
            total["law"] = law_of(total["regime"])
        for item in content["sums"]:
            item["law"] = law_of(item["regime"]).title
    return {
        "current": current,
        "run": content,
        "forecast_plot": current.piece(Item.Kind.PLOT, f"forecast:{run_id}:{language}"),
        "forecast_table": sums_table(content["sums"]) if content else None,
        "methods_table": methods_table(content["agreements"]) if content else None,
        "methods_plot": current.piece(Item.Kind.PLOT, f"methods:{run_id}:{language}"),
    }


@register.simple_tag
def assessed_cluster(cluster_id: str) -> dict[str, Any]:
    """Return what is known of a cluster: the verdicts by law, and its peak by number format."""
    current = Current()
    content = current.piece(Item.Kind.CLUSTER, cluster_id)
    verdicts = [
        {
            **with_titles(regime, verdict),
            "law": law_of(regime),
            "formats": _by_format(verdict),
        }
        for regime, held in (content or {}).get("verdicts", {}).items()
        for verdict in held
    ]
    return {"current": current, "verdicts": verdicts}


def _by_format(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the readings that differ from the default in nothing but the number format."""
    default = verdict["readings"][0]
    apart = ("link", "scale_up")
    once: dict[str, dict[str, Any]] = {}
    for reading in verdict["readings"]:
        if all(reading.get(name) == default.get(name) for name in apart):
            once.setdefault(reading["number_format"], reading)
    return list(once.values())


VERDICT_KINDS = {"reportable": "warning", "undetermined": "info", "not_reportable": "neutral"}


@register.filter
def amount(content: dict[str, str | None] | None) -> Any:
    """Show an amount as assessments hold it: 1.04e26 (9.90e25 to 1.10e26), exact digits behind."""
    return interval(interval_of(content))


@register.filter
def limit(content: Any) -> Any:
    """Show a limit, which is one number or (a share of another run) an interval."""
    if isinstance(content, dict):
        return interval(interval_of(content))
    return operations(int(content))


@register.simple_tag
def verdict(word: str) -> Any:
    """Show a verdict as a sign and words."""
    return status(VERDICT_KINDS[word], VERDICTS[word])


@register.filter
def isoday(text: str | None) -> Any:
    """Show a day that JSON holds; "never" and "unknown" as words."""
    if text in (None, "unknown"):
        return gettext("unknown")
    if text == "never":
        return gettext("never")
    return day(date.fromisoformat(text))


@register.filter
def words(name: str) -> str:
    """Show an id of the data as words: pre_training as pre training."""
    return str(WORDS.get(name, name.replace("_", " ")))
