"""Checks every standards file as a person would: sources, names, measures, gates, dates, marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from yike.core.circle.measures import EXTERNAL, MEASURES
from yike.errors import Fault, PolicyFileError
from yike.standards.check_plans import check_plans
from yike.standards.check_projects import check_projects
from yike.standards.check_sites import check_site_rules
from yike.standards.check_types import check_types
from yike.standards.data_files import DATA
from yike.standards.documents import load_documents
from yike.standards.judging import load_judgement, load_options, load_siting_limits
from yike.standards.layers import Layer
from yike.standards.loader import load_profiles, load_supply, load_types
from yike.standards.packs import build_pack, find_files, load_lineage
from yike.standards.types import BusinessTypes, GradeRule, IndicatorRule, RulePack, Source

SETTINGS = {
    "rounding": ("half_up", "half_even"),
    "count_decimals": (0.0, 2.0),
    "services_count": ("once_in_totals", "once_per_type"),
    "community_canteen_row": ("Q99", "Q03", "Q04", "B99"),
}
"""Settings with a closed list of values; other settings may be any value."""

_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2060, 12, 31)
_LONGEST_NORM_S = 3600.0


def check_standards(extra_dirs: tuple[Path, ...] = ()) -> list[Fault]:
    """
    Check the catalogue, every rule pack and the other standards files.

    Parameters
    ----------
    extra_dirs
        Folders with packs of a person's own, checked like the program's.

    Returns
    -------
    Every fault found, file by file; ``level`` "error" makes a pack unusable or misleading, "warning" is
    worth a look, "note" lists what has not been verified. Empty when all is well.
    """
    try:
        types = load_types()
        load_profiles(), load_judgement(), load_options(), load_siting_limits()
        files = find_files((DATA / "rule_packs", *extra_dirs))
        documents = frozenset(load_documents()) | frozenset(files)
    except PolicyFileError as error:
        return [_as_fault(error)]
    faults = list(check_types(types, documents))
    faults += _check_supply(types, documents)
    try:
        faults += check_projects(types, documents)
        faults += check_plans(documents, check_source)
    except PolicyFileError as error:
        faults.append(_as_fault(error))
    faults += check_site_rules(types, documents, check_source)
    for code in files:
        faults += _check_file(code, files, types, documents)
    return faults


def _as_fault(error: PolicyFileError) -> Fault:
    return Fault(error.code, file=str(error.facts.get("file", "")), facts=error.facts)


def _fault(
    code: str, file: str, key: str, found: object = "", expected: str = "", level: str = "error"
) -> Fault:
    return Fault(
        f"standards.check.{code}",
        file=file,
        found=str(found),
        expected=expected,
        level=level,
        facts={"key": key},
    )


def _check_supply(types: BusinessTypes, documents: frozenset[str]) -> Iterator[Fault]:
    known = {t.code for t in types}
    for norm in load_supply():
        if norm.code not in known:
            yield _fault("type_unknown", "supply.toml", f"supply[{norm.code}]", norm.code)
        yield from check_source(norm.source, "supply.toml", f"supply[{norm.code}]", documents)
        if not norm.source.is_inferred:
            yield _fault("not_marked", "supply.toml", f"supply[{norm.code}]")


def _check_file(
    code: str, files: dict[str, Path], types: BusinessTypes, documents: frozenset[str]
) -> Iterator[Fault]:
    try:
        line = load_lineage(code, files)
        pack = build_pack(code, files, types)
    except PolicyFileError as error:
        yield _as_fault(error)
        return
    file = files[code].name
    yield from _check_head(line, pack, file)
    yield from _check_removed(line, file)
    for key, source in sources_of(pack):
        yield from check_source(source, file, key, documents)
    yield from _check_types_named(pack, types, file)
    for indicator in pack.indicators:
        yield from _check_indicator(indicator, types, file)
    yield from _check_grades(pack, file)
    yield from _check_targets(pack, file)
    yield from _check_settings(pack, file)


def check_source(source: Source, file: str, key: str, documents: frozenset[str]) -> Iterator[Fault]:
    """A source names a known document and says where in it; our own inference says that it is one."""
    if not source.document or not (source.text or source.clause):
        yield _fault("source_missing", file, key)
    elif source.document not in documents:
        yield _fault("document_unknown", file, key, source.document)
    elif source.document.startswith("yike-") and not source.is_inferred:
        yield _fault("not_marked", file, key, source.document)


def sources_of(pack: RulePack) -> Iterator[tuple[str, Source]]:
    """Every source of a merged pack, with the key of the value it stands behind."""
    for rule in pack.types:
        at = f"type[{rule.code}]"
        yield at, rule.source
        yield f"{at}.required", rule.required_source
        yield f"{at}.within", rule.within_source
        yield f"{at}.share", rule.share_source
    for indicator in pack.indicators:
        yield f"indicator[{indicator.code}]", indicator.source
        if indicator.points is not None:
            yield f"indicator[{indicator.code}].points", indicator.points_source
    for grade in pack.grades:
        yield f"grade[{grade.code}]", grade.source
        for gate in grade.gates:
            yield f"grade[{grade.code}].gate[{gate.code}]", gate.source
    for bundle in pack.bundles:
        yield f"bundle[{bundle.code}]", bundle.source
    for theme in pack.themes:
        yield f"theme[{theme.code}]", theme.source
    for target in pack.targets:
        yield f"target[{target.code}]", target.source
    for name, source in pack.setting_sources.items():
        yield f"settings.{name}", source


def _check_head(line: tuple[Layer, ...], pack: RulePack, file: str) -> Iterator[Fault]:
    if pack.checked is None:
        yield _fault("not_checked", file, "checked", level="warning")
    for key, day in (("from", pack.valid_from), ("checked", pack.checked)):
        if day is not None and not _FIRST_DAY <= day <= _LAST_DAY:
            yield _fault("date", file, key, day)
    if pack.valid_from and pack.checked and pack.checked < pack.valid_from:
        yield _fault("checked_early", file, "checked", pack.checked, str(pack.valid_from))
    below = [layer for layer in line[:-1] if layer.valid_from]
    if pack.valid_from and any(layer.valid_from > pack.valid_from for layer in below if layer.valid_from):
        yield _fault("base_later", file, "base", pack.base, level="warning")
    if pack.is_inferred and pack.mark != "inferred":
        yield _fault("not_marked", file, "mark", pack.mark)


def _check_removed(line: tuple[Layer, ...], file: str) -> Iterator[Fault]:
    """A removal that removes nothing is a misspelling."""
    for section, entries in line[-1].sections.items():
        below = {code for layer in line[:-1] for code in layer.sections[section]}
        for code, values in entries.items():
            may_be_lent = section in ("indicator", "grade") and any(layer.scoring for layer in line)
            if values.get("remove") and code not in below and not may_be_lent:
                yield _fault("removes_nothing", file, f"{section}[{code}]", code)


def _check_types_named(pack: RulePack, types: BusinessTypes, file: str) -> Iterator[Fault]:
    known = {t.code for t in types}
    named = [(f"type[{rule.code}]", rule.code) for rule in pack.types]
    for bundle in pack.bundles:
        if not bundle.slots or not all(bundle.slots):
            yield _fault("empty_slot", file, f"bundle[{bundle.code}]")
        named += [(f"bundle[{bundle.code}]", code) for slot in bundle.slots for code in slot]
    for theme in pack.themes:
        named += [(f"theme[{theme.code}]", code) for code in theme.types]
    for key, code in named:
        if code not in known:
            yield _fault("type_unknown", file, key, code)
    for rule in pack.types:
        if not 0 < rule.share <= 1:
            yield _fault("share", file, f"type[{rule.code}].share", rule.share)
        if not 0 < rule.within_s <= _LONGEST_NORM_S:
            yield _fault("within", file, f"type[{rule.code}].within", rule.within_s / 60)


def _check_indicator(rule: IndicatorRule, types: BusinessTypes, file: str) -> Iterator[Fault]:
    at = f"indicator[{rule.code}]"
    if rule.measure not in MEASURES and rule.measure not in EXTERNAL:
        yield _fault(
            "measure", file, f"{at}.measure", rule.measure, "、".join(sorted((*MEASURES, *EXTERNAL)))
        )
    limits = [limit for limit in (rule.at_least, rule.at_most, rule.equals) if limit is not None]
    if rule.unit == "share" and any(not 0 <= limit <= 1 for limit in limits):
        yield _fault("share", file, at, limits)
    if rule.at_least is not None and rule.at_most is not None and rule.at_least > rule.at_most:
        yield _fault("limits", file, at, limits)
    if rule.points is not None and (rule.points <= 0 or rule.points_from == rule.points_full):
        yield _fault("points", file, f"{at}.points", rule.points)
    if rule.due is not None and not _FIRST_DAY <= rule.due <= _LAST_DAY:
        yield _fault("date", file, f"{at}.due", rule.due)
    listed = rule.params.get("types", ())
    known = {t.code for t in types}
    for code in (listed,) if isinstance(listed, str) else listed if isinstance(listed, tuple) else ():
        if code not in known:
            yield _fault("type_unknown", file, f"{at}.params.types", code)


def _check_grades(pack: RulePack, file: str) -> Iterator[Fault]:
    known = {rule.code for rule in pack.indicators} | {"score"}
    has_points = any(rule.points is not None for rule in pack.indicators)
    for grade in pack.grades:
        if not grade.gates:
            yield _fault("no_gates", file, f"grade[{grade.code}]")
        for gate in grade.gates:
            at = f"grade[{grade.code}].gate[{gate.code}]"
            if gate.indicator not in known:
                yield _fault("gate_unknown", file, at, gate.indicator)
            if gate.indicator == "score" and not has_points:
                yield _fault("no_points", file, at)
            if gate.at_least is None and gate.at_most is None:
                yield _fault("gate_limit", file, at)
    for low, high in zip(pack.grades, pack.grades[1:], strict=False):
        yield from _check_order(low, high, file)


def _check_order(low: GradeRule, high: GradeRule, file: str) -> Iterator[Fault]:
    """A higher level never asks less than a lower one of the same indicator."""
    asked = {gate.indicator: gate for gate in high.gates}
    for gate in low.gates:
        above = asked.get(gate.indicator)
        is_less = above is None or (
            gate.at_least is not None and (above.at_least is None or above.at_least < gate.at_least)
        )
        if is_less:
            yield _fault("grade_order", file, f"grade[{high.code}]", gate.indicator, low.label)


def _check_targets(pack: RulePack, file: str) -> Iterator[Fault]:
    known = {rule.code for rule in pack.indicators}
    for target in pack.targets:
        at = f"target[{target.code}]"
        if target.indicator not in known:
            yield _fault("target_unknown", file, f"{at}.indicator", target.indicator)
        if target.unit == "share" and not 0 <= target.value <= 1:
            yield _fault("share", file, f"{at}.value", target.value)
        if target.due is not None and not _FIRST_DAY <= target.due <= _LAST_DAY:
            yield _fault("date", file, f"{at}.due", target.due)
        if target.due is None and not target.due_text:
            yield _fault("no_due", file, f"{at}.due", level="warning")


def _check_settings(pack: RulePack, file: str) -> Iterator[Fault]:
    for name, allowed in SETTINGS.items():
        value = pack.settings.get(name)
        if value is not None and value not in allowed:
            yield _fault("setting", file, f"settings.{name}", value, "、".join(map(str, allowed)))
