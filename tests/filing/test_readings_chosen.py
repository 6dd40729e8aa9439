"""A reading chosen in the place of the cautious default: told with its reason, never a silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from typer.testing import CliRunner

from declarant.determination import Determination, Verdict, determine
from declarant.filing.activities import Activity
from declarant.filing.build import build
from declarant.filing.covering_text import covering_text
from declarant.filing.documents import Document, Notification
from declarant.filing.parts import Amount
from declarant.filing.pdf import render
from declarant.filing.preparation import Preparation, ReadingChoice
from declarant.filing.verification.plausibility import check_plausibility
from declarant.law import Quarter, Regime, load_regime
from declarant.problems import BadInput, Finding
from declarant.register import load_register
from declarant.register.facts import Facts

ROOT = Path(__file__).resolve().parents[2] / "examples" / "cedar-ridge"
DAY = date(2027, 1, 8)
RUN, CLUSTER, FAR = "atlas-2-pretraining", "mesa", "atlas-1-pretraining"
REASON = "The plan beyond January is not funded. 預算尚未核准。"


class Case:
    """The example's facts, determined once."""

    def __init__(self) -> None:
        self.law: Regime = load_regime("us-bis-702-7")
        self.quarter = Quarter.parse("2026Q4", self.law)
        self.facts: Facts = load_register(ROOT)
        self.found: Determination = determine(self.facts, self.law, DAY, quarter=self.quarter)

    def filed(
        self, *, activities: tuple[Any, ...] | None = None, former: Document | None = None,
        **chosen: ReadingChoice,
    ) -> Document:  # fmt: skip
        found = self.found if activities is None else replace(self.found, activities=activities)
        preparation = Preparation(
            DAY, ROOT, ticked=("all",), former=former,
            chosen={name.replace("_", "-"): choice for name, choice in chosen.items()},
        )  # fmt: skip
        return build(self.facts, found, self.law, self.quarter, preparation)

    def of(self, name: str) -> Any:
        return next(item for item in self.found.activities if item.id == name)


@pytest.fixture(scope="module")
def case() -> Case:
    return Case()


def choice(reading: str, **changed: Any) -> ReadingChoice:
    fields = {"reading": reading, "reason": REASON, "by": "Miguel Ortega", "on": DAY} | changed
    return ReadingChoice(**fields)


def activity(document: Document, name: str) -> Activity:
    assert isinstance(document, Notification)
    return next(item for item in document.activities if item.id == name)


def errors(document: Document) -> list[Finding]:
    return [item for item in check_plausibility(document) if item.severity == "error"]


def test_without_a_choice_the_default_is_taken(case: Case) -> None:
    told = activity(case.filed(), RUN)
    assert (told.verdict, told.chosen_otherwise, told.under_default) == ("reportable", (), None)
    assert not any(reading.default for reading in told.readings)


def test_the_activity_follows_the_chosen_reading_and_every_other_stands_beside_it(
    case: Case,
) -> None:
    document = case.filed(atlas_2_pretraining=choice("extent=used_to_date"))
    told, verdict = activity(document, RUN), case.of(RUN)
    taken = next(item for item in verdict.readings if item.id == "extent=used_to_date")
    assert (told.verdict, told.comparison) == ("not_reportable", "below")
    assert told.amount == Amount.of(taken.amount)
    ids = [item.id for item in verdict.readings if item.id != taken.id]
    assert [item.id for item in told.readings] == ids
    for reading in told.readings:
        assert reading.flips == (reading.verdict != "not_reportable")
    default = told.under_default
    assert default is not None
    assert (default.id, default.verdict) == ("default", "reportable")
    (made,) = told.chosen_otherwise
    assert (made.dimension, made.option) == ("extent", "used_to_date")
    assert made.because is not None
    assert (made.because.reason, made.because.by, made.because.on) == (
        REASON, "Miguel Ortega", DAY,
    )  # fmt: skip
    assert "another reading was chosen" in told.why[-1].text
    assert errors(document) == []
    untouched = activity(document, "atlas-3-pretraining")
    assert untouched == activity(case.filed(), "atlas-3-pretraining")


@pytest.mark.parametrize(
    ("reading", "options"),
    [
        ("16-bit/pair/counts", {"number_format": "16-bit", "link": "pair"}),
        ("number_format=16-bit", {"number_format": "16-bit"}),
        ("highest/machine/counts/rails=separate", {"rails": "separate"}),
        ("devices=with_cpus", {"devices": "with_cpus"}),
    ],
)
def test_a_reading_is_named_by_its_id_or_by_the_one_option_it_changes(
    case: Case, reading: str, options: dict[str, str]
) -> None:
    document = case.filed(mesa=choice(reading))
    told = activity(document, CLUSTER)
    assert {item.dimension: item.option for item in told.chosen_otherwise} == options
    assert errors(document) == []


def test_the_narrowest_reading_carries_the_reason_at_every_question(case: Case) -> None:
    told = activity(case.filed(atlas_2_pretraining=choice("narrowest")), RUN)
    assert len(told.chosen_otherwise) == len(told.chosen) == 11


def test_a_choice_never_turns_a_notification_into_silence(case: Case) -> None:
    """What is reportable is so under the default alone: it is told, and the same clocks run."""
    alone = (case.of(RUN), case.of(FAR))
    document = case.filed(activities=alone, atlas_2_pretraining=choice("extent=used_to_date"))
    assert isinstance(document, Notification)
    assert [item.verdict for item in document.activities] == ["not_reportable"]
    assert "document.nothing_applies" not in {f.code for f in check_plausibility(document)}
    assert errors(document) == []
    assert document.clocks == case.filed(activities=alone).clocks


def test_what_only_the_chosen_reading_makes_reportable_is_told(case: Case) -> None:
    verdict = case.of(FAR)
    first, second, *rest = verdict.readings
    wider = replace(case.of(RUN).readings[0], id=second.id, choices=second.choices)
    made = replace(verdict, when="current", readings=(first, wider, *rest))
    assert verdict.verdict is Verdict.NOT_REPORTABLE
    document = case.filed(activities=(made,), atlas_1_pretraining=choice(second.id))
    assert activity(document, FAR).verdict == "reportable"


@pytest.mark.parametrize(
    ("name", "made", "code"),
    [
        ("nobody", choice("link=single"), "file.choice_unknown"),
        ("mesa", choice("link=bent"), "file.choice_unknown"),
        ("mesa", choice("extent=used_to_date"), "file.choice_unknown"),
        ("mesa", choice("highest/machine/counts"), "file.choice_default"),
        ("atlas_2_pretraining", choice("default"), "file.choice_default"),
        ("mesa", choice("link=single", reason=" \n"), "file.choice_unsaid"),
        ("mesa", choice("link=single", reason="a\tb"), "file.choice_unsaid"),
        ("mesa", choice("link=single", by=" "), "file.choice_unsaid"),
        ("mesa", choice("link=single", on=date(2027, 1, 9)), "file.choice_later"),
        ("atlas_1_pretraining", choice("stages=each_stage"), "file.choice_idle"),
    ],
)
def test_what_cannot_be_chosen_is_refused(
    case: Case, name: str, made: ReadingChoice, code: str
) -> None:
    with pytest.raises(BadInput) as problem:
        case.filed(**{name: made})
    (finding,) = problem.value.findings
    assert finding.code == code
    assert finding.mend


def test_a_new_choice_is_a_change_since_the_former_filing(case: Case) -> None:
    former = case.filed()
    now = case.filed(former=former, atlas_2_pretraining=choice("extent=used_to_date"))
    changes = {item.field: item for item in activity(now, RUN).changes}
    assert changes["Reading chosen, extent"].before is None
    assert changes["Reading chosen, extent"].after == "What has been used to date"
    again = case.filed(former=now, atlas_2_pretraining=choice("extent=used_to_date"))
    assert activity(again, RUN).standing == "same"
    assert activity(case.filed(former=now), RUN).standing == "changed"


def test_form_and_mail_show_the_choice_with_its_reason(case: Case) -> None:
    document = case.filed(atlas_2_pretraining=choice("extent=used_to_date"))
    form = render(document)
    text = " ".join("".join(p.get_text() for p in pymupdf.open(stream=form.pdf)).split())
    for expected in (
        "Verdict, reading chosen Not reportable",
        "Verdict, default reading Reportable",
        "The plan beyond January is not funded",
        "Miguel Ortega, January 8, 2027",
        "The cautious default of every question",
    ):
        assert expected in text.replace("\u200b", "").replace("\xa0", " "), expected
    mail = " ".join(covering_text(document, ()).split())
    assert "Not reportable (reading chosen); reportable (cautious default)" in mail


Make = Callable[..., Document]
Fields = dict[str, Callable[[], dict[str, Any]]]
BECAUSE = {"reason": REASON, "by": "Dana", "on": date(2027, 1, 8)}


def by_hand(make: Make, fields: Fields, because: Any, *, default: bool = True) -> Document:
    """The run of the documents made by hand, with its extent read the narrow way."""
    run = fields["run"]()
    first, *others = run["readings"]
    taken = {"verdict": "not_reportable", "amount": first["amount"], "comparison": "below"}
    beside = first | {
        "id": "default", "title": "default", "default": default, "verdict": run["verdict"],
        "amount": run["amount"], "comparison": run["comparison"], "flips": True,
    }  # fmt: skip
    readings = [beside, *(r | {"flips": r["verdict"] != "not_reportable"} for r in others)]
    chosen = [run["chosen"][0] | {"option": "used_to_date", "because": because}, run["chosen"][1]]
    return make(activities=(run | taken | {"chosen": chosen, "readings": readings},))


@pytest.mark.parametrize(
    ("because", "default", "codes"),
    [
        (BECAUSE, True, []),
        (None, True, ["reading.no_reason"]),
        (BECAUSE | {"reason": " "}, True, ["reading.no_reason"]),
        (BECAUSE | {"on": date(2027, 1, 9)}, True, ["reading.chosen_later"]),
        (BECAUSE, False, ["reading.default"]),
    ],
)
def test_whoever_verifies_asks_for_the_reason_and_the_default(
    make_notification: Make, fields: Fields, because: Any, default: bool, codes: list[str]
) -> None:
    document = by_hand(make_notification, fields, because, default=default)
    assert [finding.code for finding in errors(document)] == codes


def test_a_default_that_is_told_wrongly_is_found(make_notification: Make, fields: Fields) -> None:
    document = by_hand(make_notification, fields, BECAUSE)
    run = activity(document, "aurora-3").model_dump()
    first, *rest = run["readings"]
    run["readings"] = (first | {"verdict": "not_reportable", "flips": False}, *rest)
    found = errors(make_notification(activities=(run,)))
    assert [item.code for item in found] == ["activity.verdict"]
    assert found[0].where.field == "$.activities[0].readings[0].verdict"


def test_options_that_the_law_does_not_leave_open_are_found(
    make_notification: Make, fields: Fields
) -> None:
    run = fields["run"]()
    for changed in ({"option": "half"}, {"dimension": "weather"}, {"dimension": "link"}):
        chosen = (run["chosen"][0] | changed,)
        found = errors(make_notification(activities=(run | {"chosen": chosen},)))
        assert [item.code for item in found] == ["reading.unknown"]
    chosen = (run["chosen"][0] | {"because": BECAUSE},)
    found = errors(make_notification(activities=(run | {"chosen": chosen},)))
    assert [item.code for item in found] == ["reading.no_reason"]


def filed(out: Path, *more: str) -> Any:
    command = ("file", str(ROOT), "--quarter", "2026Q4", "--date", "2027-01-08", "--out", str(out))
    from declarant.cli.app import app

    return CliRunner().invoke(app, [*command, *more])


def test_the_command_takes_a_choice_with_its_reason(tmp_path: Path) -> None:
    done = filed(
        tmp_path, "--choose", f"{RUN}=extent=used_to_date", "--because", REASON,
        "--choose", "mesa=link=single", "--because", "Cables.",
    )  # fmt: skip
    assert done.exit_code == 0
    document = json.loads((tmp_path / "notification-2026Q4.json").read_bytes())
    reasons = {
        item["id"]: {c["because"]["reason"] for c in item["chosen"] if c["because"]}
        for item in document["activities"]
    }
    assert (reasons[RUN], reasons["mesa"]) == ({REASON}, {"Cables."})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--choose", "mesa=link=single"), "1 chosen readings and 0 reasons"),
        (("--choose", "mesa", "--because", "x"), "names no reading"),
        (("--choose", "mesa=link=single", "--because", " "), "has no reason"),
        (("--because", "x"), "0 chosen readings and 1 reasons"),
    ],
)
def test_the_command_refuses_a_choice_without_reason(
    tmp_path: Path, more: tuple[str, ...], words: str
) -> None:
    done = filed(tmp_path / "out", *more)
    assert (done.exit_code, words in done.output) == (2, True)
    assert not (tmp_path / "out").exists()
