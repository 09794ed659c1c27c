"""Why a TOML file cannot be read, in words that a clerk can act on."""

from __future__ import annotations

import re
import tomllib

_PLACE = re.compile(r"at line (\d+), column (\d+)")


def why_unreadable(error: OSError | UnicodeDecodeError | tomllib.TOMLDecodeError) -> str:
    """What stopped the reading, in Chinese; the place as the parser tells it."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹，不是文件"
    if isinstance(error, PermissionError):
        return "没有读取的权限"
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码（多半是 GBK），请用记事本另存为 UTF-8"
    if isinstance(error, tomllib.TOMLDecodeError):
        place = _PLACE.search(str(error))
        where = f"第 {place[1]} 行第 {place[2]} 个字" if place else "文件末尾"
        return f"{where}写法不对（{re.sub(r' *[(]at .*', '', str(error))}）"
    return str(error)[:200]
