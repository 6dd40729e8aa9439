"""Certifying: by the officer alone, of the document that was shown, with every statement made."""

from typing import Any
from uuid import uuid4

import pytest
from tests.desk.filings.office import PASSPHRASE, REASON, Office, agency_pem, trial_of

from declarant.filing.keys import File
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def _certify(office: Office, row: Any, act: Any, person: Any = None, secret: bytes = PASSPHRASE):
    from declarant.desk.filer.filings.signing.certifying import certify
    from declarant.desk.filer.filings.signing.opening import signer_of

    return certify(person or office.officer, row, act, lambda: signer_of(act.key, secret))


def test_the_message_is_what_a_reader_accepts(office: Office) -> None:
    from declarant.desk.audit.models import Entry
    from declarant.filing.verification import Expectations, verify

    row = office.certified(office.ready())
    result = verify(
        File("m", row.message.read()), Expectations(certificates=(row.key.certificate,))
    )
    assert result.valid
    assert result.document.id == row.identity
    assert abs((result.signer.signed_at - row.certified).total_seconds()) < 1
    assert not any(
        item.code in ("statement.not_ticked", "remark.not_confirmed") for item in result.findings
    )
    logged = Entry.objects.get(action="filing.certified")
    assert logged.detail["sha256"] == row.message.sha256
    assert logged.detail["certificate"] == row.key.fingerprint


def test_only_its_officer_certifies(office: Office, people: Any) -> None:
    row = office.ticked(office.ready())
    act = office.act(row)
    other = people.make("certifying_officer", email="other@example.org")
    for person in (office.preparer, other):
        with pytest.raises(BadInput, match="only the certifying officer"):
            _certify(office, row, act, person)
    assert office.again(row).state == "ready"


def test_nobody_certifies_a_reason_of_their_own(office: Office, people: Any) -> None:
    from declarant.desk.filer.filings import assigning, readying
    from declarant.desk.filer.filings.checking import checks_of, confirm

    both = people("preparer", "certifying_officer")
    there = Office(both, office.officer)
    row = there.draft(example="juniper")
    for check in checks_of(row):
        if check.waits:
            confirm(both, row, check.key, REASON)
    assigning.take_over(office.preparer, office.again(row))
    assigning.assign(office.preparer, office.again(row), both)
    swapped = Office(office.preparer, both)
    row = swapped.settled(swapped.draft(example="juniper"))
    readying.hand_over(office.preparer, row)
    row = swapped.ticked(office.again(row))
    with pytest.raises(BadInput, match="you gave a reason"):
        _certify(swapped, row, swapped.act(row), both)


def test_every_statement_is_made_first(office: Office) -> None:
    from declarant.desk.filer.filings.ticking import statements_of, take_back, tick

    row = office.ready()
    with pytest.raises(BadInput, match="4 statements are not made"):
        _certify(office, row, office.act(row))
    with pytest.raises(BadInput, match="somebody else certifies"):
        tick(office.preparer, row, statements_of(row)[0].id, row.document.sha256)
    row = office.ticked(row)
    take_back(office.officer, row, "true", row.document.sha256)
    with pytest.raises(BadInput, match="1 statements are not made"):
        _certify(office, row, office.act(row))
    for statement, document in (("true", "0" * 64), ("invented", row.document.sha256)):
        with pytest.raises(BadInput, match="another one by now"):
            tick(office.officer, row, statement, document)


def test_statements_about_another_document_do_not_count(office: Office) -> None:
    from declarant.desk.filer.filings import drafting, readying
    from declarant.desk.filer.filings.inputs import inputs_of
    from declarant.desk.filer.filings.preparing import shown
    from declarant.desk.filer.filings.stored import document_in
    from declarant.desk.filer.filings.ticking import statements_of

    row = office.ticked(office.ready())
    shown_before = office.act(row)
    readying.give_back(office.officer, row, "The address is the former one.")
    row = office.again(row)
    draft = document_in(row.draft)
    content = draft.content()
    content["person"] |= {"address": "1 Other Street"}
    drafting.keep(row, shown(type(draft).made(**content)), inputs_of(row))
    row = office.settled(row)
    readying.hand_over(office.preparer, row)
    row = office.again(row)
    assert not any(item.tick for item in statements_of(row))
    with pytest.raises(BadInput, match="another one than the one you were shown"):
        _certify(office, row, shown_before)


def test_a_wrong_passphrase_leaves_nothing(office: Office) -> None:
    from declarant.desk.vault.models import StoredFile

    row = office.ticked(office.ready())
    files = StoredFile.objects.count()
    with pytest.raises(BadInput, match="cannot be opened with this passphrase"):
        _certify(office, row, office.act(row), secret=b"not the passphrase at all")
    assert (office.again(row).state, StoredFile.objects.count()) == ("ready", files)


def test_the_same_form_twice_is_one_act(office: Office) -> None:
    row = office.ticked(office.ready())
    act = office.act(row, way="smtp")
    first = _certify(office, row, act)
    again = _certify(office, row, act)  # with the row as it was before
    assert (again.pk, again.message.sha256) == (first.pk, first.message.sha256)
    assert again.dispatches.count() == 1
    other = office.act(office.again(row))
    with pytest.raises(BadInput, match="certified already"):
        _certify(office, office.again(row), other)


def test_a_key_of_somebody_else_or_of_the_past_signs_nothing(office: Office, people: Any) -> None:
    from declarant.desk.filer.filings.signing.certifying import Act
    from declarant.desk.filer.filings.signing.registering import end, keep_on_server, path_of

    row = office.ticked(office.ready())
    other = people.make("certifying_officer", email="other@example.org")
    theirs = keep_on_server(other, "theirs", File("key", trial_of(other)[0]), b"", PASSPHRASE)
    with pytest.raises(BadInput, match="is not yours"):
        _certify(office, row, Act(uuid4(), row.document.sha256, theirs))
    own = office.key()
    with pytest.raises(BadInput, match="belongs to somebody else"):
        end(other, own)
    end(office.officer, own)
    own.refresh_from_db()
    assert not path_of(own).exists()
    with pytest.raises(BadInput, match="used no more"):
        _certify(office, row, Act(uuid4(), row.document.sha256, own))


def test_a_stored_file_that_was_changed_is_named_and_not_signed(office: Office) -> None:
    row = office.ticked(office.ready())
    for stored in (row.form, row.calendar, row.document):
        data = bytearray(stored.path.read_bytes())
        kept = bytes(data)
        data[len(data) // 2] ^= 1
        stored.path.chmod(0o600)
        stored.path.write_bytes(data)
        with pytest.raises(BadInput, match="was changed") as caught:
            _certify(office, row, office.act(row))
        assert caught.value.findings[0].where.file == stored.sha256
        stored.path.write_bytes(kept)
    assert office.again(row).state == "ready"


def test_it_is_encrypted_to_an_agency_that_gave_a_certificate(office: Office, people: Any) -> None:
    from declarant.desk.filer.filings.agency import enter
    from declarant.filing.keys import read_signer
    from declarant.filing.verification import Expectations, verify

    pem, certificate = agency_pem()
    sealing = File("agency.pem", certificate)
    enter(people("administrator"), "us-bis-702-7", "Agency", "intake@agency.example", None, sealing)
    row = office.certified(office.ready())
    opened = verify(
        File("m", row.sealed.read()),
        Expectations(recipient=read_signer(File("k", pem), None, lambda _: b"")),
    )
    assert (opened.valid, opened.encrypted, opened.document.id) == (True, True, row.identity)
    assert b"Notification" not in row.sealed.read()  # not even in its subject
