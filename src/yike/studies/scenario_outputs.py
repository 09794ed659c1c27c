"""Scenarios from files to files: open a pack or a kept base, compare, write, say it in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from yike.errors import Fault, InputError
from yike.reports import words
from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome
from yike.reports.scenario_report.labels import label
from yike.reports.scenario_report.record import comparison_record
from yike.reports.scenario_report.rows import grade_moves, overview, people_touched
from yike.sources.scenario_edits import Scenario
from yike.sources.scenario_file import KINDS, inspect_scenario, scenario_error
from yike.studies.kept_base import is_kept_base, keep_base, load_base
from yike.studies.scenario import ScenarioBase, compare_scenarios, open_base
from yike.studies.scenario_pack import edit_pack
from yike.studies.study import Progress, StudySpec, silent

MOST_PLACES_TOLD = 200
"""Homes listed for each scenario in what ``--json`` prints; the file has more."""


def compare_and_write(
    spec: StudySpec,
    files: Sequence[Path],
    out: Path | None,
    given: Sequence[str] = (),
    progress: Progress = silent,
) -> dict[str, Any]:
    """
    Compare scenarios with a pack or a kept base.

    Parameters
    ----------
    spec
        ``pack`` may be a pack, or a folder written by ``keep_base``.
    out
        Folder for the files; None writes none.
    given
        Options that a kept base has settled already.

    Returns
    -------
    dict
        The comparison as in ``compare.json``, with ``sentences``, ``files`` and ``seconds``.

    Raises
    ------
    InputError
        A scenario or the pack has errors; those of all scenarios come together.
    """
    scenarios = read_scenarios(files)
    opened = open_any(spec, given, progress)
    facts = compare_scenarios(opened, scenarios, progress)
    written: dict[str, str] = {}
    if out is not None:
        from yike.reports.scenario_report.build import FILES, write_comparison

        progress("写出对比", 0, 1)
        write_comparison(facts, out)
        written = dict(FILES)
    return {
        **comparison_record(facts, MOST_PLACES_TOLD),
        "sentences": [sentence_of(facts, o) for o in facts.outcomes],
        "folder": str(out or ""),
        "files": written,
        "seconds": {o.name: {k: round(v, 3) for k, v in o.seconds.items()} for o in facts.outcomes},
    }


def read_scenarios(files: Sequence[Path]) -> list[Scenario]:
    """Read all files before stopping at the faults of any."""
    scenarios, faults = [], list[Fault]()
    for file in files:
        scenario, wrong = inspect_scenario(file)
        scenarios.append(scenario)
        faults += wrong
    if faults:
        raise scenario_error(faults)
    return scenarios


def open_any(spec: StudySpec, given: Sequence[str] = (), progress: Progress = silent) -> ScenarioBase:
    """
    Open a kept base where the path is one, else read the pack.

    Raises
    ------
    InputError
        The base is kept and ``given`` names options that would need another one.
    """
    if not is_kept_base(spec.pack):
        return open_base(spec, progress)
    if given:
        raise InputError("scenario.base.options", file=str(spec.pack), found="、".join(given))
    progress("打开底稿", 0, 1)
    opened = load_base(spec.pack)
    own = replace(opened.base.spec, n_threads=spec.n_threads, max_memory_mb=spec.max_memory_mb)
    return ScenarioBase(replace(opened.base, spec=own), opened.before, opened.digests, opened.basemap)


def keep_and_tell(spec: StudySpec, out: Path, progress: Progress = silent) -> dict[str, Any]:
    """Make a kept base of a pack, and say what it holds."""
    opened = open_base(spec, progress)
    progress("存成底稿", 0, 1)
    keep_base(opened, out)
    base, origin = opened.base, opened.base.pack.provenance
    mark = "【虚构数据】" if origin.is_invented else ""
    sentence = (
        f"{mark}底稿已存到 {out}：{origin.name}，居住点 {len(base.joined.places)} 处，网点 "
        f"{len(base.joined.outlets)} 行，规则包 {base.rules.code}，步行者 {base.profile.label}。"
    )
    return {
        "sentence": sentence,
        "folder": str(out),
        "pack": origin.code,
        "places": len(base.joined.places),
        "outlets": len(base.joined.outlets),
        "circles": len(opened.before.circles),
        "rule_pack": base.rules.code,
        "profile": base.profile.code,
    }


def check_scenario(
    file: Path, base: Path | None, progress: Progress = silent
) -> tuple[dict[str, Any], list[Fault]]:
    """
    Look a scenario over, beside a pack where one is given.

    Returns
    -------
    What it says as plain values, and every fault.
    """
    scenario, faults = inspect_scenario(file)
    edits = [(e.number, e.kind, KINDS[e.kind], "") for e in scenario.entries]
    if base is not None:
        opened = open_any(StudySpec(base, with_isochrones=False), (), progress)
        try:
            edits = list(edit_pack(opened.base, scenario).said)
        except InputError as wrong:
            faults += wrong.faults
    sentence = (
        f"情景“{scenario.name}”：{len(faults)} 处错误。"
        if faults
        else f"情景“{scenario.name}”：{len(edits)} 条改动，没有发现错误。"
    )
    told = [{"number": n, "kind": k, "kind_label": name, "words": said} for n, k, name, said in edits]
    return {"sentence": sentence, "name": scenario.name, "note": scenario.note, "edits": told}, faults


def sentence_of(facts: ScenarioFacts, outcome: ScenarioOutcome) -> str:
    """One scenario in a sentence."""
    mark = "【虚构数据】" if facts.provenance.is_invented else ""
    better, worse = people_touched(facts, outcome)
    if better is None or worse is None:
        who = (
            f"受益居住点 {int(outcome.is_better.sum())} 处，受损 {int(outcome.is_worse.sum())} 处（人数未知）"
        )
    else:
        who = f"至少一类业态变为达时限的居民 {words.count(better)} 人，变为超时限的 {words.count(worse)} 人"
    figures = {row["code"]: row for row in overview(facts)}
    k = facts.outcomes.index(outcome)
    gaps = f"缺口 {figures['gaps']['now']} → {figures['gaps']['scenarios'][k]} 项"
    up, down = grade_moves(facts, outcome)
    return (
        f"{mark}{outcome.name}：{who}；{gaps}；等级上升 {up} 圈、下降 {down} 圈。"
        f"（{label(f'recomputed.{outcome.recomputed}')}）"
    )
