"""What became of a rule: its history in dated events."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from declarant.law.text import Citation, Day, LawModel, Text, at_least

State = Literal[
    "directed", "proposed", "authority_revoked", "not_final", "adopted", "in_force", "repealed"
]
STATES: tuple[str, ...] = get_args(State)

STATE_NAMES: dict[str, Text] = {
    "directed": Text(en="directed, no rule yet", zh_hant="已下令訂定，尚無規則"),
    "proposed": Text(en="proposed only", zh_hant="僅為草案"),
    "authority_revoked": Text(
        en="proposed only, its authority revoked", zh_hant="僅為草案，授權依據已撤銷"
    ),
    "not_final": Text(en="never made final", zh_hant="從未定案"),
    "adopted": Text(en="adopted, does not apply yet", zh_hant="已通過，尚未施行"),
    "in_force": Text(en="in force", zh_hant="施行中"),
    "repealed": Text(en="repealed", zh_hant="已廢止"),
}


class StatusEvent(LawModel):
    """From `day` (key `date`) on the rule is in `state`, until the next event."""

    day: Day = Field(alias="date")
    state: State
    text: Text
    citation: Citation

    @property
    def in_force(self) -> bool:
        """Whether the rule binds anybody in this state."""
        return self.state == "in_force"

    @property
    def name(self) -> Text:
        """The state in words."""
        return STATE_NAMES[self.state]


class StatusFile(LawModel):
    """`status.yaml`."""

    status: Annotated[tuple[StatusEvent, ...], at_least(1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [event.day for event in self.status]
        if days != sorted(days):
            raise ValueError(
                "the events of the status stand out of order; the earliest comes first"
            )
        return self
