"""Number formats of matrix arithmetic, and the classes in which readings of the law name them."""

from __future__ import annotations

from enum import StrEnum


class NumberFormat(StrEnum):
    """A format for which makers publish a dense matrix rate."""

    FP64 = "fp64"
    TF32 = "tf32"
    FP16 = "fp16"  # BF16 as well: every device in the catalogue runs both at one rate, or says so
    FP8 = "fp8"
    INT8 = "int8"
    FP6 = "fp6"
    FP4 = "fp4"


WRITTEN: dict[str, NumberFormat] = {item.value: item for item in NumberFormat} | {
    "bf16": NumberFormat.FP16,
    "bfloat16": NumberFormat.FP16,
    "float16": NumberFormat.FP16,
    "mxfp8": NumberFormat.FP8,
    "mxfp4": NumberFormat.FP4,
    "nvfp4": NumberFormat.FP4,
}
"""Formats by the names that trainers and people write."""


class FormatClass(StrEnum):
    """What a reading may mean by "operations": any format, or those of one width."""

    HIGHEST = "highest"
    BITS_64 = "64-bit"
    TF32 = "tf32"
    BITS_16 = "16-bit"
    BITS_8 = "8-bit"
    BITS_6 = "6-bit"
    BITS_4 = "4-bit"

    @property
    def formats(self) -> tuple[NumberFormat, ...]:
        """The formats of this class; integer formats count like floating-point ones.

        89 FR 73612 speaks of "integer or floating-point operations".
        """
        return _FORMATS[self]

    @classmethod
    def of(cls, number_format: NumberFormat) -> FormatClass:
        """Return the class of one width that holds a format."""
        return next(
            item for item in cls if item is not cls.HIGHEST and number_format in item.formats
        )


HIGHEST = FormatClass.HIGHEST

_FORMATS: dict[FormatClass, tuple[NumberFormat, ...]] = {
    FormatClass.HIGHEST: tuple(NumberFormat),
    FormatClass.BITS_64: (NumberFormat.FP64,),
    FormatClass.TF32: (NumberFormat.TF32,),
    FormatClass.BITS_16: (NumberFormat.FP16,),
    FormatClass.BITS_8: (NumberFormat.FP8, NumberFormat.INT8),
    FormatClass.BITS_6: (NumberFormat.FP6,),
    FormatClass.BITS_4: (NumberFormat.FP4,),
}
