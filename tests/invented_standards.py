"""A small catalogue and rule pack written by hand, so that report tests need no standards files."""

from __future__ import annotations

import datetime as dt

from yike.standards.types import (
    Bundle,
    BusinessType,
    BusinessTypes,
    Gate,
    GradeRule,
    IndicatorRule,
    RulePack,
    Source,
    Theme,
    TypeRule,
)

ROWS = (  # form row, code, label, group, norm minutes, required
    ("B01", "convenience_store", "便利店", "basic", 10, True),
    ("B02", "supermarket", "综合超市", "basic", 15, True),
    ("B03", "food_market", "菜市场", "basic", 10, True),
    ("B04", "fresh_store", "生鲜超市（菜店）", "basic", 10, True),
    ("B05", "breakfast", "早餐店", "basic", 10, True),
    ("B06", "repair", "维修点", "basic", 10, True),
    ("B07", "laundry", "洗染店", "basic", 10, True),
    ("B08", "hairdresser", "美容美发店", "basic", 10, True),
    ("B09", "copy_photo", "照相文印店", "basic", 10, True),
    ("B10", "pharmacy", "药店", "basic", 10, True),
    ("B11", "housekeeping", "家政服务", "basic", 10, True),
    ("B12", "parcel_point", "邮政快递综合服务点（快件箱组）", "basic", 10, True),
    ("B13", "recycling_point", "再生资源回收点", "basic", 10, True),
    ("B99", "basic_other", "其他（基本）", "basic", 15, False),
    ("Q01", "bookshop", "新式书店", "quality", 15, False),
    ("Q02", "fitness", "运动健身", "quality", 15, False),
    ("Q03", "dining", "特色餐饮店", "quality", 15, False),
    ("Q04", "elderly_care", "养老站点", "quality", 15, True),
    ("Q05", "childcare", "托育站点", "quality", 15, True),
    ("Q06", "wellness", "保健养生", "quality", 15, False),
    ("Q07", "training", "教育培训", "quality", 15, False),
    ("Q08", "leisure", "休闲娱乐", "quality", 15, False),
    ("Q99", "quality_other", "其他（品质）", "quality", 15, False),
    ("F01", "health_station", "社区卫生服务站", "facility", 10, False),
    ("F02", "culture_station", "文化活动站", "facility", 15, False),
    ("F03", "public_toilet", "公共厕所", "facility", 5, False),
)
UNSTAFFED = ("parcel_point", "recycling_point")
DOCUMENT = "义政办〔2023〕9号"
MEASURES = {  # where the measure is not called as the indicator
    "basic_present_share": "basic_points_share",
    "quality_present_share": "quality_points_share",
    "commercial_area_share": "area_share",
    "satisfaction_share": "external",
}


def invented_types() -> BusinessTypes:
    """The 23 rows of the survey form and three facilities, in form order."""
    return BusinessTypes(
        tuple(
            BusinessType(
                code=code,
                form_row=row,
                label=label,
                kind="facility" if group == "facility" else "outlet",
                group=group,
                is_unstaffed=code in UNSTAFFED,
                source=Source("天政办发〔2023〕54号", "附件5"),
            )
            for row, code, label, group, _, _ in ROWS
        )
    )


def _type_rule(code: str, group: str, minutes: int, is_required: bool) -> TypeRule:
    clause = "五（二）6" if group == "basic" else "五（二）7"
    text = f"步行 {minutes} 分钟范围内"
    mark = "official" if minutes == 10 else "inferred"
    return TypeRule(
        code=code,
        group=group,
        is_required=is_required,
        within_s=minutes * 60.0,
        share=0.8,
        source=Source(DOCUMENT, clause, "优先配齐基本保障类业态"),
        within_source=Source(DOCUMENT, clause, text, mark),
        share_source=Source("yike-defaults", "覆盖门槛", "八成居民在时限内可达即算有", "inferred"),
    )


def _indicator(
    code: str, label: str, unit: str, limit: float | None, points: float | None, clause: str
) -> IndicatorRule:
    return IndicatorRule(
        code=code,
        label=label,
        measure=MEASURES.get(code, code),
        unit=unit,
        at_least=limit,
        at_most=None,
        equals=None,
        points=points,
        points_from=0.0 if points else None,
        points_full=limit if points else None,
        params={},
        scope="circle",
        due=dt.date(2025, 12, 31) if code == "satisfaction_share" else None,
        source=Source(DOCUMENT, clause, label, "official" if clause == "二" else "inferred"),
    )


INDICATORS = (
    ("basic_present_share", "基本保障类业态齐备率", "share", 1.0, 30.0, "五（二）6"),
    ("quality_present_share", "品质提升类业态齐备率", "share", 0.6, 15.0, "五（二）7"),
    ("chain_share", "连锁店占比", "share", 0.3, 10.0, "二"),
    ("chain_share_staffed", "连锁店占比（不计无人点）", "share", None, None, "说明"),
    ("commercial_area_share", "商业和综合服务设施面积占比", "share", 0.1, 10.0, "三"),
    (
        "service_area_per_100_households",
        "每百户社区综合服务设施面积",
        "m2_per_100_households",
        30.0,
        None,
        "三",
    ),
    ("satisfaction_share", "居民满意度", "share", 0.85, 10.0, "二"),
)


def invented_rules() -> RulePack:
    """A rule pack with norms, indicators, three grades, bundles and themes."""
    gates = (
        Gate("basic", "basic_present_share", 0.75, None, Source(DOCUMENT, "六", "", "inferred")),
        Gate("score", "score", 60.0, None, Source("yike-defaults", "等级", "", "inferred")),
    )
    care = (("elderly_care",), ("childcare",))
    return RulePack(
        code="yima-2023-9",
        title=DOCUMENT,
        issuer="义马市人民政府办公室",
        base="mofcom-2021-247",
        lineage=("mofcom-2021-247", "yima-2023-9"),
        valid_from=dt.date(2023, 5, 1),
        checked=dt.date(2026, 1, 15),
        is_inferred=False,
        types=tuple(_type_rule(code, group, m, req) for _, code, _, group, m, req in ROWS),
        indicators=tuple(_indicator(*row) for row in INDICATORS),
        grades=(
            GradeRule("basic", "基础型", gates[:1], Source(DOCUMENT, "六")),
            GradeRule("improved", "提升型", gates, Source(DOCUMENT, "六")),
            GradeRule("quality", "品质型", gates, Source(DOCUMENT, "六")),
        ),
        bundles=(
            Bundle(
                "store_breakfast",
                "一店一早",
                (("convenience_store",), ("breakfast",)),
                ("便利店", "早餐店"),
                Source(DOCUMENT, "四"),
            ),
            Bundle(
                "market_repair",
                "一菜一修",
                (("food_market", "fresh_store"), ("repair",)),
                ("菜市场或菜店", "维修点"),
                Source(DOCUMENT, "四"),
            ),
            Bundle("elder_child", "一老一小", care, ("养老站点", "托育站点"), Source(DOCUMENT, "四")),
        ),
        themes=(
            Theme(
                "shopping",
                "便民购物圈",
                ("convenience_store", "supermarket", "food_market"),
                "商务局",
                900.0,
                Source("天政办发〔2023〕54号", "附件4"),
            ),
            Theme(
                "care",
                "为老服务圈",
                ("elderly_care",),
                "民政局",
                900.0,
                Source("天政办发〔2023〕54号", "附件4"),
            ),
        ),
        targets=(),
        settings={"rounding": "half_up", "count_decimals": 2.0},
        setting_sources={},
    )
