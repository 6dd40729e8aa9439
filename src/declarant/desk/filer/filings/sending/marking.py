"""What was accepted counts as sent: here, and in the register, which determinations read."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.audit.heads import make_head
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.register.evidence import add_evidence
from declarant.desk.filer.register.kinds import Kind
from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.recording import save_record
from declarant.desk.work.outbox import post
from declarant.law import load_regime
from declarant.law.quarters import REPORTING_RULE
from declarant.problems import BadInput

LOG = logging.getLogger(__name__)


def mark_sent(actor: Any, filing: Filing, when: datetime) -> bool:
    """Count a filing as sent from a moment on; return whether it did not before.

    Called inside a change. A filing that counts as sent keeps its moment.
    """
    won = Filing.objects.filter(pk=filing.pk, state=Filing.State.CERTIFIED).update(
        state=Filing.State.SENT, sent=when
    )
    if won:
        with change(actor, "filing.sent", subject=filing.subject, when=when.isoformat()) as entry:
            entry.note(identity=filing.identity, quarter=filing.quarter)
        _tell_register(actor, filing, when)
        # the log as it stands now leaves the machine; should that fail, the daily head covers it
        transaction.on_commit(partial(make_head, "filing sent"), robust=True)
    return bool(won)


def _tell_register(actor: Any, filing: Filing, when: datetime) -> None:
    """Write the filing into the register; one that cannot be written there is sent all the same."""
    if filing.regime != REPORTING_RULE or filing.document is None:
        return
    zone = load_regime(filing.regime).zone.info
    path = f"filings/{filing.kind}-{filing.quarter}-version-{filing.version}.json"
    content = {
        "quarter": filing.quarter,
        "kind": filing.kind,
        "sent": when.astimezone(zone).date().isoformat(),
        "document": path,
    }
    rows = Record.objects.filter(kind=Kind.FILING, active=True)
    record = next((row for row in rows if row.content.get("quarter") == filing.quarter), None)
    if record is not None:  # a correction does not make late what was sent in time
        content["sent"] = min(content["sent"], str(record.content.get("sent", content["sent"])))
    try:
        with transaction.atomic():
            add_evidence(actor, path, filing.document, note=filing.identity)
            save_record(actor, Kind.FILING, content, record=record, why=filing.identity)
    except BadInput as problem:
        LOG.warning("filing %s is not in the register: %s", filing.pk, problem)
        post(
            key=f"filing-not-in-register:{filing.pk}",
            to=[filing.preparer.email],
            subject=_("Enter the filing into the register by hand: %(filing)s")
            % {"filing": filing.name},
            text=_(
                "%(filing)s was sent, but the register did not take it in, so that clocks still "
                "wait for it:\n\n%(problem)s\n"
            )
            % {"filing": filing.name, "problem": problem},
        )
