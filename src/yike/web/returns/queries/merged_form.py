"""What a merged form is, and what whoever holds it must know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from yike.standards.survey_form import FormDoc, Value
from yike.web.regions.models import Circle
from yike.web.returns.cells import label_of
from yike.web.returns.models import Return, Wave


@dataclass(frozen=True)
class CircleLine:
    """One circle of a merged form."""

    of: Return
    values: dict[str, Value]  # exact, a 合计 as typed or None
    totals: dict[str, int | None]  # by column, the sum of the rows
    n_samples: int
    comments: dict[str, str] = field(default_factory=dict)  # why cells differ, by cell


@dataclass(frozen=True)
class MissingCircle:
    """A circle whose form is not in."""

    circle: Circle
    of: Return | None  # None: it has no form in this wave
    why: str


@dataclass(frozen=True)
class ThinSample:
    """A circle with fewer answers than asked for."""

    of: Return
    n_samples: int
    reason: str


@dataclass(frozen=True)
class DoubleCounted:
    """A community that stands in several circles; its people count once, where they are known."""

    code: str
    name: str
    people: int | None
    circles: tuple[str, ...]


@dataclass(frozen=True)
class Mismatch:
    """A typed 合计 that differs from the sum of its rows."""

    of: Return
    key: str
    typed: int
    summed: int | None
    why: str


@dataclass(frozen=True)
class MergedForm:
    """The form of a branch."""

    doc: FormDoc
    branch: str
    name: str
    circles_in: list[Return]
    missing: list[MissingCircle]
    thin_samples: list[ThinSample]
    double_counted: list[DoubleCounted]
    mismatches: list[Mismatch]
    per_circle: list[CircleLine]
    blanks: dict[str, int] = field(default_factory=dict)  # cell -> circles that left it blank
    unpooled: list[Return] = field(default_factory=list)  # satisfaction typed, no raw answers to pool
    n_samples: int = 0


def listed(wave: Wave, inside: Sequence[Return]) -> tuple[tuple[str, str], ...]:
    """Which forms were added up."""
    circles = tuple((f"第 {i} 个", f"{r.circle.name}（{r.code}）") for i, r in enumerate(inside, 1))
    return (("汇总", f"{wave.title}，{len(inside)} 个便民生活圈的表逐行相加"), *circles)


def warned(
    missing: Sequence[MissingCircle],
    thin: Sequence[ThinSample],
    shared: Sequence[DoubleCounted],
    mismatches: Sequence[Mismatch],
) -> tuple[tuple[str, str], ...]:
    """What whoever holds the paper must know: who is missing, thin samples, residents, totals."""
    unknown = "人口未知，居民数量不能合计"
    return (
        *(("未交", f"{m.circle.name}：{m.why}") for m in missing),
        *(("样本不足", f"{t.of.circle.name}：{t.n_samples} 份；{t.reason or '没有写原因'}") for t in thin),
        *(
            ("居民去重", f"{d.name}在 {'、'.join(d.circles)}：{unknown if d.people is None else '只计一次'}")
            for d in shared
        ),
        *(
            ("合计不符", f"{m.of.circle.name}：{label_of(m.key)}填 {m.typed:,}，逐行相加 {m.summed or 0:,}")
            for m in mismatches
        ),
    )
