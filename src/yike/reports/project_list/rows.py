"""What stands in each cell of a project list, the same in every paper."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from yike.reports import words
from yike.reports.project_facts import GapLine, ProjectFacts, TypeGain

FEN_PER_WAN = 1_000_000
OTHER_GROUP = "其他业态"


@cache
def labels() -> dict[str, Any]:
    """The fixed words of the papers."""
    return tomllib.loads((files("yike.reports.project_list") / "labels.toml").read_text("utf-8"))


def grouped(facts: ProjectFacts) -> list[tuple[str, list[int]]]:
    """Projects by key project (重点实施项目) in the order in which the first of each is to be built."""
    found: dict[str, list[int]] = {}
    for i, detail in enumerate(facts.details):
        found.setdefault(detail.programmes[0] if detail.programmes else OTHER_GROUP, []).append(i)
    return list(found.items())


def type_labels(facts: ProjectFacts, i: int) -> str:
    """Types of a project."""
    return "、".join(g.type_label for g in facts.details[i].gains)


def answered(facts: ProjectFacts, i: int) -> str:
    """Gaps and needs that a project answers, one a line."""
    by_row = {g.row: g for g in facts.gaps}
    rows = [by_row[r] for r in facts.projects.gap_rows[i] if r in by_row]
    lines = [f"{short_circle(g.circle)}缺{g.type_label}（{_lack(g)}）" for g in rows]
    voices = sum(n.voices for k in facts.details[i].needs if not math.isnan((n := facts.needs[k]).voices))
    if facts.details[i].needs:
        lines.append(f"居民需求{len(facts.details[i].needs)}条" + (f"、{voices:g}票" if voices else ""))
    return "；\n".join(lines)


def _lack(gap: GapLine) -> str:
    unserved = "" if math.isnan(gap.people_unserved) else f"未覆盖{words.count(gap.people_unserved)}人"
    return unserved or f"现可达{words.share(gap.share_before)}"


def short_circle(name: str) -> str:
    """A circle's name without the words that all circles share."""
    short = name.removesuffix("一刻钟便民生活圈").removesuffix("便民生活圈").removesuffix("生活圈")
    return f"{short}圈" if short and short != name else name


def site_text(facts: ProjectFacts, i: int) -> str:
    """Where: kind, name and id."""
    p = facts.projects
    kind = {
        "premises": "闲置用房",
        "outlet": "在营网点",
        "stop": "流动服务点",
        "street_point": "生成的街边点",
    }[p.site_kind[i]]
    same = p.site_name[i] == p.site_id[i]
    return f"{kind}\n{p.site_name[i]}" + ("" if same else f"\n（{p.site_id[i]}）")


def band(low_fen: int, high_fen: int) -> str:
    """Investment as 低～高 in 万元."""
    if low_fen < 0:
        return "待测算"
    low, high = (f"{round(v / FEN_PER_WAN, 1):g}" for v in (low_fen, high_fen))
    return low if low == high else f"{low}～{high}"


def due_text(facts: ProjectFacts, i: int) -> str:
    """Deadline in the document's words, marked when it has passed."""
    p = facts.projects
    text = p.due_text[i] or (words.chinese_date(p.due_on[i]) if p.due_on[i] else "")
    return f"{text}\n! 时限已过" if facts.details[i].is_late else text


def start_text(facts: ProjectFacts, i: int) -> str:
    """Start, blank until somebody sets it."""
    return words.chinese_date(facts.projects.start_on[i]) if facts.projects.start_on[i] else ""


def remark(facts: ProjectFacts, i: int) -> str:
    """What must be looked at, in a few words."""
    d = facts.details[i]
    parts = [d.needs_review, "单位为推定" if d.units_inferred else ""]
    return "；".join(p for p in parts if p)


def gained(facts: ProjectFacts, i: int) -> float:
    """People (or homes) newly reached."""
    if facts.weights != "people":
        return float(sum(g.places for g in facts.details[i].gains))
    return float(facts.projects.people_gained[i])


def elders(gain: TypeGain) -> float:
    """People of 60 and more among those who gain; NaN where no ages are known."""
    hits = [n for label, n in gain.bands.items() if label in ("60岁及以上", "60～79岁", "80岁及以上")]
    return sum(hits) if hits else math.nan


def totals(facts: ProjectFacts) -> tuple[int, int, float]:
    """Investment from and to in fen, and people gained, over all projects."""
    p = facts.projects
    low = sum(max(int(v), 0) for v in p.cost_low_fen)
    high = sum(max(int(v), 0) for v in p.cost_high_fen)
    return low, high, sum(gained(facts, i) for i in range(len(p)))


def summary(facts: ProjectFacts) -> str:
    """The list in one sentence."""
    n = len(facts.projects)
    if not n:
        return _why_none(facts) if facts.gaps else facts.plan.words
    low, high, people = totals(facts)
    closed = sum(g.outcome == "closed" for g in facts.gaps)
    left = [g for g in facts.gaps if g.outcome != "closed"]
    reuse = sum(d.kind == "reuse" for d in facts.details)
    new, movable = (sum(d.kind == k for d in facts.details) for k in ("new", "movable"))
    shares = f"盘活存量{reuse}个、流动{movable}个、另行落实用房{new}个"
    rest = f"，另有{len(left)}项未能补齐" if left else ""
    unit = "人次" if facts.weights == "people" else "处次"
    return (
        f"共{n}个项目（{shares}），估算投资{band(low, high)}万元（推定），"
        f"新增可达{words.count(people)}{unit}；"
        f"{len(facts.gaps)}项缺口补齐{closed}项{rest}。{facts.plan.words}"
    )


def _why_none(facts: ProjectFacts) -> str:
    """Why no gap got a project."""
    if facts.budget_fen is None:
        return f"没有可列入的项目：{len(facts.gaps)} 项缺口都没有能补上它的点位。"
    wan = f"{facts.budget_fen / FEN_PER_WAN:,.6f}".rstrip("0").rstrip(".")
    return f"没有可列入的项目：本批资金 {wan} 万元不够办成任何一处，或没有可用的点位。"
