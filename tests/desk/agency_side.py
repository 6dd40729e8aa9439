"""The agency, played for tests and for the browser journey: it asks, returns, decides, receipts.

    agency = Agency.make()                      # a key for trial; agency.certificate is its PEM
    message = agency.asks(filing_message)       # bytes of a signed mail (.eml), about a filing
    message = agency.follows_up(answers)        # further questions about answers
    message = agency.returns(answers, {"training-integrity": "which keys?"})
    message = agency.decides(request, until=date(2027, 3, 20))      # or until=None, reason="..."
    message = agency.receipts(sent_message)

What is given may be a document, or the signed message that carried it, as bytes. Days and moments
may be given; without them everything happens now. Nothing here touches Django or a network.

From a shell, for a filing that was saved as a message:

    python -m tests.desk.agency_side FOLDER questions filing.eml > questions.eml

keeps the agency's key in FOLDER (agency.pem, with its certificate in agency-certificate.pem).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from declarant.filing.canonical import sha256
from declarant.filing.exchange import making
from declarant.filing.exchange.from_agency import ReturnedAnswer
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.question_file import read_questions
from declarant.filing.exchange.questions import Question
from declarant.filing.exchange.receipting import receipt
from declarant.filing.exchange.sending import ready
from declarant.filing.keys import File, SignerInMemory, read_signer
from declarant.filing.message import signed_message
from declarant.filing.parts import Agency as AgencyPart
from declarant.filing.parts import Contact
from declarant.filing.published import Exchange, Published
from declarant.filing.trial_key import make_trial
from declarant.filing.verification import Expectations, verify
from declarant.law import load_regime

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "questions" / "us-bis-702-7.yaml"
RULE = "us-bis-702-7"
MAILBOX = "filings@agency.example"
CASE = "BIS-2027-0012"
Given = Published | bytes


@dataclass(frozen=True)
class Agency:
    """An agency with its key; `certificate` is what a filer's desk registers."""

    signer: SignerInMemory
    certificate: bytes

    @classmethod
    def make(cls, at: datetime | None = None) -> Agency:
        """An agency with a new key for trial."""
        pem, certificate = make_trial("Agency", MAILBOX, at or datetime.now(UTC))
        return cls(read_signer(File("agency", pem), None, lambda _: b""), certificate)

    @classmethod
    def kept_in(cls, folder: Path) -> Agency:
        """The agency whose key lies in a folder; made at first need."""
        key, certificate = folder / "agency.pem", folder / "agency-certificate.pem"
        if not key.exists():
            folder.mkdir(parents=True, exist_ok=True)
            pem, own = make_trial("Agency", MAILBOX, datetime.now(UTC))
            key.write_bytes(pem)
            certificate.write_bytes(own)
        signer = read_signer(File(key.name, key.read_bytes()), None, lambda _: b"")
        return cls(signer, certificate.read_bytes())

    def asks(
        self,
        about: Given,
        questions: Iterable[Question] | None = None,
        *,
        on: date | None = None,
        at: datetime | None = None,
    ) -> bytes:
        """Questions about a filing: those given, or the thirteen of the example."""
        filing = document_in(about)
        example = read_questions(EXAMPLE)
        document = making.question_set(
            load_regime(filing.regime.id),
            self._parties(filing),
            on or _today(at),
            tuple(questions) if questions is not None else example.questions,
            replies_to=filing,
            letter=example.letter,
        )
        return self.signs(document, at)

    def follows_up(
        self,
        answers: Given,
        questions: Iterable[Question] | None = None,
        *,
        on: date | None = None,
        at: datetime | None = None,
    ) -> bytes:
        """Further questions about answers: those given, or one that follows the first answer."""
        answered = document_in(answers)
        assert isinstance(answered, AnswerSet)
        first = answered.answers[0]
        asked = read_questions(EXAMPLE).questions
        further = next(item for item in asked if item.asks.type == "text").model_copy(
            update={
                "id": f"{first.question}-more",
                "topic": first.topic,
                "topic_title": first.topic_title,
                "text": f"Say more about your answer to {first.question}.",
                "follows": first.question,
            }
        )
        document = making.question_set(
            load_regime(answered.regime.id),
            self._parties(answered),
            on or _today(at),
            tuple(questions) if questions is not None else (further,),
            replies_to=answered,
        )
        return self.signs(document, at)

    def returns(
        self,
        answers: Given,
        why: Mapping[str, str],
        *,
        on: date | None = None,
        at: datetime | None = None,
    ) -> bytes:
        """A notice that returns answers for correction; `why` by the question."""
        answered = document_in(answers)
        assert isinstance(answered, AnswerSet)
        document = making.correction_notice(
            load_regime(answered.regime.id),
            self._parties(answered),
            on or _today(at),
            answered,
            [ReturnedAnswer(question=key, why=text, asks_for=None) for key, text in why.items()],
        )
        return self.signs(document, at)

    def decides(
        self,
        request: Given,
        *,
        until: date | None,
        reason: str | None = None,
        on: date | None = None,
        at: datetime | None = None,
    ) -> bytes:
        """A decision on a request for more time: granted until a day, or refused with a reason."""
        asked = document_in(request)
        assert isinstance(asked, ExtensionRequest)
        document = making.extension_decision(
            load_regime(asked.regime.id),
            self._parties(asked),
            on or _today(at),
            asked,
            until=until,
            reason=reason,
        )
        return self.signs(document, at)

    def receipts(self, message: bytes, *, at: datetime | None = None) -> bytes:
        """The receipt of a message as it was sent."""
        document = document_in(message)
        moment = at or datetime.now(UTC)
        made = receipt(
            load_regime(document.regime.id),
            self._parties(document),
            moment,
            document,
            by="agency",
            message_sha256=sha256(message),
        )
        return self.signs(made, moment)

    def signs(self, document: Exchange, at: datetime | None = None) -> bytes:
        """A document as the agency sends it: a signed mail, whole."""
        return signed_message(ready(document), self.signer, at or datetime.now(UTC))

    def _parties(self, document: Published) -> Parties:
        agency = AgencyPart(name="Bureau of Industry and Security", email=MAILBOX)
        officer = Contact(name="R. Okafor", title="Intake officer", email=None, phone=None)
        return Parties(document.person, document.contacts, agency, officer, CASE)


def document_in(given: Given) -> Published:
    """The document itself, or the one that a signed message carries."""
    if not isinstance(given, bytes):
        return given
    found = verify(File("message.eml", given), Expectations(ignore_form=True)).document
    assert found is not None, "the message carries no document"
    return found


def _today(at: datetime | None) -> date:
    return (at or datetime.now(UTC)).astimezone(load_regime(RULE).zone.info).date()


if __name__ == "__main__":
    where, what, about = sys.argv[1:4]
    played = Agency.kept_in(Path(where))
    acts = {
        "questions": played.asks,
        "further": played.follows_up,
        "receipt": played.receipts,
    }
    sys.stdout.buffer.write(acts[what](Path(about).read_bytes()))
