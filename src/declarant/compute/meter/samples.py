"""Samples of every source in one table: one row a GPU and moment, in canonical units.

Columns: `gpu` (its identity), `host`, `model`, `part` (MIG profile, "" a whole GPU), `label`
(that names the run), `at` (ms since 1970), `tensor` (activity 0 to 1 at the run's number format),
`clock` (MHz, null unknown); with split pipes also `imma` (INT8) and `dfma` (FP64).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from declarant.compute.meter.engine import Engine
from declarant.compute.meter.fields import ACTIVITIES, Role, Unit, field
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part
from declarant.compute.meter.units import LEAST_HZ, MOST_HZ, MOST_MHZ, SLACK

COUNTERS = (Role.ACTIVE_CYCLES, Role.ELAPSED_CYCLES)


@dataclass(frozen=True, slots=True)
class Samples:
    """The table, whether it tells INT8 and FP64 pipes apart, and how often counters went back."""

    table: Any
    is_split: bool
    restarts: tuple[Any, ...] = ()


def samples(engine: Engine, parts: Sequence[Part], known: Known) -> Samples:
    """Return the samples of all parts."""
    import ibis

    is_split = any({Role.IMMA, Role.DFMA} & _roles(part) for part in parts)
    alike: dict[Any, list[Part]] = {}
    for part in parts:
        alike.setdefault(_kind(part), []).append(part)
    restarts: list[Any] = []
    tables = [_canonical(engine, group, known, is_split, restarts) for group in alike.values()]
    table = tables[0] if len(tables) == 1 else ibis.union(*tables)
    if restarts or any(part.layout.is_long for part in parts):
        table = engine.keep(table, "samples")  # worked out once, as it is read twice
    return Samples(table, is_split, tuple(restarts))


def _roles(part: Part) -> set[Role]:
    if not part.layout.is_long:
        return {held.role for held in part.layout.readings.values()}
    return {held.role for name in part.units if (held := field(name))}


def _kind(part: Part) -> Any:
    """Return what parts that may be read together have in common."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(part.path)
    columns = sorted({*part.layout.labels.values(), *part.layout.readings})
    return (
        tuple((name, str(schema.field(name).type)) for name in columns),
        tuple(sorted(part.layout.labels.items())),
        tuple(sorted(part.units.items())),
        part.time_unit,
        part.filled,
    )


def _canonical(
    engine: Engine, parts: list[Part], known: Known, is_split: bool, restarts: list[Any]
) -> Any:
    table = engine.read([part.path for part in parts])
    first = parts[0]
    roles = first.layout.labels
    text = _Text(table, roles, first.filled)
    columns = {
        "gpu": text.gpu(),
        "host": text(Role.HOST),
        "model": text.model(known.device),
        "part": text(Role.PROFILE),
        "label": text(Role(known.run_label)) if known.run_label else text.none,
        "at": _milliseconds(table[roles[Role.TIME]], first.time_unit),
    }
    if first.layout.is_long:
        made = table.select(
            **columns,
            metric=table[roles[Role.METRIC]],
            value=table[roles[Role.VALUE]].cast("float64"),
        )
        made = _pivoted(made, first.units)
        readings = {role: made[role.value] for role in (*ACTIVITIES, Role.CLOCK, *COUNTERS)}
        columns = {name: made[name] for name in columns}
    else:
        made = table
        readings = _readings(table, first)
    if COUNTERS[0] in readings and COUNTERS[1] in readings:
        made, readings = _with_rate(made, columns, readings)
        restarts.append(_restarts(made))
        columns = {name: made[name] for name in columns}
    return _activities(made, columns, readings, is_split)


def _readings(table: Any, part: Part) -> dict[Role, Any]:
    """Return each reading in its canonical unit, null where none; names of one role merged."""
    found: dict[Role, Any] = {}
    for name, held in part.layout.readings.items():
        value = table[name].cast("float64")
        value = _scaled(value, held.role, part.units.get(name))
        found[held.role] = found[held.role].fill_null(value) if held.role in found else value
    return found


def _scaled(value: Any, role: Role, unit: Unit | None) -> Any:
    """Return a reading in its canonical unit; null where the rules say that it is none.

    NaN is asked for by name: an engine that trusts the statistics of a Parquet file, which leave
    NaN out, takes a comparison with the greatest value there for always true.
    """
    is_number = ~value.isnan()
    if role is Role.CLOCK:
        mhz = (value >= LEAST_HZ).ifelse(value / 1e6, value)
        is_one = ((value >= 0) & (value <= MOST_MHZ)) | (
            (value >= LEAST_HZ) & (value <= float(MOST_HZ))
        )
        return (is_number & is_one).ifelse(mhz, None)
    if role in COUNTERS:
        return (is_number & (value >= 0) & (value < float(1 << 62))).ifelse(value, None)
    share = value / 100.0 if unit is Unit.PERCENT else value
    return (is_number & (share >= 0.0) & (share <= SLACK)).ifelse(share, None)


def _pivoted(table: Any, units: Mapping[str, Unit]) -> Any:
    """Return one row a GPU and moment of rows that hold one reading each."""
    from declarant.compute.meter.fields import FIELDS

    keys = ["gpu", "host", "model", "part", "label", "at"]
    metric = table.metric.lower()
    known_units = {name.lower(): unit for name, unit in units.items()}
    readings: dict[str, Any] = {}
    for role in (*ACTIVITIES, Role.CLOCK, *COUNTERS):
        value = None
        for name, held in FIELDS.items():
            if held.role is not role or (role in ACTIVITIES and name not in known_units):
                continue
            one = _scaled((metric == name).ifelse(table.value, None), role, known_units.get(name))
            value = one if value is None else value.fill_null(one)
        readings[role.value] = _nothing() if value is None else value
    wide = table.mutate(**readings)
    return wide.group_by(keys).aggregate(**{name: wide[name].max() for name in readings})


def _nothing() -> Any:
    import ibis

    return ibis.null().cast("float64")


def _with_rate(made: Any, columns: dict[str, Any], readings: dict[Role, Any]) -> Any:
    """Return the table with the activity between counters' readings, null where they restarted."""
    import ibis

    active, elapsed = (readings[role] for role in COUNTERS)
    named = made.select(
        **columns,
        **{role.value: value for role, value in readings.items() if role not in COUNTERS},
        active_cycles=active,
        elapsed_cycles=elapsed,
    )
    window = ibis.window(group_by="gpu", order_by=["at", "elapsed_cycles", "active_cycles"])
    worked = named.active_cycles.lead().over(window) - named.active_cycles
    passed = named.elapsed_cycles.lead().over(window) - named.elapsed_cycles
    counted = named.mutate(worked=worked, passed=passed)
    share = counted.worked / counted.passed
    good = (counted.worked >= 0) & (counted.passed > 0) & (share <= SLACK)
    rate = good.ifelse(share, None)
    found = {role: counted[role.value] for role in readings if role not in COUNTERS}
    tensor = found.get(Role.TENSOR)
    found[Role.TENSOR] = rate if tensor is None else tensor.fill_null(rate)
    return counted, found


def _restarts(counted: Any) -> Any:
    """Return how often a counter went back."""
    back = (counted.worked < 0) | (counted.passed < 0)
    return counted.aggregate(restarts=back.fill_null(False).cast("int64").sum())


def _activities(made: Any, columns: dict[str, Any], readings: dict[Role, Any], split: bool) -> Any:
    """Return rows that are samples: what no pipe of its own tells is at the run's format."""
    import ibis

    nothing = _nothing()
    any_pipe = readings.get(Role.TENSOR, nothing)
    half = readings.get(Role.HMMA)
    clock = readings.get(Role.CLOCK, nothing)
    if not split:
        tensor = (
            any_pipe
            if half is None
            else ibis.greatest(any_pipe.fill_null(0.0), half.fill_null(0.0))
        )
        present = any_pipe.notnull() if half is None else any_pipe.notnull() | half.notnull()
        return made.filter(present).select(**columns, tensor=ibis.least(tensor, 1.0), clock=clock)
    imma = readings.get(Role.IMMA, nothing)
    dfma = readings.get(Role.DFMA, nothing)
    half = nothing if half is None else half
    named = made.select(**columns, any=any_pipe, half=half, imma=imma, dfma=dfma, clock=clock)
    present = named.filter(
        named["any"].notnull() | named.half.notnull() | named.imma.notnull() | named.dfma.notnull()
    )
    whole, eights = ibis.least(present.imma.fill_null(0.0), 1.0), present.dfma.fill_null(0.0)
    eights = ibis.least(eights, 1.0)
    rest = ibis.greatest(
        present["any"].fill_null(0.0) - whole - eights, present.half.fill_null(0.0), 0.0
    )
    return present.select(
        *columns, tensor=ibis.least(rest, 1.0), clock=present.clock, imma=whole, dfma=eights
    )


def _milliseconds(column: Any, unit: str) -> Any:
    kind = column.type()
    if kind.is_timestamp():
        return column.epoch_seconds().cast("int64") * 1000 + column.millisecond().cast("int64")
    if unit == "ms":
        return column.cast("int64") if kind.is_integer() else (column + 0.5).floor().cast("int64")
    if unit == "s" and kind.is_integer():
        return column.cast("int64") * 1000
    scale = {"s": 1e3, "us": 1e-3, "ns": 1e-6}[unit]
    return (column.cast("float64") * scale + 0.5).floor().cast("int64")


class _Text:
    """Labels as text, "" where they are absent."""

    def __init__(self, table: Any, roles: Mapping[Role, str], filled: frozenset[str]) -> None:
        import ibis

        self._table = table
        self._roles = roles
        self._filled = filled
        self.none = ibis.literal("")

    def __call__(self, role: Role) -> Any:
        name = self._roles.get(role)
        if name is None:
            return self.none
        column = self._table[name]
        if not column.type().is_string():
            column = column.cast("string")
        return column if name in self._filled else column.fill_null("")

    def gpu(self) -> Any:
        slot = self(Role.HOST) + "/" + self(Role.INDEX)
        key = slot
        if Role.UUID in self._roles:
            uuid = self(Role.UUID)
            key = (
                uuid if self._roles[Role.UUID] in self._filled else (uuid != "").ifelse(uuid, slot)
            )
        if Role.INSTANCE in self._roles:
            instance = self(Role.INSTANCE)
            key = (instance == "").ifelse(key, key + "/" + instance)
        return key

    def model(self, otherwise: str | None) -> Any:
        import ibis

        held = self(Role.MODEL)
        if otherwise is None or self._roles.get(Role.MODEL) in self._filled:
            return held
        if Role.MODEL not in self._roles:
            return ibis.literal(otherwise)
        return (held == "").ifelse(otherwise, held)
