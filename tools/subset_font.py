"""
Reduce Noto Sans CJK SC to the characters that map pictures need.

Needs fontTools and Debian's ``fonts-noto-cjk``; run once by hand, its result is in the project:
``python tools/subset_font.py FONT.ttc src/yike/reports/fonts/NotoSansSC-subset.otf``.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

SIGNS = "㎡²³°–—…●◐○▨⏸◔≤≥±×÷·①②③④⑤⑥⑦⑧⑨⑩〔〕☑□√"


def wanted() -> set[str]:
    """Collect GB 2312, Latin letters and a few signs."""
    chars = set(map(chr, range(0x20, 0x17F))) | set(SIGNS)
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                chars.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return chars


def main() -> None:
    """Read the collection, keep the simplified Chinese face, drop the rest."""
    faces = TTCollection(sys.argv[1]).fonts
    face = next(f for f in faces if f["name"].getDebugName(4) == "Noto Sans CJK SC")
    options = subset.Options()
    options.layout_features, options.hinting = [], False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in wanted()])
    cutter.subset(face)
    face.save(sys.argv[2])


if __name__ == "__main__":
    main()
