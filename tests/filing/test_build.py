"""From facts and a determination to the document: what is in it, what is not, what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from declarant.clusters.observation import Status
from declarant.compute.ledger import Evidence, Ledger, Method, Purpose, Segment, Share
from declarant.determination import determine
from declarant.filing.build import build
from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.pdf import render
from declarant.filing.preparation import Preparation
from declarant.filing.verification.plausibility import check_plausibility
from declarant.law import Quarter, load_regime
from declarant.problems import BadInput, Finding, Place
from declarant.quantities import Interval
from declarant.register.facts import (
    Agency,
    Cluster,
    Contact,
    ContactRole,
    Coverage,
    Facts,
    Filing,
    FilingKind,
    MachineGroup,
    Model,
    Person,
    Received,
    RunStatus,
    TrainingRun,
)

BIS = "us-bis-702-7"
ROOT = Path("/srv/register")
DAY = date(2027, 1, 8)
LIMIT = 10**26
REGISTER = Evidence(f"{ROOT}/register.yaml", "f" * 64)
LOG = Evidence("logs/a.json", "a" * 64)


def segment(operations: int, run: str = "a") -> Segment:
    return Segment(
        id=f"{run}/1",
        run=run,
        model=f"model-{run}",
        stage="pre-training",
        purpose=Purpose.PRE_TRAINING,
        share=Share.DONE,
        start=date(2026, 10, 1),
        end=date(2026, 12, 1),
        method=Method.STATED,
        model_operations=Interval.exactly(operations),
        executed_operations=Interval.exactly(operations),
        formula="stated",
        formula_version="1",
        evidence=(LOG,),
        findings=(
            Finding("count.odd", f"{ROOT}/logs/a.json is odd.", Place(file=f"{ROOT}/logs/a.json")),
        ),
    )


def known(*operations: int, **changed: Any) -> Facts:
    """Facts with one completed run for each amount: runs a, b, c."""
    names = "abcdef"[: len(operations)]
    runs = tuple(
        TrainingRun(
            name, f"Run {name}", f"model-{name}", RunStatus.COMPLETED,
            date(2026, 10, 1), date(2026, 12, 1),
        )
        for name in names
    )  # fmt: skip
    segments = zip(operations, names, strict=True)
    fields: dict[str, Any] = {
        "person": Person(
            "Acme, Inc.", "legal", {BIS: Coverage(True, ("organized_in_us",), "A corporation.")}
        ),
        "contacts": (
            Contact("Pat Doe", ContactRole.CERTIFYING_OFFICER, "Officer", "pat@acme.example"),
            Contact("林怡君", ContactRole.PREPARER, None, "lin@acme.example"),
            Contact("Kim Poe", ContactRole.TECHNICAL),
        ),
        "agency": Agency("The agency", "in@agency.example"),
        "models": tuple(Model(f"model-{name}", f"Model {name}") for name in names),
        "runs": runs,
        "clusters": (),
        "ledger": Ledger(tuple(segment(amount, name) for amount, name in segments)),
        "evidence": (REGISTER, LOG),
    }
    return Facts(**fields | changed)


def built(facts: Facts, quarter: str = "2026Q4", **prepared: Any) -> Document:
    law = load_regime(BIS)
    wanted = Quarter.parse(quarter, law)
    preparation = Preparation(**{"prepared_on": DAY, "root": ROOT, "preparer": "林怡君"} | prepared)
    determination = determine(facts, law, preparation.prepared_on, quarter=wanted)
    return build(facts, determination, law, wanted, preparation)


def test_a_reportable_run_makes_a_notification() -> None:
    document = built(known(LIMIT + 1))
    assert isinstance(document, Notification)
    (run,) = document.activities
    assert (run.id, run.verdict, run.comparison) == ("a", "reportable", "above")
    assert run.amount.low == str(LIMIT + 1)
    assert run.limit.value == str(LIMIT)
    assert document.due == date(2027, 1, 15)
    assert (document.window.begins, document.window.ends) == (date(2026, 10, 1), date(2027, 7, 15))


def test_what_is_built_is_plausible_and_can_be_printed() -> None:
    for document in (
        built(known(LIMIT + 1), ticked=("all",)),
        built(known(LIMIT), ticked=("all",)),
    ):
        codes = {finding.code for finding in check_plausibility(document)}
        assert codes <= {"remark.not_confirmed"}
        assert render(document).findings == ()


def test_at_the_limit_nothing_is_disclosed() -> None:
    document = built(known(LIMIT))
    assert isinstance(document, Affirmation)
    assert "Run a" not in document.as_bytes().decode()


def test_only_what_applies_is_told() -> None:
    document = built(known(LIMIT + 1, LIMIT, 5 * LIMIT))
    assert isinstance(document, Notification)
    assert [item.id for item in document.activities] == ["a", "c"]
    assert "Run b" not in document.as_bytes().decode()


def test_what_cannot_be_excluded_is_told_as_undetermined() -> None:
    person = Person("Acme, Inc.", "legal", {})
    document = built(known(LIMIT + 1, person=person))
    assert isinstance(document, Notification)
    assert document.activities[0].verdict == "undetermined"
    assert document.person.covered is None
    assert "determination.coverage_unknown" in [remark.code for remark in document.remarks]


def test_who_is_not_covered_files_nothing() -> None:
    person = Person("Acme, Ltd.", "legal", {BIS: Coverage(False, (), "Abroad in every way.")})
    with pytest.raises(BadInput, match="nothing is to be filed"):
        built(known(LIMIT + 1, person=person))


def test_status_and_grounds_come_from_the_law() -> None:
    document = built(known(LIMIT + 1))
    law = document.regime
    assert (law.status.state, law.in_force, law.voluntary) == ("not_final", False, True)
    assert law.status.on == DAY
    assert [ground.id for ground in document.person.grounds] == ["organized_in_us", None]


def test_contacts_by_role() -> None:
    contacts = built(known(LIMIT + 1)).contacts
    assert contacts.certifying_officer is not None
    assert contacts.certifying_officer.name == "Pat Doe"
    assert contacts.preparer is not None
    assert contacts.preparer.name == "林怡君"
    assert [contact.name for contact in contacts.others] == ["Kim Poe"]
    nobody = built(known(LIMIT + 1, contacts=(), agency=None))
    assert nobody.contacts.certifying_officer is None
    assert nobody.agency is not None
    assert nobody.agency.email is None


def test_paths_are_those_of_the_register_and_sizes_are_told() -> None:
    document = built(known(LIMIT + 1), sizes={LOG.sha256: 12})
    assert isinstance(document, Notification)
    named = [(file.path, file.size) for file in document.activities[0].evidence]
    assert named == [("register.yaml", None), ("logs/a.json", 12)]
    assert str(ROOT) not in document.as_bytes().decode()


def test_a_reason_confirms_the_finding_of_its_code() -> None:
    document = built(known(LIMIT + 1), reasons={"count.odd": "It is odd, and right."})
    assert isinstance(document, Notification)
    (remark,) = document.activities[0].remarks
    assert remark.confirmation is not None
    assert (remark.confirmation.by, remark.confirmation.on) == ("林怡君", DAY)


def test_a_reason_for_no_finding_is_refused() -> None:
    with pytest.raises(BadInput, match=r"no finding of this filing has the code 'count\.even'"):
        built(known(LIMIT + 1), reasons={"count.even": "Even."})


def test_clocks_follow_as_if_it_was_sent() -> None:
    received = Received("answer", "2027-01-05", BIS, "Questions of 5 January 2027")
    document = built(known(LIMIT + 1, received=(received,)))
    days = [(clock.duty, clock.due.isoformat()) for clock in document.clocks]
    assert days[:3] == [
        ("notification", "2027-01-15"),
        ("answer", "2027-02-04"),
        ("notification", "2027-04-15"),
    ]
    assert sum(duty == "affirmation" for duty, _ in days) == 7
    assert document.clocks[0].title.endswith("2026Q4 (this document)")
    assert "Questions of 5 January 2027" in document.clocks[1].title


def test_affirmations_are_counted_from_the_last_notification() -> None:
    sent = (
        Filing("2026Q2", FilingKind.NOTIFICATION, date(2026, 7, 14)),
        Filing("2026Q3", FilingKind.AFFIRMATION, date(2026, 10, 14)),
    )
    document = built(known(LIMIT, filings=sent))
    assert isinstance(document, Affirmation)
    assert (document.sequence, document.owed[0], len(document.owed)) == (2, "2026Q3", 7)
    assert document.former is not None
    assert (document.former.quarter, document.former.sent) == ("2026Q3", date(2026, 10, 14))
    alone = built(known(LIMIT))
    assert isinstance(alone, Affirmation)
    assert (alone.sequence, alone.owed, alone.former) == (None, (), None)


def test_only_changes_since_the_former_filing_are_shown() -> None:
    former = built(known(LIMIT + 1, 2 * LIMIT, 3 * LIMIT), "2026Q3", prepared_on=date(2026, 10, 2))
    now = known(LIMIT + 1, 2 * LIMIT, LIMIT, 5 * LIMIT)
    runs = tuple(
        replace(run, start=date(2026, 9, 30)) if run.id == "b" else run for run in now.runs
    )
    document = built(replace(now, runs=runs), former=former)
    assert isinstance(document, Notification)
    assert {item.id: item.standing for item in document.activities} == {
        "a": "same",
        "b": "changed",
        "d": "new",
    }
    (change,) = document.activities[1].changes
    assert change.field == "Days"
    assert "October 1, 2026" in str(change.before)
    assert "September 30, 2026" in str(change.after)
    assert document.no_longer == ("Run c",)
    assert document.former is not None
    assert (document.former.id, document.former.sha256) == (former.id, former.sha256)


def test_the_first_filing_says_so() -> None:
    document = built(known(LIMIT + 1))
    assert isinstance(document, Notification)
    assert document.activities[0].standing == "first"


@pytest.mark.parametrize(
    ("kind", "standing"),
    [(FilingKind.NOTIFICATION, "not_compared"), (FilingKind.AFFIRMATION, "new")],
)
def test_without_the_former_document_nothing_is_called_the_first(
    kind: FilingKind, standing: str
) -> None:
    former = Filing("2026Q3", kind, date(2026, 10, 12))
    document = built(known(LIMIT + 1, filings=(former,)))
    assert isinstance(document, Notification)
    assert document.activities[0].standing == standing
    assert document.former is not None
    assert (document.former.quarter, document.former.id) == ("2026Q3", None)
    later = Filing("2026Q4", FilingKind.NOTIFICATION, date(2027, 1, 8))
    again = built(known(LIMIT + 1, filings=(later,)))
    assert isinstance(again, Notification)
    assert again.activities[0].standing == "first"


def test_a_filing_prepared_early_says_that_the_rest_is_foreseen() -> None:
    early = built(known(LIMIT + 1), prepared_on=date(2026, 12, 31))
    assert "file.early" in [remark.code for remark in early.remarks]
    assert "file.early" not in [remark.code for remark in built(known(LIMIT + 1)).remarks]


def test_statements_are_ticked_by_name() -> None:
    ticked = built(known(LIMIT + 1), ticked=("true",)).statements
    assert {item.id for item in ticked if item.ticked} == {"true"}
    assert all(item.ticked for item in built(known(LIMIT + 1), ticked=("all",)).statements)
    with pytest.raises(BadInput, match="there is no statement 'ture'"):
        built(known(LIMIT + 1), ticked=("ture",))


def test_the_same_facts_give_the_same_document() -> None:
    assert built(known(LIMIT + 1)).as_bytes() == built(known(LIMIT + 1)).as_bytes()


def test_every_reading_of_the_law_that_is_open_is_named() -> None:
    document = built(known(LIMIT + 1))
    assert isinstance(document, Notification)
    law = load_regime(BIS)
    chosen = {choice.dimension: choice.option for choice in document.activities[0].chosen}
    assert chosen == {item.id: item.default.id for item in law.readings_of("training_run")}
    titles = [reading.title for reading in document.activities[0].readings]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_a_cluster_with_unknown_devices_is_told_with_its_groups() -> None:
    from declarant.clusters import declared_machines

    machines = declared_machines(
        "hall",
        machines=2000,
        device="Unheard-of 9000",
        devices_per_machine=8,
        links=8,
        link_bits_per_second=400 * 10**9,
        fabric="hall",
    )
    group = MachineGroup("hall", "Hall 1", Status.IN_SERVICE, date(2026, 1, 1), (machines,))
    cluster = Cluster("c1", "Cluster One", (group,), "Ohio", "in_possession")
    document = built(known(clusters=(cluster,)))
    assert isinstance(document, Notification)
    (told,) = document.activities
    assert told.kind == "cluster"
    assert told.verdict == "undetermined"
    assert told.amount.high is None
    assert [(item.id, item.site, item.status) for item in told.groups] == [
        ("hall", "Hall 1", "in service")
    ]
    assert not [f for f in check_plausibility(document) if f.severity == "error"]
