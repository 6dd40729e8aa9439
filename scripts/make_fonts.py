"""Make the fonts in src/declarant/filing/fonts from Noto, once; the results are committed.

    apt-get install fonts-noto-core fonts-noto-cjk      (Debian 12)
    python scripts/make_fonts.py [FOLDER that holds NotoSans-Regular.ttf and the others, somewhere]

- `DeclarantSans-Regular.ttf` and `-Bold.ttf` from Noto Sans 2.004: Latin with Vietnamese, Greek,
  Cyrillic, punctuation, superscripts, currency signs.
- `DeclarantSansCJK-Regular.otf` from the Traditional Chinese face of Noto Sans CJK 2.004: the
  repertoires of Big5 and GB 2312, every unified ideograph of the basic block (U+4E00 to U+9FFF:
  names use more than either), kana, bopomofo, CJK punctuation, arrows, mathematical signs.
  There is no bold weight of it: it would double the size of the package.

Subsets are modified versions, so they carry a name of their own. Licence: fonts/OFL.txt.
The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts")
TARGET = Path(__file__).parents[1] / "src" / "declarant" / "filing" / "fonts"
TRADITIONAL_CHINESE = "Noto Sans CJK TC"
FEATURES = ["ccmp", "kern", "mark", "mkmk"]  # no locl: other regions' glyphs double the size
WESTERN = (
    (0x0020, 0x007E),
    (0x00A0, 0x024F),
    (0x02B0, 0x036F),
    (0x0370, 0x04FF),
    (0x1E00, 0x1EFF),
    (0x2000, 0x20BF),
    (0x2100, 0x215F),
)
CHINESE = (
    (0x2150, 0x22FF),
    (0x2460, 0x27BF),
    (0x2E80, 0x2FDF),
    (0x3000, 0x312F),
    (0x31A0, 0x33FF),
    (0x4E00, 0x9FFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)


def repertoire(codec: str) -> set[int]:
    """Return the characters of a two-byte character set."""
    found: set[int] = set()
    for first in range(0x81, 0x100):
        for second in range(0x40, 0x100):
            try:
                text = bytes((first, second)).decode(codec)
            except UnicodeDecodeError:
                continue
            found.update(map(ord, text))
    return found


def characters(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """Return every code point of the ranges, ends included."""
    return {point for first, last in ranges for point in range(first, last + 1)}


def opened(name: str) -> TTFont:
    """Return the font of that file name, or the Traditional Chinese face of a collection."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    file = next(folder.rglob(name), None)
    if file is None:
        raise SystemExit(f"{name} is not below {folder}; install the packages named above")
    if file.suffix == ".ttf":
        return TTFont(file, recalcTimestamp=False)
    for font in TTCollection(file, lazy=True).fonts:
        if str(font["name"].getDebugName(4)).startswith(TRADITIONAL_CHINESE):
            font.recalcTimestamp = False
            return font
    raise SystemExit(f"{file} has no face {TRADITIONAL_CHINESE}")


def make(source: str, family: str, weight: str, points: set[int]) -> set[int]:
    """Write one subset under the name of this project; return the characters it has."""
    font = opened(source)
    suffix = "otf" if "CFF " in font else "ttf"
    options = subset.Options(
        layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"]
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    rename(font, family, weight, source)
    target = TARGET / f"{family.replace(' ', '')}-{weight}.{suffix}"
    font.save(target)
    covered = set(font.getBestCmap())
    print(f"{target.name}: {len(covered)} characters, {target.stat().st_size} bytes")
    return covered


def rename(font: TTFont, family: str, weight: str, source: str) -> None:
    """Give the font a name that is not the original's; copyright and licence stay."""
    names = font["name"]
    postscript = f"{family.replace(' ', '')}-{weight}"
    version = names.getDebugName(5)
    names.names = [name for name in names.names if name.nameID in (0, 9, 10, 13, 14)]
    for number, text in (
        (1, family),
        (2, weight),
        (3, f"{postscript}; subset of {source} {version}"),
        (4, f"{family} {weight}"),
        (5, version),
        (6, postscript),
    ):
        names.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        compact = font["CFF "].cff
        compact.fontNames = [postscript]
        compact.topDictIndex[0].FullName = f"{family} {weight}"
        compact.topDictIndex[0].FamilyName = family


if __name__ == "__main__":
    western = characters(WESTERN)
    had = make("NotoSans-Regular.ttf", "Declarant Sans", "Regular", western)
    make("NotoSans-Bold.ttf", "Declarant Sans", "Bold", western)
    chinese = characters(CHINESE) | repertoire("big5") | repertoire("gb2312")
    make("NotoSansCJK-Regular.ttc", "Declarant Sans CJK", "Regular", chinese - had)
