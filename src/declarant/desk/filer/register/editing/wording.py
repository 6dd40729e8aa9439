"""What the fields of a register are called on a page, and what is said below them.

Every field of the schema has a label here, which a test holds. A hint that is not given here is the
schema's own description; those are repeated in `SCHEMA_HINTS`, to be translated.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from declarant.desk.filer.register.anatomy import Field

LABELS: dict[str, Any] = {
    "address": _("Address"),
    "agency": _("Agency"),
    "amount": _("Amount"),
    "answer": _("Does it cover you?"),
    "answered": _("Answered on"),
    "best": _("Best estimate"),
    "cluster": _("Cluster"),
    "compute_cost": _("Cost of the computation"),
    "configuration": _("Configuration of the model"),
    "convention": _("What the figure includes"),
    "count": _("Links of each machine"),
    "counts": _("Ways of counting"),
    "covered": _("Which rules cover the person"),
    "currency": _("Currency"),
    "date": _("Date"),
    "declared": _("Machines without an inventory"),
    "description": _("Description"),
    "device": _("Accelerator"),
    "devices": _("Accelerators"),
    "devices_per_machine": _("Accelerators in each machine"),
    "document": _("Document"),
    "duty": _("What it asks for"),
    "email": _("E-mail address"),
    "end": _("Ends"),
    "evidence": _("Evidence"),
    "executed_operations": _("Executed operations"),
    "fabric": _("Fabric"),
    "files": _("Files"),
    "format": _("Format"),
    "grounds": _("Grounds"),
    "groups": _("Groups of machines"),
    "high": _("Highest"),
    "hours": _("Hours"),
    "id": _("Id"),
    "identifiers": _("Identifiers"),
    "inventory": _("Inventory"),
    "kind": _("Kind"),
    "links": _("Links of each machine to its fabric"),
    "location": _("Location"),
    "log": _("Trainer's log"),
    "low": _("Lowest"),
    "machines": _("Machines"),
    "method": _("Method"),
    "model": _("Model"),
    "model_operations": _("Model operations"),
    "name": _("Name"),
    "node_names": _("Names of nodes"),
    "number_format": _("Number format"),
    "on": _("Received on"),
    "owner": _("Owner"),
    "parts": _("Parts of the run"),
    "phone": _("Telephone"),
    "plan": _("Plan, for forecasts"),
    "possession": _("Possession"),
    "purpose": _("Purpose"),
    "quarter": _("Quarter"),
    "rate": _("Rate of a link"),
    "recompute": _("Activation recomputation"),
    "recorded": _("What a machine recorded"),
    "reference": _("Reference"),
    "regime": _("Rule"),
    "role": _("Role"),
    "run": _("Run in the files"),
    "sent": _("Sent on"),
    "sequence_length": _("Sequence length"),
    "share": _("Done or planned"),
    "since": _("From"),
    "site": _("Site"),
    "source": _("Where this is known from"),
    "stage": _("Stage"),
    "start": _("Starts"),
    "status": _("Status"),
    "title": _("Title"),
    "tokens": _("Tokens"),
    "tokens_per_day": _("Tokens a day"),
    "trained_from": _("Trained from"),
    "uncertainty": _("Uncertainty"),
    "use": _("Method that totals rely on"),
    "utilisation": _("Utilisation of the peak"),
    "why": _("Why"),
    "zone": _("Time zone"),
}
_LABELS_OF: dict[tuple[str, str], Any] = {
    ("Declared", "fabric"): _("Name of the fabric"),
    ("MachineGroup", "fabric"): _("Fabric files"),
    ("MachineGroup", "inventory"): _("Inventory files"),
    ("Plan", "devices"): _("Accelerators at work, by period"),
    ("Capacity", "devices"): _("Accelerators at work"),
    ("Agency", "email"): _("Mailbox for reports"),
    ("Pair", "name"): _("What it is"),
    ("Pair", "value"): _("Value"),
}
_HINTS: dict[str, Any] = {
    "compute_cost": _("Leave all of it empty when it is not known."),
    "currency": _("Three letters, such as USD."),
    "grounds": _("Each that applies; one is enough."),
    "hours": _("Hours that each accelerator was in use."),
    "id": _("Small letters, digits and . _ - only. Other records name it, so it stays."),
    "model_operations": _("What the model's mathematics needs. Such as 1.2e25."),
    "executed_operations": _("What the machines did, recomputation included. Such as 1.3e25."),
    "parts": _(
        "Pieces that were for one purpose, done or planned. Laws differ in which purposes they "
        "count, so keep them apart."
    ),
    "groups": _("Machines that share a site, a status and a date."),
    "counts": _("Give every method you have evidence for: they are set side by side."),
    "phone": _("With the country code."),
    "quarter": _("Such as 2026Q4."),
    "stage": _("Your own word for it, such as pre-training."),
    "tokens_per_day": _(
        "On a calendar day, downtime included, with the accelerators of the first period."
    ),
    "uncertainty": _("Relative, either way: 0.05 for 5 percent."),
    "why": _("For those who read it later."),
    "log": _("What the trainer wrote of this part. Files of one log, in their order."),
    "number_format": _("Of the matrix arithmetic."),
    "utilisation": _(
        "Share of the dense peak that was used, such as 0.38. Left out: calibrated on your "
        "finished runs."
    ),
    "inventory": _("Machines and accelerators: CSV, scontrol, nvidia-smi, kubectl."),
    "rate": _("Such as 400 Gbit/s."),
    "recompute": _("Whether activations were computed again to save memory."),
    "declared": _("What is known of machines that no file describes. Leave it empty otherwise."),
    "links": _("Leave it empty when it is not known."),
    "identifiers": _("Such as a file number or a state of organization."),
    "node_names": _("A map from the GUIDs of a fabric to the names of machines."),
    "cluster": _("Where it runs."),
    "covered": _(
        "Answer for each rule; unknown is an honest answer. What is left empty is unknown."
    ),
    "on": _("A day, such as 2026-11-24, or a moment: 2026-11-24T16:05:00-05:00."),
    "recorded": _("Leave it empty when the figures are stated."),
    "plan": _("How the planned parts are expected to go. Leave it empty when it is not known."),
}
_HINTS_OF: dict[tuple[str, str], Any] = {
    ("RunPart", "tokens"): _("Such as 15.6e12. Left out: as the part's log says."),
    ("MachineGroup", "fabric"): _("Links: CSV, ibnetdiscover, topology, SONiC."),
    ("ChipTime", "recorded"): _(
        "A scheduler's accounting, such as `sacct -P`, in place of the above."
    ),
    ("Capacity", "devices"): _("0 for a planned stop."),
    ("Covered", "why"): "",
}
SCHEMA_HINTS = (
    gettext_noop("files, or one folder of a store"),
    gettext_noop("left out: found from the content"),
    gettext_noop("whose work to take of it, as the files name it; left out: all"),
    gettext_noop("of moments that the files write without one; left out: UTC"),
    gettext_noop("left out: as the scheduler's records name it"),
    gettext_noop("hours that each device was in use"),
    gettext_noop("such as `sacct -P` output"),
    gettext_noop("left out: calibrated on this register's finished runs"),
    gettext_noop("relative, either way"),
    gettext_noop("what the figure includes and leaves out"),
    gettext_noop("the tracker's ledger, or what `declarant meter` wrote"),
    gettext_noop("groups that name one fabric are joined"),
    gettext_noop("since when, or from when"),
    gettext_noop("of machines that no inventory describes"),
    gettext_noop("by regime id"),
    gettext_noop("the model it is a modification of"),
    gettext_noop("left out: as the part's log says"),
    gettext_noop("what the trainer wrote of the part"),
    gettext_noop("the method that totals rely on"),
    gettext_noop(
        "on a calendar day, downtime included, with the devices of the first period; "
        "dates the planned parts that have no end"
    ),
    gettext_noop("by period, in order of days; the first number also stands for the time before"),
    gettext_noop("the model's config.json"),
    gettext_noop("a day, or a moment with its zone"),
    gettext_noop("path inside the register's folder"),
    gettext_noop("version of this schema"),
)


ITEMS: dict[str, tuple[Any, Any]] = {  # of each list: what one item is called, and adding one
    "parts": (_("Part"), _("Add a part")),
    "counts": (_("Way of counting"), _("Add a way of counting")),
    "groups": (_("Group"), _("Add a group")),
    "identifiers": (_("Identifier"), _("Add an identifier")),
    "devices": (_("Period"), _("Add a period")),
    "covered": (_("Rule"), ""),
}


def label(model: type[BaseModel], field: Field) -> Any:
    """Return what a field is called."""
    return _LABELS_OF.get((model.__name__, field.name)) or LABELS[field.name]


def hint(model: type[BaseModel], field: Field) -> str:
    """Return what is said of a field; empty when the label says it all."""
    place = (model.__name__, field.name)
    if place in _HINTS_OF:
        return str(_HINTS_OF[place])
    if field.name in _HINTS:
        return str(_HINTS[field.name])
    if not field.description:
        return ""
    said = gettext(field.description)
    return said[0].upper() + said[1:] + ("" if said.endswith(".") else ".")
