"""Mail that the server accepted: the filing counts as sent. The worker may do it twice."""

from __future__ import annotations

from collections.abc import Iterable

from declarant.desk.audit import change
from declarant.desk.filer.filings.models import Dispatch
from declarant.desk.filer.filings.sending.marking import mark_sent
from declarant.desk.work.models import Letter


def settle_letters() -> int:
    """Close the sendings whose letter was accepted; return how many."""
    waiting = Dispatch.objects.filter(
        way=Dispatch.Way.SMTP, state=Dispatch.State.WAITING
    ).select_related("filing")
    letters = Letter.objects.in_bulk([row.letter for row in waiting], field_name="key")
    settled = 0
    for row in waiting:
        letter = letters.get(row.letter)
        if letter is None or letter.state != Letter.State.SENT:
            continue
        with change("worker", "filing.mail_accepted", subject=row.filing.subject) as entry:
            won = Dispatch.objects.filter(pk=row.pk, state=Dispatch.State.WAITING).update(
                state=Dispatch.State.DONE,
                finished=letter.sent,
                tries=letter.attempts,
                last_problem="",
            )
            entry.note(to=row.to, number=row.number, sha256=row.content.sha256)
            if won and letter.sent:
                mark_sent("worker", row.filing, letter.sent)
        settled += won
    return settled


def with_letters(rows: Iterable[Dispatch]) -> list[Dispatch]:
    """Return sendings that say of a letter under way what the outbox met; nothing is saved."""
    held = list(rows)
    waiting = [row.letter for row in held if row.letter and not row.is_over]
    letters = Letter.objects.in_bulk(waiting, field_name="key")
    for row in held:
        letter = letters.get(row.letter)
        if letter is not None:
            row.tries, row.last_problem = letter.attempts, letter.last_problem
    return held
