"""Making a change and writing it down, both or neither."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from declarant.audit_log import Entry, leaf_hash, moment_text
from declarant.audit_log.detail import plain
from declarant.problems import bad_input


class Change:
    """A change that is being made: what its entry will say, so far.

    Attributes:
        actor, actor_name: who makes it, as the entry will say.
        action: what is done.
        subject: what is changed (`run:atlas-2`); may be set later, when a new row got its id.
        detail: what was noted; read it, and write with `note`.
    """

    def __init__(self, actor: Any, action: str, subject: str, detail: dict[str, Any]) -> None:
        self.actor, self.actor_name = _named(actor)
        self.action = action
        self.subject = subject
        self.detail = plain(detail, action)

    def note(self, **more: Any) -> None:
        """Add to the entry's detail; a key noted before is replaced.

        Raises:
            BadInput: when a key names a secret, or a value is no JSON.
        """
        self.detail |= plain(more, self.action)

    def append(self) -> int:
        """Append the entry to the log inside the open transaction; return its index.

        Raises:
            BadInput: when it has no subject, or is too long.
        """
        for field, word, most in (("action", self.action, 100), ("subject", self.subject, 500)):
            if len(word) > most or not word.isprintable():
                raise bad_input(
                    "audit.word",
                    f"{field} of an entry of the audit log is longer than {most} characters, or "
                    "holds some that cannot be printed.",
                    mend="Give a short word, such as run:atlas-2; the rest belongs in the detail.",
                    field=field,
                )
        if not self.action or not self.subject:
            raise bad_input(
                "audit.subject",
                "an entry of the audit log has no action or no subject.",
                mend="Give both, such as subject='run:atlas-2'; set entry.subject for a new row.",
                field=self.action or "action",
            )
        return _append(self)

    def entry(self, log: str, index: int, moment: str) -> Entry:
        """Return the entry as it stands in the log."""
        return Entry(
            log,
            index,
            moment,
            self.actor,
            self.actor_name,
            self.action,
            self.subject,
            self.detail,
        )


@contextmanager
def change(actor: Any, action: str, subject: str = "", **detail: Any) -> Iterator[Change]:
    """Open a transaction for a change; its entry is appended in it at the end.

    What raises inside undoes the change, and nothing is logged. Within another `change` this adds
    its entry to the same transaction. Take row locks first: the log is locked from the append to
    the end of the transaction, and appends by others wait for it.

    Args:
        actor: the `User` who acts, or a word for a part of the desk, such as "worker".
        action: what is done, such as "register.run.edited".
        subject: what it is done to, such as "run:atlas-2"; may be set on the yielded object.
        detail: JSON for readers of the log; never a secret.

    Raises:
        BadInput: when the detail is no JSON or holds a secret, or the subject stays empty.
    """
    entry = Change(actor, action, subject, detail)
    with transaction.atomic():
        yield entry
        entry.append()


def record(actor: Any, action: str, subject: str, **detail: Any) -> int:
    """Append an entry inside a transaction that is open already; return its index.

    Raises:
        BadInput: as `change`.
        TransactionManagementError: when no transaction is open.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "record() belongs inside transaction.atomic(), with what it records; or use change()."
        )
    return Change(actor, action, subject, detail).append()


def _named(actor: Any) -> tuple[str, str]:
    if isinstance(actor, str) and actor:
        return actor, actor
    if getattr(actor, "pk", None) is None:
        raise bad_input(
            "audit.actor",
            f"{actor!r} is nobody who could have made a change.",
            mend='Give a stored user, or a word such as "worker".',
            field="actor",
        )
    name = getattr(actor, "name", "")
    email = getattr(actor, "email", "")
    return f"user:{actor.pk}", f"{name} <{email}>" if name and email else name or email or str(
        actor
    )


def _append(made: Change) -> int:
    from declarant.desk.audit import models

    tree = locked_tree()
    frontier = tree.read()
    entry = made.entry(tree.log, frontier.size, moment_text(timezone.now()))
    content = entry.content()
    leaf = leaf_hash(content)
    grown = frontier.append(leaf)
    models.Entry.objects.create(
        index=entry.index,
        moment=entry.moment,
        actor=entry.actor,
        actor_name=entry.actor_name,
        action=entry.action,
        subject=entry.subject,
        content=content,
        leaf=leaf,
    )
    models.Tree.objects.filter(pk=tree.pk).update(size=grown.size, frontier=grown.to_bytes())
    return entry.index


def locked_tree() -> Any:
    """Return the tree's row, locked to the end of the transaction; made when it is not there yet.

    Raises:
        BadInput: when there are entries, but no tree.
    """
    from declarant.desk.audit.models import Entry, Tree

    held = Tree.objects.select_for_update().filter(pk=Tree.ONLY).first()
    if held is not None:
        return held
    if Entry.objects.exists():
        raise bad_input(
            "audit.tree_missing",
            "the audit log has entries, but the state of its tree is gone.",
            mend="Somebody changed the database. Keep a copy, run `declarant audit verify` on it, "
            "and restore a backup.",
        )
    Tree.objects.bulk_create([Tree(log=secrets.token_hex(16))], ignore_conflicts=True)
    return Tree.objects.select_for_update().get(pk=Tree.ONLY)
