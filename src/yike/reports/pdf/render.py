"""Turn a template and plain data into a PDF, or into PNG pages for previews."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from yike.errors import StudyError
from yike.reports.brand.tokens import load_tokens, mark_svg

MAIN = "main.typ"  # the name that the compiler starts from
PAPER = "paper.typ"
BESIDE = (".typ", ".svg", ".png")  # files of a template's folder that it may use
KEPT_CONTROLS = "\n\t"


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """
    Compile a template to PDF.

    Parameters
    ----------
    template
        Path under ``yike/reports``, such as ``"vendor_poster/poster.typ"``. Pictures and templates beside it
        can be used by their file names, what all papers share by ``/paper.typ``.
    data
        What ``json`` can write; the template reads it as ``#import "/paper.typ": data``. NaN is refused:
        say 未知 in words. Nothing else reaches the paper: neither the clock nor fonts of the system.

    Returns
    -------
    bytes
        The same for the same template, data and libraries. There is no creation date.

    Raises
    ------
    StudyError
        ``pdf.template``: there is no such template; ``pdf.compile``: it does not fit the data.
    """
    (whole,) = _compile(template, data, format="pdf")
    return whole


def render_png(template: str, data: Mapping[str, Any], *, ppi: float = 72.0) -> list[bytes]:
    """
    Compile a template to one PNG a page, to look at and for tests.

    Parameters
    ----------
    ppi
        Pixels per inch; 72 makes A4 595 pixels wide.

    Raises
    ------
    StudyError
        As ``render_pdf``.
    """
    return _compile(template, data, format="png", ppi=ppi)


def _compile(template: str, data: Mapping[str, Any], **options: Any) -> list[bytes]:
    told = json.dumps(
        {"data": _printable(data), "colour": load_tokens()["colour"], "mark": mark_svg()},
        ensure_ascii=False,
        allow_nan=False,
    )
    try:
        made = typst.compile(
            _sources(template),
            font_paths=_fonts(),
            sys_inputs={"given": told},
            **options,
        )
    except typst.TypstError as wrong:
        raise StudyError("pdf.compile", template=template, found=str(wrong)) from wrong
    return list(made) if isinstance(made, list) else [made]


def _sources(template: str) -> dict[str, bytes]:
    """The template as the main file, what lies beside it, and what all papers share."""
    folder, _, name = template.rpartition("/")
    home: Traversable = files("yike.reports")
    for part in folder.split("/"):
        home = home / part
    if not (home / name).is_file():
        raise StudyError("pdf.template", found=template)
    sources = {
        f.name: f.read_bytes()
        for f in sorted(home.iterdir(), key=lambda f: f.name)
        if f.name.endswith(BESIDE)
    }
    sources[PAPER] = (files("yike.reports.pdf") / PAPER).read_bytes()
    sources[MAIN] = sources.pop(name)
    return sources


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans SC and Noto Serif SC of the package, Typst's own for signs they lack; none of the system."""
    home = str(files(pylopdf_fonts_zh_cn))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[home])


def _printable(value: Any) -> Any:
    """The data without control characters, which are nothing to print and which PDF readers choke on."""
    if isinstance(value, str):
        return "".join(c for c in value if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    if isinstance(value, Mapping):
        return {str(k): _printable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(v) for v in value]
    return value
