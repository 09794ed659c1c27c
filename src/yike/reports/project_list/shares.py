"""What part of a project list makes use of what stands already: by number, money and people (B36)."""

from __future__ import annotations

from dataclasses import dataclass

from yike.reports import words
from yike.reports.project_facts import ProjectFacts
from yike.reports.project_list import rows as cells
from yike.standards.build_shapes import load_shapes
from yike.standards.documents import source_words

KINDS = {"reuse": "盘活存量", "movable": "流动设施", "new": "另行落实用房"}


@dataclass(frozen=True)
class KindShare:
    """Projects of one kind, and their part of the whole; NaN where the whole is nothing."""

    kind: str
    label: str
    projects: int
    cost_fen: int  # middle of the bands
    people: float
    projects_share: float
    cost_share: float
    people_share: float


def kind_shares(facts: ProjectFacts) -> tuple[KindShare, ...]:
    """One row per kind, also for kinds without a project."""
    p = facts.projects
    cost = [
        max(int(low) + int(high), 0) // 2 for low, high in zip(p.cost_low_fen, p.cost_high_fen, strict=True)
    ]
    people = [cells.gained(facts, i) for i in range(len(p))]
    out = []
    for kind, label in KINDS.items():
        mine = [i for i, d in enumerate(facts.details) if d.kind == kind]
        money, whom = sum(cost[i] for i in mine), sum(people[i] for i in mine)
        out.append(
            KindShare(
                kind, label, len(mine), money, whom, _share(len(mine), len(p)), _share(money, sum(cost)),
                _share(whom, sum(people)),
            )
        )  # fmt: skip
    return tuple(out)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def shares_sentence(facts: ProjectFacts) -> str:
    """The shares in a sentence, "" without projects."""
    if not len(facts.projects):
        return ""
    unit = "人次" if facts.weights == "people" else "处次"
    told = "；".join(
        f"{s.label}{s.projects}个，占项目 {words.share(s.projects_share)}、投资 {words.share(s.cost_share)}、"
        f"新增可达{unit} {words.share(s.people_share)}"
        for s in kind_shares(facts)
        if s.projects
    )
    clause = source_words(load_shapes().sparing, facts.rules.documents)
    return f"{told}（投资按区间中值，推定）。依据：{clause}。"
