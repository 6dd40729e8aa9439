"""A draft says what the command line says of the same register, and what changed since the last."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from tests.desk.filings.office import RULE, Office

from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_job_builds_it_from_the_register(office: Office, cedar_ridge: Path) -> None:
    from declarant.desk.filer.filings import drafting
    from declarant.desk.filer.filings.inputs import changed_since
    from declarant.desk.filer.filings.stored import document_in
    from declarant.desk.filer.register.kinds import Kind
    from declarant.desk.filer.register.models import Record
    from declarant.desk.filer.register.recording import save_record
    from declarant.desk.work.jobs import Task
    from declarant.desk.work.models import Job

    row = drafting.start(office.preparer, RULE, "2026Q4", office.officer)
    job = Job.objects.get(kind="filings.draft")
    drafting.build(Task(job), **job.arguments)
    row = office.again(row)
    document = document_in(row.draft)
    assert (row.kind, row.state, row.as_of) == ("notification", "draft", document.prepared_on)
    told = [item.id for item in document.activities]
    assert told == ["atlas-2-pretraining", "atlas-3-pretraining", "mesa"]
    assert document.contacts.preparer.name == office.preparer.name
    assert document.contacts.certifying_officer.email == office.officer.email
    assert document.former.quarter == "2026Q3"
    assert all(file.size for file in document.evidence)
    assert changed_since(row) == []
    record = Record.objects.get(kind=Kind.RUN, key="atlas-3-pretraining")
    save_record(office.preparer, Kind.RUN, record.content | {"name": "Atlas 3"}, record=record)
    assert changed_since(row) == ["register"]


def test_nothing_to_notify_makes_an_affirmation(office: Office) -> None:
    row = office.draft(example="juniper")
    assert (row.kind, row.summary["standings"]) == ("affirmation", {})


def test_beginning_twice_is_beginning_once(office: Office) -> None:
    from declarant.desk.filer.filings import drafting
    from declarant.desk.filer.filings.models import Filing

    first = drafting.start(office.preparer, RULE, "2026Q4", office.officer)
    assert drafting.start(office.preparer, RULE, "2026q4", None).pk == first.pk
    assert Filing.objects.count() == 1


def test_two_people_answer_for_it(office: Office, people: Any) -> None:
    from django.db import IntegrityError, transaction

    from declarant.desk.filer.filings import assigning, drafting
    from declarant.desk.filer.filings.models import Filing

    both = people("preparer", "certifying_officer")
    with pytest.raises(BadInput, match="must be two people"):
        drafting.start(both, RULE, "2026Q4", both)
    with pytest.raises(BadInput, match="is not a certifying officer"):
        drafting.start(office.preparer, RULE, "2026Q4", people("engineer"))
    row = drafting.start(office.preparer, RULE, "2026Q4", both)
    assigning.take_over(both, row)  # the officer becomes the preparer, and steps back
    row = office.again(row)
    assert (row.preparer, row.officer) == (both, None)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database insists as well
        Filing.objects.filter(pk=row.pk).update(officer=both)


def test_the_next_quarter_is_compared_with_what_was_sent(office: Office) -> None:
    from declarant.desk.filer.filings.drafting import wanted_of
    from declarant.desk.filer.filings.standing import last_sent

    sent = office.sent("2026Q4")
    later = office.draft("2027Q1")
    assert last_sent(before="2027Q1") == sent
    assert wanted_of(later).former.id == sent.identity
    assert [item.quarter for item in wanted_of(later).sent] == ["2026Q4"]


def test_a_reading_chosen_in_the_evening_is_dated_as_its_document(office: Office) -> None:
    from declarant.desk.filer.assessment.models import ReadingChoice
    from declarant.desk.filer.filings.drafting import wanted_of
    from declarant.desk.filer.filings.models import Filing

    with time_machine.travel("2026-12-15T02:30Z", tick=False):  # the 14th in Washington
        ReadingChoice.objects.create(
            regime="us-bis-702-7",
            activity="training",
            kind="run",
            subject="atlas-2",
            reading="default",
            reason="It is what the text says.",
            chosen_by=office.officer,
        )
        row = Filing(regime="us-bis-702-7", quarter="2026Q4", preparer=office.preparer)
        wanted = wanted_of(row)
    assert wanted.chosen["atlas-2"].on == wanted.day == date(2026, 12, 14)


def test_a_correction_is_a_new_version(office: Office) -> None:
    from declarant.desk.filer.filings import drafting
    from declarant.desk.filer.filings.standing import standing_version

    sent = office.sent()
    with pytest.raises(BadInput, match="certified already"):
        drafting.start(office.preparer, RULE, "2026Q4", office.officer)
    version = drafting.correct(office.preparer, sent)
    assert (version.version, version.corrects, version.state) == (2, sent, "draft")
    assert drafting.wanted_of(version).former.id == sent.identity
    assert drafting.correct(office.preparer, sent).pk == version.pk
    assert standing_version(RULE, "2026Q4") == sent
    with pytest.raises(BadInput, match="only what was sent"):
        drafting.correct(office.preparer, version)


def test_a_discarded_draft_makes_room(office: Office) -> None:
    from declarant.desk.filer.filings import drafting

    row = office.draft()
    drafting.discard(office.preparer, row, "begun for the wrong quarter")
    assert office.again(row).state == "discarded"
    again = drafting.start(office.preparer, RULE, "2026Q4", office.officer)
    assert (again.version, again.pk) != (1, row.pk)
    assert again.version == 1


def test_a_hand_over_passes_on_what_is_not_certified(office: Office, people: Any) -> None:
    from declarant.desk.accounts.granting import hand_over

    certified = office.certified(office.ready("2026Q4"))
    ready = office.ready("2027Q1")
    successor = people.make("certifying_officer", name="Nia New", email="nia@example.org")
    hand_over(people("administrator"), office.officer, successor, reason="retires")
    assert office.again(certified).officer == office.officer
    row = office.again(ready)
    assert (row.state, row.officer, row.document) == ("draft", successor, None)
    swapping = people.make("preparer", "certifying_officer", email="both@example.org")
    hand_over(people("administrator"), office.preparer, swapping, reason="moves")
    hand_over(people("administrator"), successor, swapping, reason="moves")
    row = office.again(ready)
    assert (row.preparer, row.officer) == (swapping, None)
