"""Documents made by hand: what the builder makes from a register, without a register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from declarant.filing.calendar import calendar
from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.keys import File, SignerInMemory, read_signer
from declarant.filing.message import Filing, signed_message
from declarant.filing.pdf import render
from declarant.filing.trial_key import make_trial

LAW = "89 FR 73612"
SIGNED_AT = datetime(2027, 1, 8, 17, 30, tzinfo=UTC)
MADE_AT = datetime(2026, 12, 1, tzinfo=UTC)


def amount(low: int, best: int | None = None, high: int | None = None) -> dict[str, Any]:
    return {
        "low": str(low),
        "best": None if best is None else str(best),
        "high": None if high is None else str(high),
    }


def common_fields() -> dict[str, Any]:
    return {
        "regime": {
            "id": "us-bis-702-7",
            "title": "Reporting requirements for advanced AI models and computing clusters",
            "citation": "89 Fed. Reg. 73612 (11 September 2024), proposed 15 C.F.R. 702.7",
            "status": {
                "on": date(2027, 1, 8),
                "state": "not_final",
                "name": "never made final, not in force",
                "text": "Proposed on 11 September 2024; never made final. Executive Order 14110, "
                "which it carries out, was revoked on 20 January 2025.",
                "citation": "15 C.F.R. part 702",
            },
            "in_force": False,
            "voluntary": True,
        },
        "quarter": "2026Q4",
        "due": date(2027, 1, 15),
        "due_worked_out": (
            "The notification for the fourth quarter is due on 15 January of the next year.",
            "15 January 2027 is a Friday; nothing rolls.",
        ),
        "window": {
            "begins": date(2026, 10, 1),
            "look_ahead_from": date(2027, 1, 15),
            "ends": date(2027, 7, 15),
            "citation": "89 FR 73616",
        },
        "prepared_on": date(2027, 1, 8),
        "person": {
            "name": "Meridian Frontier Laboratories, Inc. (子午前沿實驗室)",
            "kind": "legal",
            "address": "1200 Harbor Way, Suite 400, Wilmington, Delaware 19801",
            "identifiers": {"LEI": "529900EXAMPLE0000001", "EIN": "00-0000000"},
            "covered": True,
            "grounds": (
                {
                    "id": "organized_in_us",
                    "text": "Organized under the laws of Delaware.",
                    "citation": "89 FR 73616",
                },
            ),
        },
        "contacts": {
            "preparer": {
                "name": "陳怡君 (Chen Yi-chun)",
                "title": "Senior Counsel",
                "email": "yichun.chen@meridian.example",
                "phone": "+1 302 555 0148",
            },
            "certifying_officer": {
                "name": "Dana R. Whitfield",
                "title": "Chief Compliance Officer",
                "email": "dana.whitfield@meridian.example",
                "phone": "+1 302 555 0101",
            },
            "others": (),
        },
        "agency": {
            "name": "Bureau of Industry and Security",
            "email": "filings@agency.example",
        },
        "former": None,
        "clocks": (
            {
                "duty": "notification",
                "title": "Notification for 2027Q1",
                "due": date(2027, 4, 15),
                "worked_out": (
                    "The notification for the first quarter is due on 15 April.",
                    "15 April 2027 is a Thursday; nothing rolls.",
                ),
                "citation": "89 FR 73616",
                "other_readings": {"next_business_day": date(2027, 4, 15)},
            },
            {
                "duty": "answer",
                "title": "Answers to the questions of 20 December 2026",
                "due": date(2027, 1, 19),
                "worked_out": (
                    "30 calendar days from receipt; the day of receipt is not counted.",
                ),
                "citation": "89 FR 73616",
                "other_readings": {},
            },
        ),
        "remarks": (),
        "statements": (
            {
                "id": "examined",
                "text": "I have examined this document and the evidence it names.",
                "ticked": False,
            },
            {
                "id": "complete",
                "text": "To the best of my knowledge it is true and complete.",
                "ticked": False,
            },
        ),
        "notices": ("Computed readings of a rule; not legal advice.",),
        "product": {"name": "Declarant", "version": "0.1.0", "renderer": "typst 0.15.2"},
    }


def run_fields() -> dict[str, Any]:
    return {
        "kind": "training_run",
        "id": "aurora-3",
        "name": "Aurora 3 pre-training and post-training",
        "activity": "training",
        "activity_title": "Training run",
        "activity_citation": "proposed 15 C.F.R. 702.7(a)(1)(i)",
        "verdict": "reportable",
        "when": "current",
        "amount": amount(
            118_200_000_000_000_000_000_000_000,
            124_700_000_000_000_000_000_000_000,
            131_900_000_000_000_000_000_000_000,
        ),
        "comparison": "above",
        "limit": {"value": str(10**26), "unit": "operations", "citation": LAW},
        "crosses": date(2027, 2, 19),
        "chosen": (
            {
                "dimension": "extent",
                "question": "Which operations of a run that is not finished count?",
                "option": "planned_total",
                "title": "All that the plan foresees",
                "citation": LAW,
                "because": None,
            },
            {
                "dimension": "stages",
                "question": "Do the stages of one model add up to one training run?",
                "option": "sum",
                "title": "They add up",
                "citation": LAW,
                "because": None,
            },
        ),
        "readings": (
            {
                "id": "extent=used_to_date",
                "title": "only operations used to date",
                "choices": {"extent": "used_to_date"},
                "verdict": "not_reportable",
                "amount": amount(71 * 10**24, 74 * 10**24, 78 * 10**24),
                "comparison": "below",
                "flips": True,
                "default": False,
                "machines": None,
                "devices": None,
            },
            {
                "id": "recomputation=does_not_count",
                "title": "recomputation does not count",
                "choices": {"recomputation": "does_not_count"},
                "verdict": "undetermined",
                "amount": amount(95 * 10**24, 99 * 10**24, 104 * 10**24),
                "comparison": "straddles",
                "flips": True,
                "default": False,
                "machines": None,
                "devices": None,
            },
            {
                "id": "stages=each_stage",
                "title": "each stage is a run of its own",
                "choices": {"stages": "each_stage"},
                "verdict": "reportable",
                "amount": amount(110 * 10**24, 116 * 10**24, 122 * 10**24),
                "comparison": "above",
                "flips": False,
                "default": False,
                "machines": None,
                "devices": None,
            },
        ),
        "turns_at": ("Reportable above 12.4e12 tokens at this architecture.",),
        "why": (
            {
                "text": "In progress on 2027-01-08, within the period.",
                "citation": "89 FR 73616",
            },
            {"text": "Even the lower bound, 1.18e26, exceeds 1e26.", "citation": LAW},
        ),
        "evidence": (
            {"path": "evidence/aurora-3/config.json", "sha256": "a" * 64, "size": 1184},
            {
                "path": "evidence/aurora-3/training-log-2026-10-01-to-2027-01-07.jsonl",
                "sha256": "b" * 64,
                "size": 48_211_904,
            },
        ),
        "remarks": (
            {
                "code": "count.utilisation",
                "severity": "warning",
                "where": "runs[0].parts[0]",
                "what": "The figures imply a utilisation of 61 % of the dense 16-bit peak.",
                "effect": None,
                "confirmation": {
                    "reason": "Measured on the same cluster in the run before; log attached.",
                    "by": "陳怡君 (Chen Yi-chun)",
                    "on": date(2027, 1, 7),
                },
            },
        ),
        "standing": "first",
        "changes": (),
        "model": "Aurora 3",
        "status": "in_progress",
        "begins": date(2026, 8, 3),
        "ends": date(2027, 4, 2),
        "cluster": "Harbor",
        "segments": (
            {
                "id": "aurora-3/pre/architecture",
                "run": "aurora-3",
                "stage": "pre-training, 8k context",
                "purpose": "pre_training",
                "share": "done",
                "begins": date(2026, 8, 3),
                "ends": date(2027, 1, 7),
                "method": "architecture",
                "model_operations": amount(71 * 10**24, 74 * 10**24, 78 * 10**24),
                "executed_operations": None,
                "formula": "closed form: 3 x (matrix products + causal attention) x tokens",
                "formula_version": "architecture/1",
                "preferred": True,
                "evidence": ("evidence/aurora-3/config.json",),
            },
            {
                "id": "aurora-3/pre/planned",
                "run": "aurora-3",
                "stage": "pre-training, 8k context",
                "purpose": "pre_training",
                "share": "planned",
                "begins": date(2027, 1, 8),
                "ends": date(2027, 4, 2),
                "method": "architecture",
                "model_operations": amount(47 * 10**24, 50 * 10**24, 54 * 10**24),
                "executed_operations": None,
                "formula": "closed form: 3 x (matrix products + causal attention) x tokens",
                "formula_version": "architecture/1",
                "preferred": True,
                "evidence": ("evidence/aurora-3/config.json",),
            },
        ),
    }


def cluster_fields() -> dict[str, Any]:
    return {
        "kind": "cluster",
        "id": "harbor",
        "name": "Harbor",
        "activity": "cluster",
        "activity_title": "Computing cluster",
        "activity_citation": "proposed 15 C.F.R. 702.7(a)(1)(ii)",
        "verdict": "reportable",
        "when": "current",
        "amount": amount(1979 * 10**17, 1979 * 10**17, 1979 * 10**17),
        "comparison": "above",
        "limit": {"value": str(10**20), "unit": "operations_per_second", "citation": LAW},
        "crosses": None,
        "chosen": (
            {
                "dimension": "number_format",
                "question": "In which number format is the theoretical maximum taken?",
                "option": "highest",
                "title": "The highest the devices offer",
                "citation": LAW,
                "because": None,
            },
        ),
        "readings": (
            {
                "id": "16-bit/machine/counts",
                "title": "16-bit numbers",
                "choices": {"number_format": "16-bit", "link": "machine"},
                "verdict": "not_reportable",
                "amount": amount(9894 * 10**16, 9894 * 10**16, 9894 * 10**16),
                "comparison": "below",
                "flips": True,
                "default": False,
                "machines": 12_500,
                "devices": 100_000,
            },
        ),
        "turns_at": (),
        "why": (
            {
                "text": "12,500 machines are connected by links above 300 Gbit/s.",
                "citation": LAW,
            },
        ),
        "evidence": (
            {"path": "evidence/harbor/ibnetdiscover.txt", "sha256": "c" * 64, "size": 90_112_001},
        ),
        "remarks": (),
        "standing": "first",
        "changes": (),
        "location": "Quincy, Washington",
        "possession": "in_possession",
        "groups": (
            {
                "id": "hall-a",
                "site": "Quincy, Hall A",
                "status": "in operation",
                "since": date(2026, 3, 1),
                "owner": None,
            },
        ),
    }


def made_notification(**changed: Any) -> Notification:
    """A notification of one training run and one cluster; fields may be given anew."""
    activities = (run_fields(), cluster_fields())
    return Notification.made(
        **common_fields() | {"activities": activities, "no_longer": ()} | changed
    )


def made_affirmation(**changed: Any) -> Affirmation:
    """The first of seven affirmations owed after the notification for 2026Q3."""
    former = {
        "id": None,
        "quarter": "2026Q3",
        "kind": "notification",
        "sha256": None,
        "sent": date(2026, 10, 12),
    }
    quarters = ("2026Q4", "2027Q1", "2027Q2", "2027Q3", "2027Q4", "2028Q1", "2028Q2")
    fields = {"former": former, "sequence": 1, "owed": quarters}
    return Affirmation.made(**common_fields() | fields | changed)


def ready(document: Document) -> Filing:
    """A document with its form and calendar."""
    return Filing.of(document, render(document).pdf, calendar(document))


@pytest.fixture(scope="session")
def trial_pem() -> tuple[bytes, bytes]:
    """A trial key with its certificate, and the certificate alone."""
    return make_trial("Dana R. Whitfield", "dana.whitfield@meridian.example", MADE_AT)


@pytest.fixture(scope="session")
def trial(trial_pem: tuple[bytes, bytes]) -> SignerInMemory:
    return read_signer(File("trial-key.pem", trial_pem[0]), None, lambda _: b"")


@pytest.fixture(scope="session")
def make_notification() -> Callable[..., Notification]:
    return made_notification


@pytest.fixture(scope="session")
def make_affirmation() -> Callable[..., Affirmation]:
    return made_affirmation


@pytest.fixture(scope="session")
def notification() -> Notification:
    return made_notification()


@pytest.fixture(scope="session")
def affirmation() -> Affirmation:
    return made_affirmation()


@pytest.fixture(scope="session")
def filing(notification: Notification) -> Filing:
    return ready(notification)


class Message(bytes):
    """A message that a failing test does not print whole."""

    def __repr__(self) -> str:
        return f"<message of {len(self)} bytes>"


@pytest.fixture(scope="session")
def signed(filing: Filing, trial: SignerInMemory) -> bytes:
    """A signed message as it is sent."""
    return Message(signed_message(filing, trial, SIGNED_AT))


@pytest.fixture
def signed_at() -> datetime:
    return SIGNED_AT


@pytest.fixture
def fields() -> dict[str, Callable[[], dict[str, Any]]]:
    """The fields of the documents above, to be changed and made anew."""
    return {"common": common_fields, "run": run_fields, "cluster": cluster_fields}
