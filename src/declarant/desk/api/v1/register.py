"""Records of the register."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError

from declarant.desk.api.authentication import Scope, person_of
from declarant.desk.api.scopes import REGISTER_READ, REGISTER_WRITE
from declarant.desk.api.v1.schemas import NO_ZERO, REFUSED, Problem, RecordIn, RecordOut
from declarant.desk.filer.register.kinds import BY_SECTION, SECTIONS
from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.recording import EditedMeanwhile, remove_record, save_record

router = Router(tags=["register"])


@router.get("", response={200: list[RecordOut], **REFUSED}, auth=Scope(REGISTER_READ))
def records(request: HttpRequest) -> Any:
    """List every record of the register, in the order of register.yaml."""
    order = list(SECTIONS)
    held = Record.objects.filter(active=True).order_by("position", "id")
    return [_out(row) for row in sorted(held, key=lambda row: order.index(row.kind))]


@router.get("/{section}/{key}", response={200: RecordOut, **REFUSED}, auth=Scope(REGISTER_READ))
def record(request: HttpRequest, section: str, key: str) -> Any:
    """Return one record."""
    return _out(_held(section, key))


@router.put(
    "/{section}/{key}",
    response={200: RecordOut, 201: RecordOut, 409: Problem, **REFUSED},
    auth=Scope(REGISTER_WRITE),
)
def write_record(request: HttpRequest, section: str, key: str, given: RecordIn) -> Any:
    """Make or edit a model, training run or cluster; `content.id` must be the key."""
    kind = _kind(section)
    if not SECTIONS[kind].keyed:
        raise HttpError(422, f"Records of {section} have no key of their own: edit them on a page.")
    if given.content.get("id") != key:
        raise HttpError(422, f"content.id must be {key}, the key in the address.")
    row = Record.objects.filter(kind=kind, key=key, active=True).first()
    try:
        saved = save_record(
            person_of(request),
            kind,
            given.content,
            record=row,
            expected=given.version if row else None,
            why=given.why[:500],
        )
    except EditedMeanwhile as meanwhile:
        told = (
            f"Somebody edited it meanwhile: it is at version {meanwhile.record.number}. "
            "Read it again, then write your change into that."
        )
        return Status(409, {"detail": told})
    return Status(200 if row else 201, _out(saved))


@router.delete("/{section}/{key}", response={204: None, **REFUSED}, auth=Scope(REGISTER_WRITE))
def delete_record(
    request: HttpRequest,
    section: str,
    key: str,
    why: Annotated[str, Query(max_length=500, pattern=NO_ZERO)] = "",
) -> Any:
    """Take a record out of the register; its history stays."""
    remove_record(person_of(request), _held(section, key), why=why)
    return Status(204, None)


def _kind(section: str) -> Any:
    if section not in BY_SECTION:
        raise HttpError(404, f"There is no section of that name; known: {', '.join(BY_SECTION)}.")
    return BY_SECTION[section]


def _held(section: str, key: str) -> Record:
    row = Record.objects.filter(kind=_kind(section), key=key, active=True).first()
    if row is None:
        raise HttpError(404, "There is no such record.")
    return row


def _out(row: Record) -> dict[str, Any]:
    return {
        "section": SECTIONS[row.kind].name,
        "key": row.key,
        "name": row.name,
        "version": row.number,
        "content": row.content,
    }
