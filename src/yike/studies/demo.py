"""The demonstration: the bundled real district and the made-up 义马, run and laid out with a first page."""

from __future__ import annotations

import html
from importlib.resources import files
from pathlib import Path
from typing import Any

from yike.sources.synth.city import make_city
from yike.studies.bundled import bundled_pack
from yike.studies.outputs import run_and_write
from yike.studies.study import Progress, StudySpec, silent

SEED = 7
FIRST_PAGE = "index.html"


def make_demo(out: Path, pack: Path | None = None, progress: Progress = silent) -> list[str]:
    """
    Run the demo packs (or one pack of the user's) and write a first page that links to all results.

    Parameters
    ----------
    out
        Folder; made if missing. Each pack gets ``packs/<name>`` and ``<name>``.
    pack
        A pack to show instead of the two bundled ones.

    Returns
    -------
    list of str
        One Chinese sentence per pack.
    """
    out.mkdir(parents=True, exist_ok=True)
    if pack is not None:
        shown = [("pack", pack)]
    else:
        shown = [
            ("helsinki", bundled_pack(out / "packs" / "helsinki")),
            ("yima", make_city("yima", SEED, out / "packs" / "yima", progress)),
        ]
    results = [(name, run_and_write(StudySpec(path), out / name, (), progress)) for name, path in shown]
    (out / FIRST_PAGE).write_text(first_page(results), "utf-8")
    return [summary["sentence"] for _, summary in results]


def first_page(results: list[tuple[str, dict[str, Any]]]) -> str:
    """A plain page that leads to every file of every run."""
    cards = "\n".join(_card(name, summary) for name, summary in results)
    page = (files("yike.studies") / "demo_page.html").read_text("utf-8")
    return page.replace("<!-- cards -->", cards)


def _card(name: str, summary: dict[str, Any]) -> str:
    rows = "\n".join(
        f'<li><a href="{name}/{file}">{html.escape(what)}</a><span>{file}</span></li>'
        for file, what in summary["files"].items()
        if file != "report.html"
    )
    return (
        f"<section><p>{html.escape(summary['sentence'])}</p>"
        f'<p><a class="main" href="{name}/report.html">打开交互报告</a></p><ul>{rows}</ul></section>'
    )
