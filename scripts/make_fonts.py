"""Make the fonts in src/declarant/filing/fonts from Noto Sans CJK, once; the results are committed.

    apt-get install fonts-noto-cjk            (Debian 12, version 1:20220127+repack1-1)
    python scripts/make_fonts.py [FOLDER with NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc]

From the Traditional Chinese face of the collections (version 2.004):
- `DeclarantSans-Regular.otf` and `-Bold.otf`: Latin with Vietnamese, Greek, Cyrillic, punctuation,
  arrows, mathematical signs.
- `DeclarantSansCJK-Regular.otf`: the repertoires of Big5 and GB 2312, every unified ideograph of
  the basic block (U+4E00 to U+9FFF: names use more than either), kana, bopomofo, CJK punctuation.
  There is no bold weight of it: it would double the size of the package.

Subsets are modified versions, so they carry a name of their own. Licence: fonts/OFL.txt.
The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = Path(__file__).parents[1] / "src" / "declarant" / "filing" / "fonts"
TRADITIONAL_CHINESE = "Noto Sans CJK TC"
FEATURES = ["ccmp", "kern", "mark", "mkmk"]  # no locl: other regions' glyphs double the size
WESTERN = (
    (0x0020, 0x007E),
    (0x00A0, 0x024F),
    (0x02B0, 0x036F),
    (0x0370, 0x04FF),
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),
    (0x2070, 0x20BF),
    (0x2100, 0x22FF),
    (0x2500, 0x27BF),
)
CHINESE = (
    (0x2460, 0x24FF),
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


def characters(*ranges: tuple[int, int]) -> set[int]:
    """Return every code point of the ranges, ends included."""
    return {point for first, last in ranges for point in range(first, last + 1)}


def face(file: Path) -> TTFont:
    """Return the Traditional Chinese face of a collection."""
    for font in TTCollection(file, lazy=True).fonts:
        if str(font["name"].getDebugName(4)).startswith(TRADITIONAL_CHINESE):
            font.recalcTimestamp = False
            return font
    raise SystemExit(f"{file} has no face {TRADITIONAL_CHINESE}")


def make(collection: str, family: str, weight: str, points: set[int]) -> None:
    """Write one subset under the name of this project."""
    font = face((Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE) / collection)
    options = subset.Options(
        layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"]
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    rename(font, family, weight)
    target = TARGET / f"{family.replace(' ', '')}-{weight}.otf"
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")


def rename(font: TTFont, family: str, weight: str) -> None:
    """Give the font a name that is not the original's; copyright and licence stay."""
    names = font["name"]
    postscript = f"{family.replace(' ', '')}-{weight}"
    source = names.getDebugName(5)
    names.names = [name for name in names.names if name.nameID in (0, 9, 10, 13, 14)]
    for number, text in (
        (1, family),
        (2, weight),
        (3, f"{postscript}; subset of Noto Sans CJK TC {source}"),
        (4, f"{family} {weight}"),
        (5, source),
        (6, postscript),
    ):
        names.setName(text, number, 3, 1, 0x409)
    compact = font["CFF "].cff
    compact.fontNames = [postscript]
    compact.topDictIndex[0].FullName = f"{family} {weight}"
    compact.topDictIndex[0].FamilyName = family


if __name__ == "__main__":
    western = characters(*WESTERN)
    chinese = characters(*CHINESE) | repertoire("big5") | repertoire("gb2312")
    make("NotoSansCJK-Regular.ttc", "Declarant Sans", "Regular", western)
    make("NotoSansCJK-Bold.ttc", "Declarant Sans", "Bold", western)
    make("NotoSansCJK-Regular.ttc", "Declarant Sans CJK", "Regular", chinese - western)
