"""All papers of a project list into one folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from yike.reports.project_facts import ProjectFacts
from yike.reports.whole_file import write_whole

WORDS = {
    "projects.xlsx": "项目清单（可打印、签章、填报进度）",
    "projects.docx": "项目清单说明（公文版）",
    "projects.geojson": "项目点位图层",
    "projects.json": "项目清单数据",
    "projects_scenario.toml": "把项目都开起来的情景，供前后对比",
}
"""Files, and what people call them."""


def writers() -> dict[str, Callable[[ProjectFacts, Path], None]]:
    """File name -> writer; the office libraries load only when asked for."""
    from yike.reports.project_list.paper import write_docx
    from yike.reports.project_list.plain import write_geojson, write_json, write_scenario
    from yike.reports.project_list.sheet import write_xlsx

    return {
        "projects.xlsx": write_xlsx,
        "projects.docx": write_docx,
        "projects.geojson": write_geojson,
        "projects.json": write_json,
        "projects_scenario.toml": write_scenario,
    }


def write_projects(facts: ProjectFacts, folder: Path) -> dict[str, str]:
    """Write every paper; returns file name -> what it is. The same facts give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in writers().items():
        write_whole(folder / name, partial(write, facts))
    return dict(WORDS)
