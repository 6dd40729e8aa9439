"""Signed heads: made, kept, and sent away, so that this desk alone cannot rewrite its log."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from declarant.audit_log import SignedHead, public_hex, read_moment, sign_head
from declarant.desk.audit.change import locked_tree, record
from declarant.desk.audit.keys import signing_key

EVERY = timedelta(days=1)


def folder() -> Path:
    """Return where heads lie as files: HOME/heads."""
    held: Path = settings.DESK.home / "heads"
    return held


def make_head(why: str = "", *, send: bool = True) -> SignedHead:
    """Sign the log as it stands; store the head, post it, and write it to HOME/heads on commit.

    For a head that covers a change, call it after the change's block, within one transaction:
    `with transaction.atomic(): with change(...): ...` and then `make_head("filing sent")`.

    Args:
        why: what it is made for, in the subject of the mail.
        send: False keeps it here, for an export that carries it along.
    """
    from declarant.desk.audit.models import Head

    key = signing_key()
    with transaction.atomic():
        tree = locked_tree()
        last = Head.objects.order_by("-number").first()
        if last is not None and last.key != public_hex(key):
            record("desk", "audit.key_changed", "audit:key", before=last.key, after=public_hex(key))
            tree = locked_tree()
        head = sign_head(
            key,
            log=tree.log,
            size=tree.size,
            root=tree.read().root,
            moment=timezone.now(),
        )
        row = Head.objects.create(
            number=last.number + 1 if last is not None else 1,
            log=head.log,
            size=head.size,
            root=head.root,
            moment=head.moment,
            key=head.key,
            signature=head.signature,
        )
        if send and settings.DESK.heads_to:
            _post(row.number, head, why)
        transaction.on_commit(lambda: _write(row.number, head), robust=True)
    return head


def keep_heads() -> None:
    """Make the head that is due, a day after the last; write files that a crash kept from disk."""
    from declarant.desk.audit.models import Head

    with transaction.atomic():
        locked_tree()  # two workers make one head
        last = Head.objects.order_by("-number").first()
        if last is None or timezone.now() - last.when >= EVERY:
            make_head("daily")
    for head in Head.objects.order_by("-number")[:100]:
        if not _file(head.number, head.signed()).exists():
            _write(head.number, head.signed())


def _file(number: int, head: SignedHead) -> Path:
    day = read_moment(head.moment).date().isoformat()
    return folder() / f"head-{number:06}-{day}-{head.size}.json"


def text_of(head: SignedHead) -> str:
    """Return a head as its file and its mail hold it: JSON, a field a line."""
    return json.dumps(head.as_json(), indent=2) + "\n"


def _write(number: int, head: SignedHead) -> None:
    file = _file(number, head)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(text_of(head))
    partial.replace(file)


def _post(number: int, head: SignedHead, why: str) -> None:
    from declarant.desk.work.outbox import post

    what = f" ({why})" if why else ""
    post(
        key=f"audit.head:{head.log}:{number}",
        to=list(settings.DESK.heads_to),
        subject=f"Signed head of the audit log: {head.size} entries{what}",
        text=(
            f"The audit log of {settings.DESK.public_url} had {head.size} entries when this head "
            "of it was signed.\n\n"
            "Keep this mail where the people who run that desk cannot change it. With it,\n"
            "`declarant audit verify SOURCE --head THIS-MAIL.eml` shows whether the log was\n"
            "changed or shortened since.\n\n" + text_of(head)
        ),
    )
