"""What is asked for, and what a message is, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from declarant.filing.exchange.questions import (
    Asked,
    AsksChoice,
    AsksDate,
    AsksFile,
    AsksNumber,
    AsksTable,
    AsksText,
    Condition,
    Question,
)

KINDS = {
    "question_set": gettext_lazy("Questions"),
    "correction_notice": gettext_lazy("Answers returned for correction"),
    "extension_decision": gettext_lazy("Decision on more time"),
    "receipt": gettext_lazy("Receipt"),
}


def kind_said(kind: str) -> str:
    """Return what kind of message a document makes."""
    return str(KINDS.get(kind, _("Not a message of the agency")))


def asked_for(asks: Asked) -> str:
    """Return what an answer must look like, as a sentence or two."""
    match asks:
        case AsksText():
            return " ".join([_("Words."), *_at_most(asks.longest, "characters")])
        case AsksNumber():
            return " ".join(_number(asks))
        case AsksDate():
            return " ".join([_("A day."), *_days(asks)])
        case AsksChoice():
            return _("One or more of the options.") if asks.several else _("One of the options.")
        case AsksTable():
            return " ".join([_("A table."), *_rows(asks)])
        case AsksFile():
            kinds = [_("Kinds: %(kinds)s.") % {"kinds": ", ".join(asks.suffixes)}]
            return " ".join(
                [_("Files."), *(kinds if asks.suffixes else []), *_at_most(asks.most, "files")]
            )


def condition_said(condition: Condition | None, questions: Mapping[str, Question]) -> str:
    """Return when a question is put; empty when it always is."""
    if condition is None:
        return ""
    if not condition.any_of:
        return _("Put only if %(question)s is answered.") % {"question": condition.question}
    other = questions.get(condition.question)
    asks = other.asks if other is not None else None
    options = {item.id: item.text for item in asks.options} if isinstance(asks, AsksChoice) else {}
    chosen = _(" or ").join(options.get(name, name) for name in condition.any_of)
    return _("Put only if the answer to %(question)s is: %(chosen)s.") % {
        "question": condition.question,
        "chosen": chosen,
    }


def _at_most(most: int | None, what: str) -> list[str]:
    if most is None:
        return []
    told = {
        "characters": ngettext("At most %(n)d character.", "At most %(n)d characters.", most),
        "rows": ngettext("At most %(n)d row.", "At most %(n)d rows.", most),
        "files": ngettext("At most %(n)d file.", "At most %(n)d files.", most),
    }
    return [told[what] % {"n": most}]


def _number(asks: AsksNumber) -> list[str]:
    said = [_("A whole number.") if asks.whole else _("A number.")]
    if asks.units:
        said.append(_("In %(units)s.") % {"units": _(" or ").join(asks.units)})
    if asks.least is not None:
        said.append(_("Not below %(least)s.") % {"least": asks.least})
    if asks.most is not None:
        said.append(_("Not above %(most)s.") % {"most": asks.most})
    return said


def _days(asks: AsksDate) -> list[str]:
    said = []
    if asks.earliest is not None:
        said.append(_("Not before %(day)s.") % {"day": asks.earliest.isoformat()})
    if asks.latest is not None:
        said.append(_("Not after %(day)s.") % {"day": asks.latest.isoformat()})
    return said


def _rows(asks: AsksTable) -> list[str]:
    least = ngettext("At least %(n)d row.", "At least %(n)d rows.", asks.fewest) % {
        "n": asks.fewest
    }
    return [*([least] if asks.fewest else []), *_at_most(asks.most, "rows")]
