"""
Merged returns (汇总): every level is the sum of its circles' forms, never of the sums below it.

Residents of a community that stands in two circles count once; satisfaction is pooled again from the raw
answers; a typed 合计 that differs from its rows is shown and the rows are added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from yike.standards.survey_form import (
    LAYOUTS,
    OPERATORS,
    SUMMED,
    TOTAL,
    TYPE_ROWS,
    FormDoc,
    Value,
    usual_notes,
)
from yike.web.regions.codes import full_code
from yike.web.regions.models import Area
from yike.web.regions.profiles import area_share_of, latest_profiles
from yike.web.returns import checks, rules
from yike.web.returns.cells import total_of, values_from_json
from yike.web.returns.models import Return, Revision, Wave
from yike.web.returns.prefill import (
    PERCENT_STEP,
    areas_named,
    circles_of_branch,
    city_of,
    home_codes,
    share_percent,
)
from yike.web.returns.queries.merged_form import (
    CircleLine,
    DoubleCounted,
    MergedForm,
    Mismatch,
    MissingCircle,
    ThinSample,
    listed,
    warned,
)
from yike.web.returns.queries.scope import returns_of_branch
from yike.web.returns.queries.single import settings_of
from yike.web.voices.queries import Pooled, pooled


def merged(wave: Wave, branch: str, states: Sequence[str] = rules.DONE) -> MergedForm:
    """
    Add up the forms of a branch that are in.

    Parameters
    ----------
    branch
        Code of any branch of the wave: city, district, subdistrict or community.
    states
        States in which a form counts; submitted and beyond unless said otherwise.
    """
    every = list(returns_of_branch(wave, branch))
    inside = [r for r in every if r.state in states]
    answers = _pooled(wave, every)
    lines = _lines(inside, answers)
    shared = _shared(inside)
    values = _head(wave, branch, lines, shared) | _rows(lines) | _satisfaction(inside, answers)
    missing, thin = _missing(wave, branch, every, states), _thin(wave, lines)
    mismatches = [m for line in lines for m in _mismatches(line)]
    told = listed(wave, inside) + warned(missing, thin, shared, mismatches)
    return MergedForm(
        doc=_doc(wave, branch, values, lines, told),
        branch=branch,
        name=areas_named([branch])[branch][0],
        circles_in=inside,
        missing=missing,
        thin_samples=thin,
        double_counted=shared,
        mismatches=mismatches,
        per_circle=lines,
        blanks=_blanks(lines),
        unpooled=[r.of for r in lines if not r.n_samples and _has_satisfaction(r.values)],
        n_samples=sum(line.n_samples for line in lines),
    )


def _lines(inside: Sequence[Return], answers: Pooled) -> list[CircleLine]:
    kept = Revision.objects.filter(of__in=[r.pk for r in inside]).order_by("number")
    newest = {r.of_id: r for r in kept}  # the last one wins
    lines = []
    for of in inside:
        values = values_from_json(newest[of.pk].values)
        totals = {c: total_of(values, c) for c in SUMMED}
        n_samples = answers.samples_by_circle.get(of.circle_id, 0)
        lines.append(CircleLine(of, values, totals, n_samples, dict(newest[of.pk].comments)))
    return lines


def _rows(lines: Sequence[CircleLine]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for row in TYPE_ROWS:
        for column in SUMMED:
            values[f"{row}.{column}"] = _sum(line.values[f"{row}.{column}"] for line in lines)
        values[f"{row}.needs"] = _needs(lines, f"{row}.needs")
    for column in SUMMED:
        values[f"{TOTAL}.{column}"] = total_of(values, column)
    values[f"{TOTAL}.needs"] = _needs(lines, f"{TOTAL}.needs")
    return values


def _sum(found: Iterable[Any]) -> int | None:
    """Of what is known; None when nothing is."""
    known = [v for v in found if v is not None]
    return sum(known) if known else None


def _needs(lines: Sequence[CircleLine], key: str) -> str | None:
    """What residents miss, each once, in the order of the circles."""
    said: list[str] = []
    for line in lines:
        for text in str(line.values[key] or "").split("；"):
            if text.strip() and text.strip() not in said:
                said.append(text.strip())
    return "；".join(said) or None


def _head(
    wave: Wave, branch: str, lines: Sequence[CircleLine], shared: Sequence[DoubleCounted]
) -> dict[str, Value]:
    name = areas_named([branch])[branch][0]
    home = lines[0].of.home_code if lines else branch
    flags = {line.values["has_platform"] for line in lines}
    return {
        "circle": f"{name}（{len(lines)} 个便民生活圈汇总）",
        "city": city_of(home),
        "as_of": wave.as_of,
        "operators": _any_of(OPERATORS, lines, "operators"),
        "layouts": _any_of(LAYOUTS, lines, "layouts"),
        "has_platform": flags.pop() if len(flags) == 1 else None,
        "centres": _sum(line.values["centres"] for line in lines),
        "residents": _residents(lines, shared),
        "area_share": _area_share(wave, lines),
    }


def _any_of(known: Sequence[str], lines: Sequence[CircleLine], key: str) -> tuple[str, ...] | None:
    chosen = {c for line in lines if isinstance(of := line.values[key], tuple) for c in of}
    return tuple(k for k in known if k in chosen) or None


def _residents(lines: Sequence[CircleLine], shared: Sequence[DoubleCounted]) -> int | None:
    """People of all circles less those counted twice; None while a shared community's people are unknown."""
    whole = _sum(line.values["residents"] for line in lines)
    if whole is None or any(s.people is None for s in shared):
        return None
    return whole - sum((len(s.circles) - 1) * (s.people or 0) for s in shared)


def _area_share(wave: Wave, lines: Sequence[CircleLine]) -> Decimal | None:
    """From the floor areas of the distinct communities; shares of circles cannot be added up."""
    codes = sorted({full_code(c["code"]) for line in lines for c in line.of.communities})
    keys = list(Area.objects.filter(code__in=codes).values_list("pk", flat=True))
    known = latest_profiles(keys, checks.answer_days(wave)[1])
    share = area_share_of(known.get(key) for key in keys) if len(keys) == len(codes) else None
    return None if share is None else share.quantize(PERCENT_STEP)


def _shared(inside: Sequence[Return]) -> list[DoubleCounted]:
    found: dict[str, list[tuple[Return, dict[str, Any]]]] = {}
    for of in inside:
        for community in of.communities:
            found.setdefault(community["code"], []).append((of, community))
    return [
        DoubleCounted(
            code,
            both[0][1]["name"],
            next((c["people"] for _, c in both if c.get("people") is not None), None),
            tuple(of.circle.name for of, _ in both),
        )
        for code, both in sorted(found.items())
        if len(both) > 1
    ]


def _satisfaction(inside: Sequence[Return], answers: Pooled) -> dict[str, Value]:
    """Pooled again from the raw answers of the circles that are in."""
    values: dict[str, Value] = {}
    own = answers if len(answers.samples_by_circle) == len(inside) else None
    again = own or _pool_again(inside)
    for row in TYPE_ROWS:
        values[f"{row}.satisfaction"] = share_percent(*again.by_row.get(row, (0, 0)))
    values[f"{TOTAL}.satisfaction"] = share_percent(*again.overall)
    return values


def _pool_again(inside: Sequence[Return]) -> Pooled:
    if not inside:
        return Pooled(0)
    return _pooled(inside[0].wave, inside)


def _pooled(wave: Wave, returns: Sequence[Return]) -> Pooled:
    satisfied_from = checks.limits_of(wave)["satisfied_from"]
    return pooled([r.circle for r in returns], *checks.answer_days(wave), satisfied_from=satisfied_from)


def _doc(
    wave: Wave,
    branch: str,
    values: dict[str, Value],
    lines: Sequence[CircleLine],
    told: tuple[tuple[str, str], ...],
) -> FormDoc:
    settings = settings_of(wave)
    return FormDoc(
        values=values,
        settings=settings,
        notes=usual_notes(values, settings) | _head_notes(lines),
        circle_code=f"汇总-{branch}",  # no circle's: the paper is not taken back as a circle's form
        is_invented=wave.is_invented or any(line.of.is_invented for line in lines),
        sources=told,
    )


def _head_notes(lines: Sequence[CircleLine]) -> dict[str, str]:
    flags = [line.values["has_platform"] for line in lines]
    said = f"有 {flags.count(True)} 圈，无 {flags.count(False)} 圈，未填 {flags.count(None)} 圈"
    blank = sum(line.values["residents"] is None for line in lines)
    notes = {"has_platform": said} if lines else {}
    if blank:
        notes["residents"] = f"{blank} 个圈没有填居民数量，未计入"
    return notes


def _missing(wave: Wave, branch: str, every: Sequence[Return], states: Sequence[str]) -> list[MissingCircle]:
    late = [MissingCircle(r.circle, r, rules.state_word(r.state)) for r in every if r.state not in states]
    have = set(wave.returns.values_list("circle_id", flat=True))
    others = [c for c in circles_of_branch(branch) if c.pk not in have]
    homes = home_codes(others)
    return late + [MissingCircle(c, None, "本期没有表") for c in others if homes[c.pk].startswith(branch)]


def _thin(wave: Wave, lines: Sequence[CircleLine]) -> list[ThinSample]:
    least = checks.limits_of(wave)["samples_least"]
    return [
        ThinSample(line.of, line.n_samples, line.of.samples_reason)
        for line in lines
        if line.n_samples < least
    ]


def _mismatches(line: CircleLine) -> list[Mismatch]:
    found = []
    for column in SUMMED:
        typed = line.values[f"{TOTAL}.{column}"]
        if isinstance(typed, int) and typed != line.totals[column]:
            key = f"{TOTAL}.{column}"
            why = line.comments.get(key, "")
            found.append(Mismatch(line.of, key, typed, line.totals[column], why))
    return found


def _blanks(lines: Sequence[CircleLine]) -> dict[str, int]:
    keys = ["centres", "residents", *(f"{row}.{column}" for row in TYPE_ROWS for column in SUMMED)]
    counted = {key: sum(line.values[key] is None for line in lines) for key in keys}
    return {key: n for key, n in counted.items() if n}


def _has_satisfaction(values: dict[str, Value]) -> bool:
    return any(values[f"{row}.satisfaction"] is not None for row in (TOTAL, *TYPE_ROWS))
