"""What the paper says: situation, reach, gaps, circles, suggestions, sources and method."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from yike.core.tables import GapState, OutletStatus
from yike.reports import words
from yike.reports.docx_report.layout import OfficialPaper
from yike.reports.docx_report.siting import write_siting
from yike.reports.facts import ReportFacts
from yike.reports.map_picture.draw import draw_access_map
from yike.standards.documents import source_words

MOST_GAPS, MOST_OPTIONS = 20, 12
MAP_MM = 112
NUMERALS = "一二三四五六七八九十"


def write_docx(facts: ReportFacts, path: Path) -> None:
    """Write ``report.docx``: 公文 layout, tables that officials can edit, map pictures, sources."""
    origin = facts.provenance
    paper = OfficialPaper(origin.as_of, origin.is_invented)
    paper.title(f"{origin.name}", "一刻钟便民生活圈网点缺口分析报告")
    for number, (name, write) in enumerate(
        (
            ("基本情况", _situation),
            ("步行可达情况", _reach),
            ("主要缺口", _gaps),
            ("各生活圈评价", _circles),
            ("补齐建议", _options),
            ("推荐选址", write_siting),
            ("数据来源、方法和说明", _method),
        )
    ):
        paper.heading(f"{NUMERALS[number]}、{name}")
        write(paper, facts)
    _annex(paper, facts)
    paper.save(path)


def _estimated(facts: ReportFacts) -> str:
    return "（估算）" if bool(facts.places.is_estimated.any()) else ""


def _is_unsurveyed(facts: ReportFacts) -> bool:
    """Whether there is no list of outlets at all, so that nothing can be said to be missing."""
    states = set(facts.gaps.state.tolist()) - {int(GapState.NOT_REQUIRED)}
    return not len(facts.outlets) or states == {int(GapState.NOT_SURVEYED)}


def _situation(paper: OfficialPaper, facts: ReportFacts) -> None:
    origin, places = facts.provenance, facts.places
    people = "常住居民人数未知"
    if not np.isnan(places.people).all():
        people = f"常住居民{words.count(float(np.nansum(places.people)))}人{_estimated(facts)}"
    n_open = int(facts.outlets.first_of_units(facts.outlets.status == OutletStatus.OPEN).sum())
    outlets = "没有网点清单（网点尚未调查）" if _is_unsurveyed(facts) else f"营业中的网点{n_open}个"
    division = f"（区划代码{origin.division}）" if origin.division else ""
    paper.text(
        f"本报告的数据日期为{words.chinese_date(origin.as_of)}，范围为{origin.name}{division}，"
        f"含便民生活圈{len(facts.circles)}个、社区{len(facts.communities)}个、居住点{len(places)}处，"
        f"{people}，{outlets}。"
    )
    paper.text(
        f"评价依据为“{facts.rules.title}”规则包（{facts.rules.code}），步行速度按{facts.profile.label}每小时"
        f"{facts.profile.speed_m_s * 3.6:.1f}公里计，沿步行路网逐点计算，不用直线半径。"
    )
    if origin.is_invented:
        paper.text("本报告所用网点、人口或路网数据含虚构内容，仅供演示，不得作为决策依据。")


def _coverage_table(facts: ReportFacts) -> list[list[str]]:
    cover = facts.circle_coverage
    rows = []
    for column, type_idx in enumerate(cover.type_rows.tolist()):
        kind = facts.types.types[type_idx]
        rule = facts.rules.rule(kind.code)
        if rule is None or not rule.is_required:
            continue
        states = facts.gaps.state[facts.gaps.type_idx == type_idx]
        # A circle without known residents has no part in either sum; a type nobody looked for has no share.
        total = 0.0 if _cannot_tell(states) else float(np.nansum(cover.people_attached))
        reached = [*np.nansum(cover.people_within[:, column], axis=0).tolist()]
        reached.append(float(np.nansum(cover.people_in_norm[:, column])))
        *shares, in_norm = (words.share(v / total if total else None) for v in reached)
        rows.append([kind.label, *shares, words.minutes(rule.within_s), in_norm, _state_words(states)])
    return rows


def _cannot_tell(states: np.ndarray) -> bool:
    """Whether no circle's data can tell anything of a type."""
    return bool(np.isin(states, (GapState.NOT_SURVEYED, GapState.DATA_MISSING, GapState.UNKNOWN)).all())


def _state_words(states: np.ndarray) -> str:
    if not len(states):
        return words.UNKNOWN
    for state in (GapState.NOT_SURVEYED, GapState.DATA_MISSING):
        if (states == state).all():
            return words.STATE_WORDS[state]
    lacking, met = int((states == GapState.GAP).sum()), int((states == GapState.MET).sum())
    if lacking:
        return f"○ {lacking} 圈有缺口"
    if met and met < len(states):
        return f"● {met} 圈达标，{len(states) - met} 圈无法判定"
    if not met and _cannot_tell(states):
        missing = bool((states == GapState.DATA_MISSING).any())
        return words.STATE_WORDS[GapState.DATA_MISSING if missing else GapState.UNKNOWN]
    return words.STATE_WORDS[GapState(int(states.max()))]


def _reach(paper: OfficialPaper, facts: ReportFacts) -> None:
    unattached = ~facts.access.is_attached
    lost = float(np.nansum(facts.places.people[unattached]))
    joined = "全部居住点均已接入步行路网。" if len(unattached) else "没有居住点数据，各项比例未知。"
    if unattached.any():
        joined = (
            f"{int(unattached.sum())}处居住点（{words.count(lost)}人）距步行路网超过设定距离，"
            "列为“未接入”，不计入比例，也不作为0处理。"
        )
    paper.text(f"按居民人数加权，各类必备业态在5、10、15分钟内的步行可达比例见表1。{joined}")
    minutes = [f"{c / 60:.0f}分钟内" for c in facts.circle_coverage.cutoffs_s]
    paper.table(
        ["业态", *minutes, "规定（分钟）", "规定内可达", "状态"],
        _coverage_table(facts),
        [32, 19, 19, 19, 20, 21, 26],
        caption="表1　必备业态步行可达情况（占居民比例）",
    )


def _clause_of(facts: ReportFacts, type_idx: int) -> str:
    rule = facts.rules.rule(facts.types.types[type_idx].code)
    if rule is None:
        return ""
    return source_words(rule.within_source, facts.rules.documents)


def _gaps(paper: OfficialPaper, facts: ReportFacts) -> None:
    gaps = facts.gaps
    ranked = np.flatnonzero(gaps.rank > 0)
    ranked = ranked[np.argsort(gaps.rank[ranked], kind="stable")]
    if _is_unsurveyed(facts):
        paper.text("没有网点清单，各业态均未调查，不能判断有没有缺口。请先摸底登记网点，再重新计算。")
        return
    if not len(ranked):
        paper.text("按现有数据和规则包，没有发现必备业态的缺口；数据缺失或未调查的业态不在此列，见表1。")
        return
    affected = (
        f"{len(set(gaps.circle_idx[ranked].tolist()))}个圈、{len(set(gaps.type_idx[ranked].tolist()))}类业态"
    )
    paper.text(
        f"共发现缺口{len(ranked)}项，涉及{affected}。缺口按“超出规定时间的人数×分钟”由大到小排列，"
        f"前{min(MOST_GAPS, len(ranked))}项见表2。"
    )
    rows = []
    for i in ranked[:MOST_GAPS].tolist():
        rows.append(
            [
                str(int(gaps.rank[i])),
                facts.circles.name[int(gaps.circle_idx[i])],
                facts.types.types[int(gaps.type_idx[i])].label,
                words.minutes(float(gaps.norm_s[i])),
                f"{words.share(float(gaps.share_in_norm[i]))}／{words.share(float(gaps.share_required[i]))}",
                words.count(float(gaps.people_unserved[i])),
                words.count(float(gaps.person_minutes[i])),
            ]
        )
    paper.table(
        ["序号", "生活圈", "业态", "规定（分钟）", "可达／要求", "未覆盖人数", "人×分钟"],
        rows,
        [12, 36, 30, 15, 24, 19, 20],
        caption="表2　缺口清单（按影响排序）",
        numbers_from=3,
    )
    sources = dict.fromkeys(_clause_of(facts, int(t)) for t in gaps.type_idx[ranked])
    paper.note(
        "依据："
        + "；".join(s for s in sources if s)
        + "。标“推定”的数值由本系统给出，不是文件规定；标“转引”的见于媒体转述。"
    )
    _maps(paper, facts, int(ranked[0]))


def _maps(paper: OfficialPaper, facts: ReportFacts, worst: int) -> None:
    """The type of the worst gap on the whole map, then the worst gap's own circle."""
    type_idx, circle = int(facts.gaps.type_idx[worst]), int(facts.gaps.circle_idx[worst])
    label = facts.types.types[type_idx].label
    paper.picture(draw_access_map(facts, type_idx), MAP_MM, f"图1　到最近{label}的步行时间")
    if len(facts.circles) > 1:
        picture = draw_access_map(facts, type_idx, circle_idx=circle)
        paper.picture(picture, MAP_MM, f"图2　{facts.circles.name[circle]}到最近{label}的步行时间")


def _circles(paper: OfficialPaper, facts: ReportFacts) -> None:
    chosen = facts.assessment
    grades = {g.code: g.label for g in facts.rules.grades}
    rows = []
    for i, name in enumerate(facts.circles.name):
        mine = facts.gaps.circle_idx == i
        states = facts.gaps.state[mine]
        required = int(((states == GapState.MET) | (states == GapState.GAP)).sum())
        met = int((states == GapState.MET).sum())
        unknown = int(np.isin(states, (GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN)).sum())
        grade = chosen.grade[i] if i < len(chosen.grade) else ""
        rows.append(
            [
                name,
                words.count(float(facts.circle_coverage.people[i])),
                f"{met}／{required}",
                str(unknown),
                _indicator(facts, i, "chain_share"),
                _score(facts, i),
                grades.get(grade, "无法判定" if grade == "unknown" else "未达到"),
            ]
        )
    paper.table(
        ["生活圈", f"居民{_estimated(facts)}", "达标／可判定", "无法判定", "连锁化率", "得分", "等级"],
        rows,
        [40, 21, 21, 17, 17, 18, 22],
        caption="表3　各生活圈评价",
    )
    if facts.rules.is_inferred:
        paper.note("评分表为本系统推定的默认规则，不是官方评分表；取得官方评分表后请录入规则包重新计算。")
    paper.note("“无法判定”指数据缺失、未调查或人口未知的业态类数；未知不按0计。")


def _indicator(facts: ReportFacts, circle_idx: int, code: str) -> str:
    if code not in facts.assessment.indicator:
        return words.UNKNOWN
    return words.share(float(facts.assessment.value[circle_idx, facts.assessment.indicator.index(code)]), 1)


def _score(facts: ReportFacts, circle_idx: int) -> str:
    score, known = facts.assessment.score[circle_idx], facts.assessment.score_known_max[circle_idx]
    if np.isnan(score) or not known:
        return words.UNKNOWN
    return f"{score:.1f}／{known:.0f}"


def _options(paper: OfficialPaper, facts: ReportFacts) -> None:
    options = (facts.extras.get("options") or {}).get("circles") or []
    ranked = [i for i in np.argsort(facts.gaps.rank, kind="stable").tolist() if facts.gaps.rank[i] > 0]
    told = [i for i in ranked if i < len(options) and options[i]][:MOST_OPTIONS]
    if _is_unsurveyed(facts):
        paper.text("网点尚未调查，暂不提出补齐建议。")
        return
    if not told:
        paper.text("没有需要补齐的缺口，或现有数据不足以提出建议。")
        return
    paper.text(
        "对排序靠前的缺口，结合现有网点、闲置用房和可移动设施提出以下补齐方式，供社区议事和谋划项目参考；"
        "每项列出影响人数最多的一种，其余见交互报告。"
    )
    for i in told:
        circle = facts.circles.name[int(facts.gaps.circle_idx[i])]
        label = facts.types.types[int(facts.gaps.type_idx[i])].label
        paper.text(f"{int(facts.gaps.rank[i])}．{circle}{label}：{options[i][0]['text']}")


def _method(paper: OfficialPaper, facts: ReportFacts) -> None:
    origin = facts.provenance
    paper.text(
        "步行时间沿路网最短路计算，居住点和网点均接到最近街道的最近点，可从该点向两个方向出发；"
        f"搜索上限{facts.access.limit_s / 60:.0f}分钟，恰好等于时限的计入时限内。"
    )
    if joined := _how_people_leave_home(facts):
        paper.text(joined)
    for source in origin.sources:
        said = "，".join(t for t in (source.name, source.licence, source.as_of, source.attribution) if t)
        paper.text(f"数据来源：{said}。")
    for text in origin.estimates:
        paper.text(f"估算说明：{text}")
    warnings = [f for f in facts.faults if f.level != "note"]
    paper.text(f"数据检查共有提醒{len(warnings)}条，逐条见 run.json 和数据检查结果。")
    paper.text(f"本报告由一刻（yike）{facts.version}生成。")


def _how_people_leave_home(facts: ReportFacts) -> str:
    """The share of residents under the default attachment, and behind gates."""
    note = facts.extras.get("compounds") or {}
    by_rule = note.get("share_by_rule") or {}
    if note.get("share_under_default") is None:
        return ""
    weight = "居民" if note.get("weights") == "people" else "居住点"
    text = f"按默认规则（直接走到最近街道）接入的{weight}占{words.share(note['share_under_default'], 1)}"
    if not note.get("has_compounds"):
        return text + "；本次没有小区围墙和大门数据，实际步行距离可能更长。"
    return (
        f"{text}；住在有围墙小区、须经大门出入的，沿内部道路的占{words.share(by_rule.get('gate_lanes'), 1)}，"
        f"无内部道路、按直线乘以{note['detour']:g}估算的占{words.share(by_rule.get('gate_straight'), 1)}。"
    )


def _annex(paper: OfficialPaper, facts: ReportFacts) -> None:
    paper.landscape()
    paper.heading("附：各生活圈必备业态可达比例")
    cover = facts.circle_coverage
    columns = [
        (c, t)
        for c, t in enumerate(cover.type_rows.tolist())
        if (rule := facts.rules.rule(facts.types.types[t].code)) is not None and rule.is_required
    ]
    if not columns:
        return
    names = facts.circles.name
    width = min(14.0, 190.0 / len(columns))
    rows = [[names[i], *[_cover_cell(facts, i, c, t) for c, t in columns]] for i in range(len(names))]
    header = ["生活圈", *[facts.types.types[t].label for _, t in columns]]
    paper.table(header, rows, [225 - width * len(columns), *[width] * len(columns)], small=True)
    paper.note("各格为规定时间内可达的居民比例；▨ 为数据缺失、未调查或未知。")


def _cover_cell(facts: ReportFacts, circle_idx: int, column: int, type_idx: int) -> str:
    hit = (facts.gaps.circle_idx == circle_idx) & (facts.gaps.type_idx == type_idx)
    states = facts.gaps.state[hit]
    if len(states) and int(states[0]) in (GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN):
        return "▨"
    return words.share(float(facts.circle_coverage.share_in_norm[circle_idx, column]))
