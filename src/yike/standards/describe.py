"""A rule pack and the catalogue as Chinese tables: what the command line and the reference pages show."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yike.standards.diff import Difference
from yike.standards.documents import INFERRED, source_words
from yike.standards.types import BusinessType, BusinessTypes, IndicatorRule, RulePack, Source

GROUP_WORDS = {"basic": "基本保障类", "quality": "品质提升类", "facility": "公共设施"}
KIND_WORDS = {"outlet": "网点", "facility": "公共设施", "movable": "可移动设施"}
SCOPE_WORDS = {"circle": "生活圈", "community": "社区", "city": "全市"}
UNIT_WORDS = {
    "share": "%",
    "count": "个",
    "m2": "平方米",
    "m2_per_100_households": "平方米/百户",
    "m2_per_person": "平方米/人",
    "per_1000": "个/千人",
    "people": "人",
    "score": "分",
    "stars": "星",
}
SECTION_WORDS = {
    "type": "业态",
    "indicator": "指标",
    "grade": "等级",
    "bundle": "组合",
    "theme": "主题圈",
    "target": "目标",
    "setting": "设置",
}
FIELD_WORDS = {
    "entry": "有无",
    "group": "类别",
    "is_required": "是否必备",
    "within_s": "步行时限",
    "share": "覆盖比例",
    "measure": "计算方法",
    "at_least": "不低于",
    "at_most": "不高于",
    "equals": "等于",
    "scope": "范围",
    "due": "期限",
    "params": "参数",
    "points": "分值",
    "points_from": "零分点",
    "points_full": "满分点",
    "label": "名称",
    "slots": "应有业态",
    "types": "业态",
    "lead_unit": "牵头单位",
    "indicator": "指标",
    "operator": "比较",
    "value": "取值",
}


@dataclass(frozen=True)
class TextTable:
    """A titled table of texts."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain_number(value: float) -> str:
    """A number without a trailing ``.0``."""
    return str(int(value)) if value == int(value) else str(round(value, 6))


def with_unit(value: float | None, unit: str) -> str:
    """A limit as people read it: 0.85 as 85%; empty for none."""
    if value is None:
        return ""
    return f"{plain_number(value * 100)}%" if unit == "share" else f"{plain_number(value)}{UNIT_WORDS[unit]}"


def marked(text: str, *sources: Source) -> str:
    """The text, with 〔推定〕 when any of its sources is an inference."""
    return f"{text}〔{INFERRED}〕" if text and any(source.is_inferred for source in sources) else text


def pack_tables(pack: RulePack, types: BusinessTypes) -> tuple[TextTable, ...]:
    """Everything a pack asks, section by section; inferred values wear their mark."""
    tables = (
        _types_table(pack, types),
        _indicators_table(pack),
        _grades_table(pack),
        _bundles_table(pack, types),
        _themes_table(pack, types),
        _targets_table(pack),
        _settings_table(pack),
    )
    return tuple(table for table in tables if table.rows)


def _labels(types: BusinessTypes) -> Mapping[str, str]:
    return {t.code: t.label for t in types}


def _types_table(pack: RulePack, types: BusinessTypes) -> TextTable:
    by_code = {t.code: t for t in types}
    rows = []
    for rule in pack.types:
        known = by_code.get(rule.code)
        rows.append((
            known.form_row if known else "",
            known.label if known else rule.code,
            GROUP_WORDS[rule.group],
            marked("必备" if rule.is_required else "不要求", rule.required_source),
            marked(f"{plain_number(rule.within_s / 60)} 分钟", rule.within_source),
            marked(with_unit(rule.share, "share"), rule.share_source),
            source_words(rule.source, pack.documents),
        ))  # fmt: skip
    columns = ("行次", "业态", "类别", "要求", "步行时限", "覆盖比例", "依据")
    return TextTable("业态", columns, tuple(rows))


def limit_words(rule: IndicatorRule) -> str:
    """The limit of an indicator in words, ``不设限`` without one."""
    parts = [("≥", rule.at_least), ("≤", rule.at_most), ("=", rule.equals)]
    words = [f"{sign}{with_unit(value, rule.unit)}" for sign, value in parts if value is not None]
    return "、".join(words) or "不设限"


def _points_words(rule: IndicatorRule) -> str:
    if rule.points is None or rule.points_from is None or rule.points_full is None:
        return ""
    span = f"{with_unit(rule.points_from, rule.unit)}→{with_unit(rule.points_full, rule.unit)}"
    return f"{plain_number(rule.points)} 分（{span}）"


def _indicators_table(pack: RulePack) -> TextTable:
    rows = tuple(
        (
            rule.code,
            rule.label,
            SCOPE_WORDS[rule.scope],
            marked(limit_words(rule), rule.source),
            rule.due.isoformat() if rule.due else "",
            marked(_points_words(rule), rule.points_source),
            rule.measure,
            source_words(rule.source, pack.documents),
        )
        for rule in pack.indicators
    )
    columns = ("代码", "指标", "范围", "要求", "期限", "分值", "计算方法", "依据")
    return TextTable("指标", columns, rows)


def _grades_table(pack: RulePack) -> TextTable:
    by_code = {rule.code: rule for rule in pack.indicators}
    rows = []
    for grade in pack.grades:
        for gate in grade.gates:
            rule = by_code.get(gate.indicator)
            unit = rule.unit if rule else "score"
            limits = [("≥", gate.at_least), ("≤", gate.at_most)]
            words = "、".join(f"{sign}{with_unit(v, unit)}" for sign, v in limits if v is not None)
            name = rule.label if rule else "总分"
            rows.append(
                (grade.label, name, marked(words, gate.source), source_words(gate.source, pack.documents))
            )
    return TextTable("等级与门槛", ("等级", "门槛", "要求", "依据"), tuple(rows))


def _bundles_table(pack: RulePack, types: BusinessTypes) -> TextTable:
    labels = _labels(types)
    rows = tuple(
        (
            bundle.label,
            "；".join(
                f"{label}（{'或'.join(labels.get(code, code) for code in slot)}）"
                for label, slot in zip(bundle.slot_labels, bundle.slots, strict=True)
            ),
            source_words(bundle.source, pack.documents),
        )
        for bundle in pack.bundles
    )
    return TextTable("组合", ("组合", "应有", "依据"), rows)


def _themes_table(pack: RulePack, types: BusinessTypes) -> TextTable:
    labels = _labels(types)
    rows = tuple(
        (
            theme.label,
            "、".join(labels.get(code, code) for code in theme.types) or "（线上服务，不按步行计）",
            "各业态时限" if theme.within_s is None else f"{plain_number(theme.within_s / 60)} 分钟",
            theme.lead_unit,
            source_words(theme.source, pack.documents),
        )
        for theme in pack.themes
    )
    return TextTable("主题便民圈", ("主题圈", "业态与设施", "时限", "牵头单位", "依据"), rows)


def _targets_table(pack: RulePack) -> TextTable:
    rows = tuple(
        (
            target.label,
            marked(f"{target.operator}{with_unit(target.value, target.unit)}", target.source),
            target.due.isoformat() if target.due else "",
            target.due_text,
            source_words(target.source, pack.documents),
            target.code,
        )
        for target in pack.targets
    )
    return TextTable("目标", ("目标", "要求", "期限", "期限原文", "依据", "代码"), rows)


def _settings_table(pack: RulePack) -> TextTable:
    rows = tuple(
        (
            name,
            marked(_setting_words(value), pack.setting_sources[name]),
            source_words(pack.setting_sources[name], pack.documents),
        )
        for name, value in pack.settings.items()
    )
    return TextTable("设置", ("设置", "取值", "依据"), rows)


def _setting_words(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else plain_number(value)


def type_tables(types: BusinessTypes) -> tuple[TextTable, ...]:
    """The catalogue in three tables: form rows, sub-types, facilities and movable kinds."""
    columns = ("行次", "代码", "业态", "类别", "别名", "高德", "国标行业", "OSM 标签", "依据")
    rows = [t for t in types if t.kind == "outlet" and not t.parent]
    subs = [t for t in types if t.parent]
    rest = [t for t in types if t.kind != "outlet" and not t.parent]
    titled = (("调查表 23 行", rows), ("下级业态", subs), ("公共设施与可移动设施", rest))
    return tuple(TextTable(title, columns, tuple(map(_type_row, some))) for title, some in titled)


def _type_row(t: BusinessType) -> tuple[str, ...]:
    named = [f"{code}（名称含{'、'.join(words)}）" for code, words in t.amap_named]
    notes = [f"（{'、'.join(t.unverified)} 待核）"] if t.unverified else []
    return (
        t.form_row,
        t.code,
        t.label,
        GROUP_WORDS.get(t.group, "") if t.kind == "outlet" else KIND_WORDS[t.kind],
        "、".join(t.alias),
        "、".join([*t.amap, *named]),
        "、".join([*t.gbt4754, *notes]),
        "；".join(" + ".join(f"{k}={v}" for k, v in tags.items()) for tags in t.osm),
        source_words(t.source),
    )


def difference_table(found: tuple[Difference, ...], titles: Mapping[str, str] | None = None) -> TextTable:
    """Differences of two packs with both sources; ``titles`` names documents of a person's own."""
    rows = tuple(
        (
            SECTION_WORDS[d.section],
            d.label,
            FIELD_WORDS.get(d.field, d.field),
            _told(d, d.before, d.before_source),
            _told(d, d.after, d.after_source),
            source_words(d.before_source, titles) if d.before_source else "",
            source_words(d.after_source, titles) if d.after_source else "",
        )
        for d in found
    )
    columns = ("部分", "名称", "项", "前", "后", "前的依据", "后的依据")
    return TextTable("不同之处", columns, rows)


def _told(d: Difference, value: Any, source: Source | None) -> str:
    if value is None:
        return "无"
    return marked(_value_words(d, value), *([source] if source else []))


def _value_words(d: Difference, value: Any) -> str:
    if d.field == "within_s":
        return f"{plain_number(value / 60)} 分钟"
    if d.field == "group":
        return GROUP_WORDS[value]
    if d.field == "is_required":
        return "必备" if value else "不要求"
    if isinstance(value, bool | str | dt.date):
        return str(value)
    if isinstance(value, int | float):
        return plain_number(value)
    if isinstance(value, Mapping):
        return "；".join(f"{key}={_joined(item)}" for key, item in value.items()) or "无"
    return _joined(value)


def _joined(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(_joined(item) for item in value if item is not None)
    return plain_number(value) if isinstance(value, int | float) else str(value)


def plain_data(value: Any) -> Any:
    """Anything of ``types.py`` as JSON data: dates as ISO text, sources with ``is_inferred``."""
    if isinstance(value, Source):
        return dataclasses.asdict(value) | {"is_inferred": value.is_inferred, "words": source_words(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain_data(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
