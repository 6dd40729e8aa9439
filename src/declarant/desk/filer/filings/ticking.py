"""The statements of the certifying officer: made one by one, about one document."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.models import Filing, Tick
from declarant.desk.filer.filings.stored import document_in
from declarant.filing.documents import Document
from declarant.problems import BadInput, bad_input


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement of the document, and its tick when it was made."""

    id: str
    text: str
    tick: Tick | None


def statements_of(filing: Filing, document: Document | None = None) -> tuple[Stated, ...]:
    """Return the statements of the document to be certified, in its order."""
    if filing.document is None:
        return ()
    document = document or document_in(filing.document)
    made = {
        tick.statement: tick
        for tick in Tick.objects.filter(
            filing=filing, document_sha256=filing.document.sha256
        ).select_related("by")
        if tick.by_id == filing.officer_id
    }
    return tuple(Stated(item.id, item.text, made.get(item.id)) for item in document.statements)


def tick(person: User, filing: Filing, statement: str, document_sha256: str) -> None:
    """Make one statement about the document that was shown.

    Raises:
        BadInput: when the person is not the officer, or the document is another one by now.
    """
    _require_officer(person, filing, document_sha256)
    if statement not in {item.id for item in statements_of(filing)}:
        raise _other_document()
    with change(
        person,
        "filing.ticked",
        subject=filing.subject,
        statement=statement,
        document=document_sha256,
    ):
        Tick.objects.get_or_create(
            filing=filing,
            document_sha256=document_sha256,
            statement=statement,
            defaults={"by": person},
        )


def take_back(person: User, filing: Filing, statement: str, document_sha256: str) -> None:
    """Take a statement back, before anything is signed.

    Raises:
        BadInput: as `tick`.
    """
    _require_officer(person, filing, document_sha256)
    with change(
        person,
        "filing.tick_taken_back",
        subject=filing.subject,
        statement=statement,
        document=document_sha256,
    ):
        Tick.objects.filter(
            filing=filing, document_sha256=document_sha256, statement=statement
        ).delete()


def require_all(filing: Filing) -> None:
    """Refuse a filing of which a statement was not made by its officer.

    Raises:
        BadInput: naming how many are missing.
    """
    left = [item for item in statements_of(filing) if item.tick is None]
    if left:
        raise bad_input(
            "filing.statements",
            _("%(left)s statements are not made yet.") % {"left": len(left)},
            mend=_("Make each of them, or give the filing back."),
            field="statements",
        )


def _require_officer(person: User, filing: Filing, document_sha256: str) -> None:
    if person.pk != filing.officer_id:
        raise bad_input(
            "filing.not_officer",
            _("somebody else certifies this filing."),
            mend=_("Only the certifying officer named for it makes these statements."),
        )
    if filing.state != Filing.State.READY or filing.document is None:
        raise _other_document()
    if filing.document.sha256 != document_sha256:
        raise _other_document()


def _other_document() -> BadInput:
    return bad_input(
        "filing.other_document",
        _("the document is another one by now, or is certified already."),
        mend=_("Read the one that stands there now."),
    )
