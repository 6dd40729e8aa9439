"""A regime as a page for people: its status first, then what it says, in one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text as Styled

from declarant.cli.law_labels import LABELS
from declarant.cli.lines import broken
from declarant.law.activities import Activity, Limit, Share
from declarant.law.contents import Topic
from declarant.law.counting import PURPOSE_NAMES, CountingRule, TreatmentRule
from declarant.law.dated import Entry
from declarant.law.money import MoneyLimit
from declarant.law.persons import PersonGround
from declarant.law.readings import ReadingDimension
from declarant.law.regime import Regime
from declarant.law.status import StatusEvent
from declarant.law.text import Citation, Text
from declarant.quantities import parse_operations, show_bits_per_second, show_operations

Shown = TypeVar("Shown", bound=Entry)
WIDEST = 100  # cells; longer lines are hard to read


class LawPage:
    """Prints one regime on a console, in one language, as the law stands on one day."""

    def __init__(self, console: Console, language: str, as_of: date) -> None:
        self.console = console
        self.language = language
        self.as_of = as_of
        self.width = min(console.width, WIDEST)
        self.colon, self.comma = (": ", ", ") if language == "en" else ("：", "、")

    def say(self, text: Text) -> str:
        """Return a text in the page's language."""
        return text.in_language(self.language)

    def label(self, name: str) -> str:
        """Return one of the page's own words."""
        return self.say(LABELS[name])

    def print(self, regime: Regime) -> None:
        """Print the whole page."""
        self.status(regime.status_on(self.as_of), regime)
        self._head(regime)
        law = regime.on(self.as_of)
        self._history(regime)
        self._section("persons", law.persons, self._person)
        self._section("activities", law.activities, self._activity)
        self._section("clocks", law.clocks, self.entry)
        self._counting(law)
        self._readings(law)
        self._section("topics", law.topics, self._topic)
        self._section("definitions", law.definitions, self.entry)
        self._section("penalties", law.penalties, self.entry)
        self._section("confidentiality", law.confidentiality, self.entry)
        self._section("authority", law.authority, self.entry)
        self._section("purposes", law.purposes, self.entry)
        self._section("background", law.background, self.entry)
        self._sources(law)
        self.advice()

    def status(self, event: StatusEvent, regime: Regime) -> None:
        """Print the status loudly: in a frame, red where nobody is bound."""
        colour = "green" if event.in_force else "red"
        force = self.label("in_force" if event.in_force else "not_in_force")
        state = "" if event.in_force else f"{self.colon}{self.say(event.name)}"
        head = f"{force}{state} ({self.as_of})"
        body = self._wrapped(self.say(event.text), 4)
        cited = self._wrapped(self._cited(event.citation), 4)
        content = Group(
            *(Styled(line, f"bold {colour}") for line in self._wrapped(head, 4)),
            *map(Styled, body),
            *(Styled(line, "dim") for line in cited),
        )
        frame = Panel(
            content, title=regime.id, title_align="left", border_style=colour, width=self.width
        )
        self.console.print(frame, soft_wrap=False)

    def line(self, text: str, indent: int = 0, style: str = "", *, hang: int = 0) -> None:
        """Print a text in lines of the page's width, all but the first `hang` cells further in."""
        first, *rest = self._wrapped(text, indent + hang)
        for line in (" " * indent + first, *(" " * (indent + hang) + line for line in rest)):
            self.console.print(Styled(line, style), soft_wrap=True)

    def heading(self, text: str) -> None:
        """Print the heading of a section."""
        self.console.print()
        self.line(text, style="bold underline")

    def advice(self) -> None:
        """Print the quiet line that ends every page of the law."""
        self.console.print()
        self.line(self.label("advice"), style="dim")

    def numbered(self, steps: Sequence[Text]) -> None:
        """Print steps with their numbers."""
        for number, step in enumerate(steps, 1):
            self.line(f"{number}. {self.say(step)}", 2, hang=3)

    def entry(self, entry: Entry) -> None:
        """Print a titled statement with its citation."""
        self._titled(self.say(entry.title), entry.id)
        self.line(self.say(entry.text), 4)
        self.citation(entry.citation)

    def citation(self, citation: Citation, indent: int = 4) -> None:
        """Print where a statement stands."""
        self.line(self._cited(citation), indent, "yellow" if citation.check else "dim")

    def _cited(self, citation: Citation) -> str:
        note = f" - {self.label('check')}" if citation.check else ""
        return f"[{citation.text}]{note}"

    def _wrapped(self, text: str, indent: int) -> list[str]:
        return broken(text, self.width - indent)

    def _titled(self, title: str, name: str, indent: int = 2) -> None:
        lines = self._wrapped(f"{title}  ({name})", indent)
        for line in lines:
            shown = Styled(" " * indent + line, "bold")
            shown.highlight_regex(rf"\({name}\)$", "not bold cyan")
            self.console.print(shown, soft_wrap=True)

    def _section(self, name: str, entries: Sequence[Shown], show: Callable[[Shown], None]) -> None:
        if not entries:
            return
        self.heading(self.label(name))
        for entry in entries:
            show(entry)

    def _head(self, regime: Regime) -> None:
        self.line(self.say(regime.short_title), style="bold")
        self.line(self.say(regime.title))
        self.line(f"{self.say(regime.jurisdiction)} · {self.say(regime.agency)}", style="dim")
        self.citation(regime.citation, 0)
        self.console.print()
        self.line(self.say(regime.summary))

    def _history(self, regime: Regime) -> None:
        self.heading(self.label("history"))
        for event in regime.status:
            later = f" ({self.label('later')})" if event.day > self.as_of else ""
            self.line(f"{event.day}{later}  {self.say(event.name)}", 2, "bold")
            if event != regime.status_on(self.as_of):  # that one stands in the frame above
                self.line(self.say(event.text), 4)
                self.citation(event.citation)

    def _person(self, ground: PersonGround) -> None:
        self.entry(ground)
        for limit in ground.revenue:
            self._limit("revenue", str(limit), limit)

    def _activity(self, activity: Activity) -> None:
        self.entry(activity)
        limits = activity.limits
        shown: list[tuple[str, Limit | Share | MoneyLimit, str]] = [
            *(("operations", limit, exact(limit.value)) for limit in limits.operations),
            *(
                ("operations_per_second", limit, exact(limit.value))
                for limit in limits.operations_per_second
            ),
            *(
                ("link_bits_per_second", limit, show_bits_per_second(limit.value))
                for limit in limits.link_bits_per_second
            ),
            *(("share", share, str(share.value)) for share in limits.share_of_original_operations),
            *(("compute_cost", cost, str(cost)) for cost in limits.compute_cost),
        ]
        for name, limit, amount in shown:
            self._limit(name, amount, limit)
        if activity.particulars:
            names = self.comma.join(self.say(item.title) for item in activity.particulars)
            self.line(f"{self.label('particulars')}{self.colon}{names}", 4)
            self.citation(activity.particulars[0].citation)

    def _limit(self, name: str, amount: str, limit: Limit | Share | MoneyLimit) -> None:
        """Print a limit, if it holds on the page's day, and its citation if it needs a check."""
        if not limit.holds_on(self.as_of):
            return
        shown = f"{self.label(name)}{self.colon}{self.label('more_than')} {amount}"
        if limit.first_day:
            shown += f" ({self.label('since')} {limit.first_day})"
        if limit.last_day:
            shown += f" ({self.label('until')} {limit.last_day})"
        self.line(shown, 4, "bold")
        if limit.citation.check:
            self.citation(limit.citation)

    def _topic(self, topic: Topic) -> None:
        self.entry(topic)
        for area in topic.areas:
            self.line(f"- {self.say(area.title)}{self.colon}{self.say(area.text)}", 4, hang=2)
            if area.citation != topic.citation:
                self.citation(area.citation, 6)

    def _counting(self, law: Regime) -> None:
        self.heading(self.label("counting"))
        for _, same in groupby(law.counting, lambda rule: (rule.treatment, rule.note)):
            rules: list[CountingRule] = list(same)
            names = self.comma.join(self.say(PURPOSE_NAMES[rule.purpose]) for rule in rules)
            self._treatment(names, rules[0])
        self._treatment(self.label("recomputation"), law.recomputation_rule)
        self._treatment(self.label("stages"), law.stages_rule)
        if law.accuracy is not None:
            self.line(self.label("accuracy"), 2, "bold")
            self.line(self.say(law.accuracy.text), 4)
            self.citation(law.accuracy.citation)

    def _treatment(self, what: str, rule: TreatmentRule) -> None:
        self.line(f"{self.label(rule.treatment)}{self.colon}{what}", 2, "bold")
        self.line(self.say(rule.note), 4)
        self.citation(rule.citation)

    def _readings(self, law: Regime) -> None:
        if not law.readings:
            return
        self.heading(self.label("readings"))
        for subject, dimensions in groupby(law.readings, lambda item: item.applies_to):
            self.line(self.label(subject), 1, "italic")
            for dimension in dimensions:
                self._reading(dimension)

    def _reading(self, dimension: ReadingDimension) -> None:
        self._titled(self.say(dimension.question), dimension.id)
        for option in dimension.options:
            default = f" ({self.label('default')})" if option.default else ""
            self.line(f"- {option.id}{default}{self.colon}{self.say(option.title)}", 4, hang=2)
            self.line(self.say(option.why), 6, "dim")
            if option.citation != dimension.citation:
                self.citation(option.citation, 6)
        self.citation(dimension.citation)

    def _sources(self, law: Regime) -> None:
        if not law.sources:
            return
        self.heading(self.label("sources"))
        for source in law.sources:
            self.line(f"{source.short}: {source.title}", 2, hang=2)
            if source.url:
                self.line(source.url, 4, "dim")


def exact(amount: int) -> str:
    """Return an amount in scientific notation with as many digits as it needs: `1e26`."""
    digits = 1
    while parse_operations(show_operations(amount, digits)) != amount:
        digits += 1
    return show_operations(amount, digits)
