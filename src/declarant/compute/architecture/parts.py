"""What any of these models is made of: linear maps, attention cores and look-up tables, in blocks.

Every kind of attention and feed-forward says itself in these three pieces, so that parameters and
operations are each counted in one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from declarant.compute.architecture.terms import Term
from declarant.problems import Finding


class Stream(StrEnum):
    """The positions that a piece of the model is applied to."""

    MAIN = "main"  # each position of the only sequence, or of the decoder
    ENCODER = "encoder"  # each position of the encoder's sequence
    SEQUENCE = "sequence"  # once for a whole sequence (an image)


@dataclass(frozen=True, slots=True)
class Map:
    """A linear map: a weight matrix of shape (inputs, outputs), with a bias of (outputs,) or none.

    Attributes:
        term: the term its operations are counted under.
        inputs: width it reads.
        outputs: width it writes.
        bias: whether it adds a bias.
        held: how many such matrices the model holds here (experts, gate and up together).
        used: how many of them one position passes through.
        stream: the positions it is applied to.
        shared: its weights are counted elsewhere (an output head tied to the embedding).
    """

    term: Term
    inputs: int
    outputs: int
    bias: bool = False
    held: int = 1
    used: int = 1
    stream: Stream = Stream.MAIN
    shared: bool = False

    @property
    def parameters(self) -> int:
        """Weights and biases that the model holds for this map."""
        return 0 if self.shared else self.held * self._one

    @property
    def active_parameters(self) -> int:
        """Weights and biases that one position passes through."""
        return 0 if self.shared else self.used * self._one

    @property
    def operations(self) -> int:
        """Forward operations for one position: a multiplication and an addition for each weight."""
        return 2 * self.used * self.inputs * self.outputs

    @property
    def _one(self) -> int:
        return self.inputs * self.outputs + (self.outputs if self.bias else 0)


@dataclass(frozen=True, slots=True)
class Core:
    """The attention core: queries times keys, and their weights times values. Holds no parameters.

    Attributes:
        term: the term its operations are counted under.
        heads: query heads; sharing keys and values among them saves memory, not operations.
        key_size: width of a query and a key in one head.
        value_size: width of a value in one head.
        causal: whether a position sees itself and earlier ones only.
        window: how many positions a query sees at most, itself included; None for all.
        queries: the stream queries come from.
        keys: the stream keys and values come from.
    """

    term: Term
    heads: int
    key_size: int
    value_size: int
    causal: bool = True
    window: int | None = None
    queries: Stream = Stream.MAIN
    keys: Stream = Stream.MAIN

    @property
    def operations(self) -> int:
        """Forward operations for one query and one key, over all heads."""
        return 2 * self.heads * (self.key_size + self.value_size)


@dataclass(frozen=True, slots=True)
class Table:
    """A look-up table of `rows` vectors of width `width`: parameters without operations.

    `is_output_head` is True where the output head reads the same weights (tied embedding).
    """

    rows: int
    width: int
    is_output_head: bool = False

    @property
    def parameters(self) -> int:
        """Weights in the table."""
        return self.rows * self.width


@dataclass(frozen=True, slots=True)
class Block:
    """`count` equal layers, or (count 1) what stands before and after the layers.

    `vectors` counts the parameters of one layer that no matrix holds (norms). A block that is
    `training_only` is run in training and left out of the model that is kept.
    """

    name: str
    count: int
    maps: tuple[Map, ...]
    cores: tuple[Core, ...] = ()
    tables: tuple[Table, ...] = ()
    vectors: int = 0
    is_layer: bool = True
    training_only: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a configuration says of sequence lengths, in tokens, and under which key.

    `trained` is the length before a context extension where that is told apart, else the longest.
    """

    trained: int | None = None
    trained_key: str = ""
    longest: int | None = None
    longest_key: str = ""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A model, told without the words of any family.

    Attributes:
        family: the configuration's own name for its family (`llama`).
        blocks: all parts, in the order a token passes them.
        hidden: width of the residual stream.
        context: sequence lengths the configuration names.
        file: the configuration, as messages name it.
        sha256: of the file's bytes (hex); empty when it was not read from a file.
        look_up_is_active: whether the makers of the family count the input embedding among the
            active parameters, of which a token reads one row.
        whole_sequences: every sequence has the same length and is never packed (images).
        findings: what was assumed or left out in reading it.
    """

    family: str
    blocks: tuple[Block, ...]
    hidden: int
    context: Context = field(default_factory=Context)
    file: str = "config.json"
    sha256: str = ""
    look_up_is_active: bool = True
    whole_sequences: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def has_encoder(self) -> bool:
        """Whether it has an encoder beside the decoder."""
        return any(part.stream is Stream.ENCODER for block in self.blocks for part in block.maps)
