"""The keys of a configuration, read with their types; what is assumed is said, never silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from declarant.problems import BadInput, Finding, Place, Severity, bad_input

LARGEST = 10**12
"""No width, count or length of a model comes near; what is larger is an error or an attack."""
MOST_LAYERS = 100_000


class Keys:
    """Reads typed values from a configuration and collects what had to be assumed.

    Attributes:
        data: the configuration's object.
        file: as messages name it.
        findings: one for each value that the configuration leaves to its family's custom.
    """

    def __init__(self, data: Mapping[str, Any], file: str) -> None:
        self.data = data
        self.file = file
        self.findings: list[Finding] = []

    def has(self, key: str) -> bool:
        """Return whether the key stands there with a value."""
        return self.data.get(key) is not None

    def whole(self, *keys: str) -> int:
        """Return a whole number of at least 1 under the first of `keys` that is there.

        Raises:
            BadInput: when none is there, or the value is no such number.
        """
        found = self.optional(*keys)
        if found is None:
            raise self.missing(keys[0])
        return found

    def optional(self, *keys: str) -> int | None:
        """Return a whole number of at least 1, or None when the keys are absent or null."""
        key = next((key for key in keys if self.has(key)), None)
        if key is None:
            return None
        value = self.data[key]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST:
            raise bad_input(
                "configuration.value",
                f"{key!r} is {_shown(value)}, which is no whole number from 1 to {LARGEST}.",
                mend="Take the model's own config.json.",
                file=self.file,
                field=key,
            )
        return value

    def count(self, key: str) -> int:
        """Return a whole number that may be 0; 0 when the key is absent or null.

        Raises:
            BadInput: when the value is no such number.
        """
        zero = self.data.get(key) == 0 and not isinstance(self.data[key], bool)
        return 0 if zero else self.optional(key) or 0

    def layers(self, *keys: str) -> int:
        """Return a number of layers.

        Raises:
            BadInput: when none of `keys` is there, or no model has as many layers.
        """
        count = self.whole(*keys)
        if count > MOST_LAYERS:
            key = next(key for key in keys if self.has(key))
            raise bad_input(
                "configuration.value",
                f"{key!r} is {count}, more layers than any model has.",
                mend="Take the model's own config.json.",
                file=self.file,
                field=key,
            )
        return count

    def whole_or(self, key: str, assumed: int, because: str) -> int:
        """Return a whole number, or `assumed` with a note why."""
        found = self.optional(key)
        return int(self._assumed(key, assumed, because)) if found is None else found

    def flag_or(self, key: str, assumed: bool, because: str = "as the family has it") -> bool:
        """Return true or false, or `assumed` with a note why.

        Raises:
            BadInput: when the value is neither.
        """
        if not self.has(key):
            return bool(self._assumed(key, assumed, because))
        if not isinstance(self.data[key], bool):
            raise bad_input(
                "configuration.value",
                f"{key!r} is neither true nor false.",
                mend="Take the model's own config.json.",
                file=self.file,
                field=key,
            )
        return bool(self.data[key])

    def text(self, key: str) -> str:
        """Return text, or "" when the key is absent or holds something else."""
        value = self.data.get(key)
        return value if isinstance(value, str) else ""

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of words, or () when the key is absent or holds something else."""
        value = self.data.get(key)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        return ()

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers, or () when the key is absent or null.

        Raises:
            BadInput: when it holds something else.
        """
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            raise bad_input(
                "configuration.value",
                f"{key!r} is no list of whole numbers.",
                mend="Take the model's own config.json.",
                file=self.file,
                field=key,
            )
        return tuple(value)

    def note(self, code: str, what: str, mend: str = "", *, warn: bool = False) -> None:
        """Add a finding about this configuration."""
        severity = Severity.WARNING if warn else Severity.NOTE
        self.findings.append(
            Finding(f"configuration.{code}", what, Place(self.file), mend, severity)
        )

    def missing(self, key: str) -> BadInput:
        """Return the report that a key the family needs is not there."""
        return bad_input(
            "configuration.missing_key",
            f"the key {key!r} is missing.",
            mend="Take the complete config.json of the model; nothing is assumed for it.",
            file=self.file,
            field=key,
        )

    def _assumed(self, key: str, assumed: Any, because: str) -> Any:
        self.note("assumed", f"{key!r} is not given; taken as {assumed}, {because}.")
        return assumed


def _shown(value: object) -> str:
    if isinstance(value, int) and abs(value) > LARGEST:  # may have more digits than can be printed
        return "a number beyond all bounds"
    return ascii(str(value)[:40])
