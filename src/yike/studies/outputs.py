"""The files of a run: which there are, in which order, and ``run.json`` that tells how they were made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.tables import GapState
from yike.errors import InputError
from yike.reports import words
from yike.reports.facts import ReportFacts
from yike.reports.whole_file import write_whole
from yike.sources.intake import file_sha256
from yike.sources.pack import Pack, read_pack
from yike.standards.documents import source_words
from yike.standards.types import RulePack
from yike.studies.pipeline import assess_pack, profile_of, reach, rules_of, run_study, with_rules
from yike.studies.study import Progress, StudyResult, StudySpec, silent
from yike.studies.watch import Watch

Writer = Callable[[ReportFacts, Path], None]

SITED = frozenset(("siting", "docx", "html"))
"""Files that tell where to add; a run without them does not look for sites."""

WORDS = {
    "access.parquet": "每个居住点、每类业态的步行时间",
    "assessment.json": "各生活圈、社区的评价",
    "gaps.csv": "缺口清单（Excel、WPS 可直接打开）",
    "circles.geojson": "生活圈范围和主要指标",
    "isochrones.geojson": "5、10、15 分钟等时圈",
    "siting.json": "推荐选址与覆盖曲线",
    "annex5.xlsx": "试点便民生活圈建设情况调查表",
    "report.docx": "公文版报告",
    "report.html": "交互报告（单个文件，可离线打开）",
    "run.json": "本次运行的版本、输入和用时",
}
KINDS = {
    "access": "access.parquet",
    "assessment": "assessment.json",
    "gaps": "gaps.csv",
    "circles": "circles.geojson",
    "isochrones": "isochrones.geojson",
    "siting": "siting.json",
    "annex5": "annex5.xlsx",
    "docx": "report.docx",
    "html": "report.html",
}


def writers() -> dict[str, Writer]:
    """File name -> writer; imported only when a run gets that far."""
    from yike.reports.access_parquet.build import write_access_parquet
    from yike.reports.assessment_json.build import write_assessment_json
    from yike.reports.circle_geojson.build import write_circles_geojson, write_isochrones_geojson
    from yike.reports.docx_report.build import write_docx
    from yike.reports.gaps_csv.build import write_gaps_csv
    from yike.reports.html_report.build import write_html
    from yike.reports.siting_json.build import write_siting_json
    from yike.reports.survey_form.sheet import write_annex5

    return {
        "access.parquet": write_access_parquet,
        "assessment.json": write_assessment_json,
        "gaps.csv": write_gaps_csv,
        "circles.geojson": write_circles_geojson,
        "isochrones.geojson": write_isochrones_geojson,
        "siting.json": write_siting_json,
        "annex5.xlsx": write_annex5,
        "report.docx": write_docx,
        "report.html": write_html,
    }


def run_and_write(
    spec: StudySpec,
    out: Path,
    compare: tuple[str, ...] = (),
    progress: Progress = silent,
    kinds: Iterable[str] = (),
    adjust: Callable[[Pack], Pack] | None = None,
) -> dict[str, Any]:
    """
    Run a study and write its files.

    Parameters
    ----------
    out
        Folder; a run under another rule pack is never overwritten.
    compare
        Further rule packs, computed from the same reading into folders of their own, side by side, with
        ``compare.csv`` telling what differs.
    kinds
        Only these files (keys of ``KINDS``); none means all.
    adjust
        Applied to the pack once it is read: a register's outlets instead of the pack's own list.

    Returns
    -------
    dict
        ``sentence`` (what came out, in Chinese), ``files`` (name -> what it is), counts.

    Raises
    ------
    InputError
        The pack has errors, or ``out`` holds the files of another rule pack.
    """
    kinds = tuple(kinds)
    spec = replace(spec, with_siting=bool(SITED & set(kinds or KINDS)))
    watch = Watch(progress)
    with watch.stage("读取城市包"):
        pack = read_pack(spec.pack, at_minute=spec.at_minute)
        pack = adjust(pack) if adjust else pack
    rules = rules_of(spec, pack)
    others = [(code, rules_of(with_rules(spec, code), pack)) for code in compare]
    _claim(out, rules.code)
    for code, _ in others:
        _claim(out / code, code)
    result = assess_pack(spec, pack, rules, watch)
    names = [KINDS[k] for k in kinds] or list(KINDS.values())
    write_files(result, out, names, watch)
    summary = summary_of(result.facts, names if kinds else [*names, "run.json"])
    if compare:
        _compare(spec, pack, others, result, out, names, watch)
        summary["files"]["compare.csv"] = "各规则包的评价并列比较"
    return summary


def _claim(out: Path, rule_pack: str) -> None:
    if out.exists() and not out.is_dir():
        raise InputError("study.out.not_folder", found=str(out))
    record = out / "run.json"
    if record.is_file():
        old = _rule_pack_of(record)
        if old and old != rule_pack:
            raise InputError("study.out.other_rules", found=str(out), old=old, new=rule_pack)
    out.mkdir(parents=True, exist_ok=True)


def _rule_pack_of(record: Path) -> str:
    """Rule pack of an earlier run; a ``run.json`` that is none of ours is not written over."""
    try:
        told = json.loads(record.read_text("utf-8"))
        return str(told["rule_pack"])
    except (ValueError, KeyError, TypeError):
        raise InputError("study.out.foreign_record", found=str(record)) from None


def write_files(result: StudyResult, out: Path, names: list[str], watch: Watch) -> None:
    """Write files one by one, each under its final name only when it is whole; then ``run.json``."""
    make = writers()
    for name in names:
        with watch.stage(f"写出 {name}"):
            write_whole(out / name, lambda path, name=name: make[name](result.facts, path))  # type: ignore[misc]
    record = run_record(result, {name: file_sha256(out / name) for name in names})
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=False) + "\n"
    write_whole(out / "run.json", lambda path: path.write_text(text, "utf-8"))


def run_record(result: StudyResult, outputs: Mapping[str, str]) -> dict[str, Any]:
    """What ``run.json`` says."""
    facts = result.facts
    return {
        "program": "yike",
        "versions": dict(result.versions),
        "pack": facts.provenance.code,
        "name": facts.provenance.name,
        "as_of": facts.provenance.as_of,
        "is_invented": facts.provenance.is_invented,
        "rule_pack": facts.rules.code,
        "rule_pack_lineage": list(facts.rules.lineage),
        "profile": facts.profile.code,
        "sources": [asdict(s) for s in facts.provenance.sources],
        "estimates": list(facts.provenance.estimates),
        "inputs": dict(result.digests),
        "outputs": dict(outputs),
        "found": _plain(result.settings.get("found", {})),
        "counts": counts_of(facts),
        "attachment": facts.extras.get("compounds"),
        "warnings": [f.record for f in facts.faults],
        "seconds": {k: round(v, 3) for k, v in result.seconds.items()},
        "cpu_seconds": {k: round(v, 3) for k, v in result.cpu_seconds.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def counts_of(facts: ReportFacts) -> dict[str, Any]:
    """How much of everything a run has."""
    people = facts.places.people
    states = {s.name.lower(): int((facts.gaps.state == s).sum()) for s in GapState}
    return {
        "vertices": facts.network.n_vertices,
        "pieces": facts.network.n_pieces,
        "junctions": facts.graph.n_junctions,
        "places": len(facts.places),
        "places_attached": int(facts.access.is_attached.sum()),
        "people": None if np.isnan(people).all() else round(float(np.nansum(people)), 2),
        "people_estimated": bool(facts.places.is_estimated.any()),
        "outlets": len(np.unique(facts.outlets.unit_idx)),
        "communities": len(facts.communities),
        "circles": len(facts.circles),
        "gaps": states,
    }


def summary_of(facts: ReportFacts, names: list[str]) -> dict[str, Any]:
    """What the command line says after a run."""
    counts = counts_of(facts)
    invented = "【虚构数据】" if facts.provenance.is_invented else ""
    found = f"{_homes_words(counts)}、{_outlets_words(counts)}、生活圈 {counts['circles']} 个"
    sentence = f"{invented}{facts.provenance.name}：{found}；{_gaps_words(counts)}。"
    return {"sentence": sentence, "counts": counts, "files": {n: WORDS[n] for n in names}}


def _homes_words(counts: Mapping[str, Any]) -> str:
    if not counts["places"]:
        return "没有居住点"
    if counts["people"] is None:
        return f"居住点 {counts['places']} 处（人数未知）"
    mark = "（估算）" if counts["people_estimated"] else ""
    return f"居住点 {counts['places']} 处、居民 {words.count(counts['people'])} 人{mark}"


def _outlets_words(counts: Mapping[str, Any]) -> str:
    return f"网点 {counts['outlets']} 个" if counts["outlets"] else "没有网点清单"


def _gaps_words(counts: Mapping[str, Any]) -> str:
    """How many gaps there are; where nobody looked for outlets, that this cannot be told."""
    states = counts["gaps"]
    if states["not_surveyed"] and not (states["gap"] or states["met"]):
        return f"{states['not_surveyed']} 项业态未调查，判断不了有没有缺口"
    unclear = states["data_missing"] + states["not_surveyed"] + states["unknown"]
    return f"缺口 {states['gap']} 项，数据缺失或未知 {unclear} 项"


def _compare(
    spec: StudySpec,
    pack: Any,
    others: list[tuple[str, RulePack]],
    first: StudyResult,
    out: Path,
    names: list[str],
    watch: Watch,
) -> None:
    from yike.studies.compare import write_comparison

    results = [first]
    for code, rules in others:
        result = assess_pack(with_rules(spec, code), pack, rules, watch)
        write_files(result, out / code, names, watch)
        results.append(result)
    write_comparison([r.facts for r in results], out / "compare.csv")


def compute_and_write(spec: StudySpec, out: Path, progress: Progress = silent) -> dict[str, Any]:
    """Only the access table, as Parquet: the short way for planners who assess elsewhere."""
    from yike.reports.access_parquet.build import access_notes, write_access
    from yike.standards.loader import load_types

    watch = Watch(progress)
    with watch.stage("读取城市包"):
        pack = read_pack(spec.pack, at_minute=spec.at_minute)
    rules, profile = rules_of(spec, pack), profile_of(spec, pack)
    joined, access, _ = reach(spec, pack, rules, profile, watch)
    path = out if out.suffix == ".parquet" else out / "access.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    notes = access_notes(pack.provenance, rules.code, profile.code, access)
    with watch.stage("写出 access.parquet"):
        ids = joined.places.place_id, joined.outlets.outlet_id
        write_whole(path, lambda half: write_access(access, *ids, load_types(), half, notes))
    n_rows = len(joined.places) * len(access.type_rows)
    sentence = (
        f"{path}：居住点 {len(joined.places)} 处（接入 {int(access.is_attached.sum())}）×"
        f"业态 {len(access.type_rows)} 类，共 {n_rows} 行。"
    )
    return {
        "sentence": sentence,
        "file": str(path),
        "places": len(joined.places),
        "attached": int(access.is_attached.sum()),
        "outlets": len(np.unique(joined.outlets.unit_idx)),
        "types": len(access.type_rows),
        "rows": n_rows,
        "seconds": {k: round(v, 3) for k, v in watch.seconds.items()},
        "cpu_seconds": {k: round(v, 3) for k, v in watch.cpu_seconds.items()},
    }


def assessment_of(spec: StudySpec, progress: Progress = silent) -> tuple[Any, list[list[str]]]:
    """Assessment as JSON data, and as table rows for the terminal."""
    from tempfile import TemporaryDirectory

    from yike.reports.assessment_json.build import write_assessment_json

    facts = run_study(spec, progress).facts
    with TemporaryDirectory() as folder:
        path = Path(folder) / "assessment.json"
        write_assessment_json(facts, path)
        data = json.loads(path.read_text("utf-8"))
    labels = {g.code: g.label for g in facts.rules.grades}
    rows = [["生活圈", "居民", "达标业态", "缺口", "无法判定", "等级"]]
    for i, name in enumerate(facts.circles.name):
        states = facts.gaps.state[facts.gaps.circle_idx == i]
        unclear = np.isin(states, (GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN)).sum()
        grade = facts.assessment.grade[i]
        met, missing = int((states == GapState.MET).sum()), int((states == GapState.GAP).sum())
        people = words.count(float(facts.circle_coverage.people[i]))
        rows.append([
            name, people, str(met), str(missing), str(int(unclear)),
            labels.get(grade, "无法判定" if grade == "unknown" else "未达到"),
        ])  # fmt: skip
    return data, rows


def gap_rows_of(spec: StudySpec, progress: Progress = silent, with_all: bool = False) -> list[dict[str, Any]]:
    """Gaps as plain rows with a sentence each, worst first."""
    facts = run_study(spec, progress).facts
    gaps = facts.gaps
    order = [i for i in range(len(gaps)) if with_all or gaps.state[i] == GapState.GAP]
    return [_gap_row(facts, i) for i in order]


def _gap_row(facts: ReportFacts, i: int) -> dict[str, Any]:
    gaps = facts.gaps
    kind = facts.types.types[int(gaps.type_idx[i])]
    rule = facts.rules.rule(kind.code)
    clause = source_words(rule.within_source, facts.rules.documents) if rule else ""
    circle = facts.circles.name[int(gaps.circle_idx[i])]
    state = GapState(int(gaps.state[i]))
    sentence = (
        f"{words.STATE_WORDS[state]}　{circle}　{kind.label}　"
        f"{words.minutes(float(gaps.norm_s[i]))}分钟内可达 "
        f"{words.share(float(gaps.share_in_norm[i]))}（要求 {words.share(float(gaps.share_required[i]))}）　"
        f"未覆盖 {words.count(float(gaps.people_unserved[i]))} 人　依据：{clause}"
    )
    return {
        "rank": int(gaps.rank[i]) or None,
        "circle_id": facts.circles.circle_id[int(gaps.circle_idx[i])],
        "circle_name": circle,
        "form_row": kind.form_row,
        "type_code": kind.code,
        "type_label": kind.label,
        "state": state.name.lower(),
        "norm_s": _plain(float(gaps.norm_s[i])),
        "share_in_norm": _plain(float(gaps.share_in_norm[i])),
        "share_required": _plain(float(gaps.share_required[i])),
        "people_unserved": _plain(float(gaps.people_unserved[i])),
        "person_minutes": _plain(float(gaps.person_minutes[i])),
        "clause": clause,
        "sentence": sentence,
    }
