"""Executed operations of a compiled step, on one device: the text of its HLO, walked.

XLA's own cost analysis counts the body of a loop once however often it turns, and a custom call
not at all (seen with jaxlib 0.10: a scan over 8 layers counts as one). The text names the number
of turns where the compiler found it (`known_trip_count`), and every custom call.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from declarant.compute.tracker.jax.kernels import (
    Spatial,
    convolution,
    factorisation,
    fused_attention,
    number_format,
    transform,
)
from declarant.compute.tracker.jax.program import RECOMPUTED
from declarant.compute.tracker.jax.work import Work, kernel, one_of, unknown, unknown_times
from declarant.compute.tracker.step_count import Bounds

_HEAD = re.compile(r"^(?P<entry>ENTRY )?%?(?P<name>[\w.\-]+) (?:\([^)]*.*\) -> .*)?\{\s*$")
_LINE = re.compile(r"^\s+(?:ROOT )?%?(?P<name>[\w.\-]+) = (?P<rest>.*)$")
_SHAPE = re.compile(r"(?P<type>[a-z][a-z0-9]*)\[(?P<dims>[\d,<=]*)\]")
_OPCODE = re.compile(r"(?:^|\s)(?P<opcode>[a-z][\w\-]*)\((?P<operands>[^()]*)\)")
_CALLED = re.compile(
    r"(?:calls|to_apply|called_computations)=\{?(?P<names>%?[\w.\-]+(?:, ?%?[\w.\-]+)*)"
)
_BRANCHES = re.compile(
    r"(?:branch_computations=\{(?P<all>[^}]*)\}|true_computation=%?(?P<yes>[\w.\-]+), "
    r"false_computation=%?(?P<no>[\w.\-]+))"
)
_TRIPS = re.compile(r'"known_trip_count":\{"n":"(?P<n>\d+)"\}')
_TARGET = re.compile(r'custom_call_target="(?P<target>[^"]*)"')
_OP_NAME = re.compile(r'op_name="(?P<name>[^"]*)"')
_LEFT = re.compile(r"lhs_contracting_dim(?:s=\{|ensions\":\[)(?P<dims>[\d,\" ]*)")

NO_ARITHMETIC = frozenset(
    [
        "Sharding",
        "SPMDFullToShardShape",
        "SPMDShardToFullShape",
        "annotate_device_placement",
        "MoveToHost",
        "MoveToDevice",
        "AllocateBuffer",
        "CreateBuffer",
        "Pin",
        "Unpin",
        "PartitionId",
        "LayoutConstraint",
        "TopK",
        "X64Combine",
        "X64SplitLow",
        "X64SplitHigh",
        "xla.sdy.FuncResultSharding",
        "AssumeGatherIndicesInBound",
        "__cub$DeviceRadixSort",
        "cu_threefry2x32_ffi",
        "__gpu$TopK",
        "inspect_sharding",
    ]
)
_DEBUG = ("debug_callback", "debug_print")
_GEMMS = ("__cublas$gemm", "__cublas$lt$matmul", "__onednn$matmul")


@dataclass(frozen=True, slots=True)
class _Shape:
    type: str
    dims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Instruction:
    shape: _Shape
    opcode: str
    operands: tuple[str, ...]
    text: str


def executed_of(hlo: str) -> Work:
    """Return what the entry of an HLO module does on one device."""
    return _Module(hlo).entry()


class _Module:
    def __init__(self, hlo: str) -> None:
        self._computations: dict[str, dict[str, _Instruction]] = {}
        self._known: dict[str, Work] = {}
        self._entry = ""
        current: dict[str, _Instruction] | None = None
        for line in hlo.splitlines():
            head = None if line.startswith(" ") else _HEAD.match(line)
            if head:
                current = self._computations.setdefault(head["name"], {})
                self._entry = head["name"] if head["entry"] else self._entry
            elif current is not None and (found := _LINE.match(line)):
                current[found["name"]] = _instruction(found["rest"])

    def entry(self) -> Work:
        if not self._entry:
            raise ValueError("the module has no entry")
        return self._computation(self._entry)

    def _computation(self, name: str) -> Work:
        if name not in self._known:
            self._known[name] = Work()  # against a circle, which no module has
            held = self._computations.get(name, {})
            whole = Work()
            for instruction in held.values():
                work = self._work(instruction, held)
                label = _OP_NAME.search(instruction.text)
                if label and RECOMPUTED in label["name"]:
                    work = work.again()
                whole = whole + work
            self._known[name] = whole
        return self._known[name]

    def _work(self, item: _Instruction, held: dict[str, _Instruction]) -> Work:
        shapes = [held[name].shape for name in item.operands if name in held]
        if item.opcode == "dot":
            return kernel("dot", _form(shapes), _product(item, shapes))
        if item.opcode == "convolution":
            return kernel("convolution", _form(shapes), _convolution(item, shapes))
        if item.opcode == "custom-call":
            return self._custom(item, shapes)
        if item.opcode in ("cholesky", "triangular-solve"):
            bounds = factorisation([shape.dims for shape in shapes])
            return unknown(item.opcode, bounds, "bounded by 30 n^3 of its greatest operand")
        if item.opcode == "fft":
            return unknown("fft", transform(shapes[0].dims if shapes else ()), "5 n log2 n")
        if item.opcode == "while":
            body = self._named(item.text, "body") + self._named(item.text, "condition")
            trips = _TRIPS.search(item.text)
            return body.times(int(trips["n"])) if trips else unknown_times("while", body)
        if item.opcode == "conditional" and (found := _BRANCHES.search(item.text)):
            names = found["all"].split(",") if found["all"] else [found["yes"], found["no"]]
            return one_of(self._computation(name.strip().lstrip("%")) for name in names)
        return self._called(item.text)

    def _named(self, text: str, role: str) -> Work:
        found = re.search(rf"\b{role}=%?([\w.\-]+)", text)
        return self._computation(found[1]) if found else Work()

    def _called(self, text: str) -> Work:
        whole = Work()
        for found in _CALLED.finditer(text):
            for name in found["names"].split(","):
                whole = whole + self._computation(name.strip().lstrip("%"))
        return whole

    def _custom(self, item: _Instruction, shapes: list[_Shape]) -> Work:
        found = _TARGET.search(item.text)
        target = found["target"] if found else "custom-call"
        label = _OP_NAME.search(item.text)
        if target in NO_ARITHMETIC or target.startswith("xla.sdy"):
            return Work()
        if label and any(part in label["name"] for part in _DEBUG):
            return Work()
        if target.startswith(_GEMMS) and _LEFT.search(item.text):
            return kernel("dot", _form(shapes), _product(item, shapes))
        if target.startswith("__cudnn$conv") and len(shapes) >= 2 and "dim_labels=" in item.text:
            return kernel("convolution", _form(shapes), _library_convolution(target, item, shapes))
        if target.startswith("__cudnn$fmha"):
            bounds = fused_attention(
                [shape.dims for shape in shapes], backward="Backward" in target
            )
            return unknown(target, bounds, "from the shapes of query and key, a mask not regarded")
        if target.startswith(("lapack_", "cusolver_", "hipsolver_", "cublas_", "magma_")):
            bounds = factorisation([shape.dims for shape in shapes])
            return unknown(target, bounds, "bounded by 30 n^3 of its greatest operand")
        called = self._called(item.text)
        if called.all.high != 0:
            return called
        return unknown(target, Bounds(0, None, None), "a kernel that cannot be looked into")


def _instruction(rest: str) -> _Instruction:
    shape = _SHAPE.search(rest)
    opcode = _OPCODE.search(_without_shapes(rest))
    operands = re.findall(r"%?([\w.\-]+)(?:,|$)", opcode["operands"]) if opcode else []
    return _Instruction(
        _shape(shape) if shape else _Shape("", ()),
        opcode["opcode"] if opcode else "",
        tuple(operands),
        rest,
    )


def _without_shapes(rest: str) -> str:
    """Take the type in front away: a tuple of shapes looks like a call."""
    if not rest.startswith("("):
        return rest
    depth = 0
    for place, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return rest[place + 1 :]
    return rest


def _shape(found: re.Match[str]) -> _Shape:
    dims = tuple(int(part.lstrip("<=")) for part in found["dims"].split(",") if part)
    return _Shape(found["type"], dims)


def _form(shapes: Sequence[_Shape]) -> str:
    return number_format(shapes[0].type) if shapes else "unknown"


def _product(item: _Instruction, shapes: list[_Shape]) -> int:
    found = _LEFT.search(item.text)
    axes = [int(part) for part in re.findall(r"\d+", found["dims"])] if found else []
    return 2 * math.prod(item.shape.dims) * math.prod(shapes[0].dims[axis] for axis in axes)


def _library_convolution(target: str, item: _Instruction, shapes: list[_Shape]) -> int:
    """Count a convolution handed to a library, whose gradients are written as the forward one."""
    first, second = shapes[:2]
    if "BackwardInput" in target:
        return _taps(item.text, item.shape, second, first)
    if "BackwardFilter" in target:
        return _taps(item.text, first, item.shape, second)
    return _taps(item.text, first, second, item.shape)


def _convolution(item: _Instruction, shapes: list[_Shape]) -> int:
    return _taps(item.text, shapes[0], shapes[1], item.shape)


def _taps(text: str, images: _Shape, filters: _Shape, results: _Shape) -> int:
    labels = re.search(r"dim_labels=(\w+)_(\w+)->(\w+)", text)
    window = re.search(r"window=\{([^}]*)\}", text)
    if not labels:
        raise ValueError("a convolution without dim_labels")
    fields = dict(part.split("=", 1) for part in window[1].split() if "=" in part) if window else {}
    inputs, kernels, outputs = labels[1], labels[2], labels[3]
    axes = [label for label in outputs if label.isdigit()]

    def of(name: str, axis: int, default: int) -> int:
        parts = fields[name].split("x") if name in fields else []
        return int(parts[axis].split("_")[0]) if axis < len(parts) else default

    spatial = [
        Spatial(
            images.dims[inputs.index(label)],
            filters.dims[kernels.index(label)],
            results.dims[outputs.index(label)],
            of("stride", int(label), 1),
            of("pad", int(label), 0),
            of("lhs_dilate", int(label), 1),
            of("rhs_dilate", int(label), 1),
        )
        for label in axes
    ]
    return convolution(
        results.dims[outputs.index("b")],
        results.dims[outputs.index("f")],
        filters.dims[kernels.index("i")],
        spatial,
    )
