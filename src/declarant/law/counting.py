"""What a rule counts as the compute of a training run: in, out, or left open by its text.

The purposes are the words shared with the ledger of compute; a law knows no evidence, so they
stand here too, and the suite holds both lists together.
"""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from declarant.law.dated import Holding
from declarant.law.text import Citation, Id, LawModel, Text

Purpose = Literal[
    "pre_training",
    "mid_training",
    "fine_tuning",
    "reinforcement_learning",
    "synthetic_data",
    "public_synthetic_data",
    "evaluation",
    "experiment",
    "teacher",
    "reward_model",
    "merged_model",
    "lost_steps",
]
PURPOSES: tuple[str, ...] = get_args(Purpose)
PURPOSE_NAMES: dict[str, Text] = {
    "pre_training": Text(en="pre-training", zh_hant="預訓練"),
    "mid_training": Text(en="mid-training", zh_hant="中期訓練"),
    "fine_tuning": Text(en="fine-tuning", zh_hant="微調"),
    "reinforcement_learning": Text(en="reinforcement learning", zh_hant="強化學習"),
    "synthetic_data": Text(en="non-public synthetic data", zh_hant="非公開合成資料"),
    "public_synthetic_data": Text(en="public synthetic data", zh_hant="公開合成資料"),
    "evaluation": Text(en="evaluation and red-teaming", zh_hant="評測與紅隊測試"),
    "experiment": Text(en="experiments", zh_hant="實驗"),
    "teacher": Text(en="teacher models", zh_hant="教師模型"),
    "reward_model": Text(en="reward and value models", zh_hant="獎勵與價值模型"),
    "merged_model": Text(en="merged models", zh_hant="合併之模型"),
    "lost_steps": Text(en="lost steps", zh_hant="損失之步驟"),
}
Treatment = Literal["in", "out", "open"]


class TreatmentRule(Holding):
    """How something is treated. What is `open` names the `reading` that answers it."""

    treatment: Treatment
    note: Text
    citation: Citation
    reading: Id | None = None

    @model_validator(mode="after")
    def _open_has_a_reading(self) -> Self:
        if (self.treatment == "open") != (self.reading is not None):
            raise ValueError("what is 'open' names a reading, and nothing else does")
        return self


class CountingRule(TreatmentRule):
    """How the operations of one purpose are treated."""

    purpose: Purpose


class Accuracy(Holding):
    """How near an estimate must be (`percent`), and how it is written."""

    percent: int = Field(ge=0)
    significant_figures: int = Field(ge=1)
    text: Text
    citation: Citation


class CountingFile(LawModel):
    """`counting.yaml`.

    `stages_add_up`: whether the stages of one model are summed ("in"), each stands alone ("out"),
    or that is open. `recomputation`: operations done again to save memory.
    """

    counting: tuple[CountingRule, ...]
    recomputation_rule: TreatmentRule = Field(alias="recomputation")
    stages_rule: TreatmentRule = Field(alias="stages_add_up")
    accuracy: Accuracy | None = None
