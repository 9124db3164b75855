"""Make the subset font that netgraph ships: Chinese labels on machines without a Chinese font.

For maintainers only (``pip install .[maintain]``). Takes Noto Sans CJK SC (SIL Open Font License
1.1, Debian package fonts-noto-cjk) and keeps the characters of GB 2312, Latin-1, punctuation, the
symbols of the maps and the place-name characters that GB 2312 lacks. The family is renamed, so
that it never shadows an installed Noto.

    python tools/make_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "netgraph Sans SC"
SOURCE_FAMILY = "Noto Sans CJK SC"
OUTPUT = Path(__file__).parents[1] / "netgraph" / "report" / "fonts" / "netgraph-sans-sc.otf"
FACES = 10  # a .ttc holds SC, TC, HK, JP and KR, each also monospaced

# Characters met in names of places, shops and people that GB 2312 lacks.
NAMES = "鄠浉猇硚埇瀍滘塱埗旸筼垟堽峃鄌郪礐塆嵖潩栟洣漷碶湴霅喆堃祎瑄玥珺昇翀曈瑀镕"
SYMBOLS = "−–—·•↔▼✓㎡€"
UNUSED_TABLES = ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]  # vertical text and features


def gb2312() -> str:
    """Return every character of GB 2312, row by row."""
    characters = []
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                characters.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:  # an empty cell of the standard
                continue
    return "".join(characters)


def find_face(source: Path) -> TTFont:
    """Open the simplified Chinese face of a collection (or the font itself)."""
    if source.suffix.lower() != ".ttc":
        return TTFont(source, recalcTimestamp=False)
    for number in range(FACES):
        face = TTFont(source, fontNumber=number, recalcTimestamp=False)
        if face["name"].getDebugName(1) == SOURCE_FAMILY:
            return face
    message = f"{source} holds no face {SOURCE_FAMILY}"
    raise SystemExit(message)


def rename(font: TTFont) -> None:
    """Give the subset its own family; keep the copyright, licence and trademark entries."""
    names = {1: FAMILY, 2: "Regular", 3: f"{FAMILY} 1.0", 4: FAMILY, 6: "netgraphSansSC-Regular"}
    table = font["name"]
    for identifier in (*names, 16, 17, 21, 22):
        table.removeNames(nameID=identifier)
    for identifier, text in names.items():
        table.setName(text, identifier, 3, 1, 0x409)
    font["CFF "].cff.fontNames[0] = names[6]
    top = font["CFF "].cff.topDictIndex[0]
    top.FullName, top.FamilyName = FAMILY, FAMILY


def main(source: Path) -> None:
    """Write the subset beside its licence and print its size."""
    font = find_face(source)
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += UNUSED_TABLES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    latin = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    cutter.populate(text=gb2312() + latin + NAMES + SYMBOLS)
    cutter.subset(font)
    rename(font)
    font.save(OUTPUT)
    kept = len(font.getBestCmap())
    sys.stdout.write(f"{OUTPUT}: {kept} characters, {OUTPUT.stat().st_size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
