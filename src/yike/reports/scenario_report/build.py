"""The three files of a comparison in one call."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from yike.reports.scenario_facts import ScenarioFacts
from yike.reports.scenario_report.page import write_page
from yike.reports.scenario_report.record import write_record
from yike.reports.scenario_report.workbook import write_workbook
from yike.reports.whole_file import write_whole

FILES = {
    "compare.html": "前后对比（单个文件，可离线打开）",
    "compare.xlsx": "前后对比表格",
    "compare.json": "前后对比数据",
}


def write_comparison(facts: ScenarioFacts, folder: Path) -> list[Path]:
    """
    Write ``compare.html``, ``compare.xlsx`` and ``compare.json`` into a folder, made where it is missing.

    The same facts give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers = {"compare.html": write_page, "compare.xlsx": write_workbook, "compare.json": write_record}
    for name, write in writers.items():
        write_whole(folder / name, partial(write, facts))
    return [folder / name for name in writers]
