"""What an answer says while it is worked on: the parts of a published answer, and less.

A draft may still be empty or miss what the question requires; each passage in it has already the
form in which it is sent, so that nothing has to be guessed at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import StrictBool

from declarant.filing.exchange.answering import answer_to
from declarant.filing.exchange.answers import Answer, FormerAnswer, Passage
from declarant.filing.exchange.questions import Question
from declarant.filing.parts import Part, Sha256


class AnswerContent(Part):
    """Passages, whether the person does not know, and the files it rests on."""

    passages: tuple[Passage, ...] = ()
    not_known: StrictBool = False
    evidence: tuple[Sha256, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> AnswerContent:
        """Return what an answer that was made elsewhere says."""
        return cls(passages=answer.passages, not_known=answer.not_known, evidence=answer.evidence)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return self.model_dump(mode="json")

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was written yet."""
        return not self.passages and not self.not_known

    def with_evidence(self, evidence: tuple[str, ...]) -> AnswerContent:
        """Return the same answer resting on other files."""
        return AnswerContent(
            passages=self.passages, not_known=self.not_known, evidence=tuple(evidence)
        )

    def answers(self, question: Question, former: Mapping[str, Any] | None) -> Answer | None:
        """Return the answer to a question as it is sent, its standing still `new`; None: empty.

        `former` is the reference to the answer given before, when there is one.
        """
        if not self.passages:
            return None
        return answer_to(
            question,
            self.passages,
            not_known=self.not_known,
            evidence=self.evidence,
            standing="new" if former is None else "changed",
            former=None if former is None else FormerAnswer.model_validate(former),
        )


NOTHING = AnswerContent()
