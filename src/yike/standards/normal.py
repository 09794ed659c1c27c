"""One form for all spellings of a business type: width, case, traditional characters, brackets."""

from __future__ import annotations

import unicodedata
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import read_toml

_DROPPED = str.maketrans("", "", " \t\r\n\u3000·•、,，。.;；:：-—_()（）[]【】「」“”\"'《》<>/\\|+&")


@cache
def _simplified() -> dict[int, str]:
    pairs = read_toml(DATA / "traditional.toml").need("pairs", str).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


def plain(text: str) -> str:
    """Half-width, lower-case, simplified, separators kept: ``ＫＴＶ（歌廳）`` -> ``ktv(歌厅)``."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified()).strip()


def bare(text: str) -> str:
    """``plain`` without blanks, brackets and punctuation, so that 便利店（24小时） meets 便利店24小时."""
    return plain(text).translate(_DROPPED)
