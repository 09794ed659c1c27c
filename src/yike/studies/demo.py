"""The demonstration: the bundled real district and the made-up 义马, run and laid out with a first page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from yike.core.tables import GapState
from yike.sources.synth.city import make_city
from yike.studies.base import Base
from yike.studies.bundled import bundled_pack
from yike.studies.outputs import run_and_write
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch

SEED = 7
FIRST_PAGE = "index.html"
INVENTED = "【虚构数据】"


def make_demo(out: Path, pack: Path | None = None, progress: Progress = silent) -> list[str]:
    """
    Run the demo packs (or one pack of the user's) and write a first page that links to all results.

    Returns
    -------
    list of str
        One Chinese sentence per pack and step.
    """
    return [line for run in run_demo(out, pack, progress) for line in run.sentences]


def run_demo(out: Path, pack: Path | None = None, progress: Progress = silent) -> list[DemoRun]:
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
    list of DemoRun
        What was run, in the order of the page.
    """
    out.mkdir(parents=True, exist_ok=True)
    if pack is not None:
        shown = [("pack", pack)]
    else:
        shown = [
            ("helsinki", bundled_pack(out / "packs" / "helsinki")),
            ("yima", make_city("yima", SEED, out / "packs" / "yima", progress)),
        ]
    runs = []
    for name, path in shown:
        summary = run_and_write(StudySpec(path), out / name, (), progress)
        runs.append(DemoRun(name, path, out / name, summary, further_steps(path, out / name, progress)))
    page = first_page([(run.name, run.summary, run.steps) for run in runs])
    (out / FIRST_PAGE).write_text(page, "utf-8")
    return runs


@dataclass(frozen=True)
class Step:
    """What came after the report: a sentence, its parts as a list, files (the first is the one to open)."""

    title: str
    said: str
    parts: list[str]
    files: dict[str, str]


@dataclass(frozen=True)
class DemoRun:
    """One pack with its papers."""

    name: str
    pack: Path
    folder: Path
    summary: dict[str, Any]  # of ``run_and_write``
    steps: list[Step]

    @property
    def sentences(self) -> list[str]:
        """What came out, one sentence a step."""
        return [self.summary["sentence"], *(step.said for step in self.steps)]


def further_steps(pack: Path, out: Path, progress: Progress) -> list[Step]:
    """From gaps to projects, what they would change, and the weekly rounds of moving vendors."""
    from yike.studies.pipeline import assess_base, base_of

    base = base_of(StudySpec(pack), Watch(progress))
    if not (assess_base(base, Watch(silent)).facts.gaps.state == GapState.GAP).any():
        return []
    steps = [_projects(pack, out, progress), _scenario(pack, out, progress)]
    if base.pack.vendors is not None and base.pack.stops is not None:
        steps.append(_timetable(base, out, progress))
    return steps


def _projects(pack: Path, out: Path, progress: Progress) -> Step:
    from yike.reports.project_list.build import write_projects
    from yike.reports.project_list.plain import project_data
    from yike.studies.projects import ProjectSpec, draft_from_pack

    facts = draft_from_pack(StudySpec(pack), ProjectSpec(), progress)
    written = write_projects(facts, out / "projects")
    files = {f"projects/{name}": what for name, what in written.items()}
    said = project_data(facts)["summary"]
    return Step("补在哪：项目清单（草稿）", said, parts_of(said), files)


def _scenario(pack: Path, out: Path, progress: Progress) -> Step:
    """All projects opened: the loop from gap to project to closed gap."""
    from yike.studies.scenario_outputs import compare_and_write

    edits = out / "projects" / "projects_scenario.toml"
    summary = compare_and_write(StudySpec(pack), [edits], out / "scenario", (), progress)
    files = {f"scenario/{name}": what for name, what in summary["files"].items()}
    said = " ".join(summary["sentences"])
    return Step("建成以后：前后对比", said, parts_of(said.partition("：")[2]), files)


def _timetable(base: Base, out: Path, progress: Progress) -> Step:
    from yike.studies.timetable import timetable_of
    from yike.studies.timetable_papers import coverage_lines, write_papers

    facts = timetable_of(base, None, progress)
    write_papers(facts, out / "timetable", progress)
    files = {
        "timetable/posters/posters.pdf": "各停靠点的海报",
        "timetable/timetable.xlsx": "一周班表",
        "timetable/timetable.json": "班表数据",
    }
    lines = coverage_lines(facts)
    return Step("流动服务：谁哪半天停哪里", "；".join(lines) + "。", lines, files)


def parts_of(said: str) -> list[str]:
    """A long sentence in its parts: what stands between ； and 。; a part in brackets loses them."""
    parts = (part.strip(" （）") if part.startswith("（") else part for part in re.split("[；。]", said))
    return [part for part in parts if part]


def first_page(results: list[tuple[str, dict[str, Any], list[Step]]]) -> str:
    """A plain page that leads to every file of every run."""
    cards = "\n".join(_card(*result) for result in results)
    page = (files("yike.studies") / "demo_page.html").read_text("utf-8")
    return page.replace("<!-- cards -->", cards)


def _card(name: str, summary: dict[str, Any], steps: list[Step]) -> str:
    head, _, found = summary["sentence"].partition("：")
    mark = INVENTED if head.startswith(INVENTED) else ""
    badge = f'<span class="badge">{mark.strip("【】")}</span>' if mark else ""
    title = f"<h2>{html.escape(head.removeprefix(mark))}{badge}</h2>"
    own = {"report.html": "打开交互报告"} | {f: w for f, w in summary["files"].items() if f != "report.html"}
    report = Step("缺什么：评价报告", "", parts_of(found), own)
    return f"<section>{title}{''.join(_step(name, step) for step in (report, *steps))}</section>"


def _step(name: str, step: Step) -> str:
    parts = "".join(f"<li>{html.escape(part)}</li>" for part in step.parts)
    (first, what), *rest = step.files.items()
    main = f'<p><a class="main" href="{name}/{first}">{html.escape(what)}</a></p>'
    return f'<h3>{html.escape(step.title)}</h3><ul class="parts">{parts}</ul>{main}{_links(name, dict(rest))}'


def _links(name: str, files: dict[str, str]) -> str:
    rows = "\n".join(
        f'<li><a href="{name}/{file}">{html.escape(what)}</a><span>{file}</span></li>'
        for file, what in files.items()
    )
    return f'<ul class="files">{rows}</ul>'
