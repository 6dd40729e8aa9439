"""Findings in four classes: what blocks, what needs a reason, and how long a reason holds."""

from dataclasses import replace
from typing import Any

import pytest
from tests.desk.filings.office import REASON, Office

from declarant.desk.filer.filings.checking import SHORTEST_REASON
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def test_a_questioned_figure_needs_a_written_reason(office: Office) -> None:
    from declarant.desk.filer.filings import readying
    from declarant.desk.filer.filings.checking import checks_of, confirm
    from declarant.desk.filer.filings.stored import document_in

    row = office.draft(example="juniper")
    waiting = [check for check in checks_of(row) if check.waits]
    for check in waiting[1:]:
        confirm(office.preparer, row, check.key, "Looked into: it is as the log says.")
    with pytest.raises(BadInput, match="1 wait for a reason"):
        readying.hand_over(office.preparer, row)
    key = waiting[0].key
    with pytest.raises(BadInput, match=f"{SHORTEST_REASON} characters or more"):
        confirm(office.preparer, row, key, "x" * (SHORTEST_REASON - 1) + "  ")
    confirm(office.preparer, row, key, "x" * SHORTEST_REASON)
    confirm(office.preparer, row, key, REASON)
    readying.hand_over(office.preparer, row)
    document = document_in(office.again(row).document)
    given = {item.code: item.confirmation for item in document.remarks if item.confirmation}
    assert len(given) == len(waiting)
    own = given[waiting[0].finding.code]
    assert (own.reason, own.by) == (REASON, office.preparer.name)
    assert all(item.ticked for item in document.statements)


def test_only_the_preparer_gives_reasons(office: Office, people: Any) -> None:
    from declarant.desk.filer.filings.checking import checks_of, confirm

    row = office.draft(example="juniper")
    key = next(check.key for check in checks_of(row) if check.waits)
    for other in (office.officer, people.make("preparer", email="second@example.org")):
        with pytest.raises(BadInput, match="prepares this filing"):
            confirm(other, row, key, REASON)
    with pytest.raises(BadInput, match="not one of the draft"):
        confirm(office.preparer, row, "0" * 64, REASON)


def test_a_changed_draft_asks_again(office: Office) -> None:
    from declarant.desk.filer.filings import drafting
    from declarant.desk.filer.filings.checking import checks_of
    from declarant.desk.filer.filings.inputs import inputs_of
    from declarant.desk.filer.filings.preparing import shown
    from declarant.desk.filer.filings.stored import document_in

    row = office.settled(office.draft(example="juniper"))
    same = shown(document_in(row.draft))
    drafting.keep(row, same, inputs_of(row))
    row = office.again(row)
    assert not any(check.waits for check in checks_of(row))
    content = same.document.content()
    content["person"] |= {"address": "1 Other Street"}
    other = shown(type(same.document).made(**content))
    drafting.keep(row, other, inputs_of(row))
    row = office.again(row)
    asked = [check.waits for check in checks_of(row) if not check.is_note]
    assert asked
    assert all(asked)


def test_what_cannot_be_so_blocks_whatever_is_said(office: Office) -> None:
    from declarant.desk.filer.filings import drafting, readying
    from declarant.desk.filer.filings.checking import checks_of, confirm
    from declarant.desk.filer.filings.inputs import inputs_of
    from declarant.desk.filer.filings.preparing import shown
    from declarant.desk.filer.filings.stored import document_in

    row = office.draft()
    made = shown(document_in(row.draft))
    content = made.document.content()
    content["activities"][0]["comparison"] = "below"
    wrong = replace(made, document=type(made.document).made(**content))
    drafting.keep(row, wrong, inputs_of(row))
    row = office.again(row)
    blocking = [check for check in checks_of(row) if check.blocks]
    assert {check.finding.code for check in blocking} >= {"activity.comparison"}
    with pytest.raises(BadInput, match="no reason helps here"):
        confirm(office.preparer, row, blocking[0].key, REASON)
    with pytest.raises(BadInput, match="block this draft"):
        readying.hand_over(office.preparer, office.settled(row))


def test_given_back_it_is_the_same_draft_again(office: Office) -> None:
    from declarant.desk.filer.filings import readying
    from declarant.desk.filer.filings.checking import checks_of
    from declarant.desk.work.models import Letter

    row = office.ready(example="juniper")
    with pytest.raises(BadInput, match="only its preparer and its certifying officer"):
        readying.give_back(office.officer.__class__(pk=0), row, "why")
    with pytest.raises(BadInput, match="a reason is missing"):
        readying.give_back(office.officer, row, "  ")
    readying.give_back(office.officer, row, "The address is the former one.")
    row = office.again(row)
    assert (row.state, row.document, row.returned) == (
        "draft",
        None,
        "The address is the former one.",
    )
    assert not any(check.waits for check in checks_of(row))
    told = {letter.to[0] for letter in Letter.objects.all()}
    assert told == {office.officer.email, office.preparer.email}
