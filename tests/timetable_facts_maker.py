"""Hand-made timetables for the tests of their papers: a usual one, one visit, and one as full as can be."""

import datetime as dt
from dataclasses import replace

from yike.core.tables import Provenance, SourceNote
from yike.reports.timetable_facts import Stop, TimetableFacts, TradeReach, Vendor, Visit

NAN = float("nan")

TRADES = (("repair", "维修"), ("hairdresser", "理发"), ("vegetables", "菜店"), ("breakfast", "早餐"))

VENDORS = (
    Vendor("V1", "王师傅修鞋摊", ("repair",), "000-0001"),
    Vendor("V2", "李师傅磨刀", ("repair",)),
    Vendor("V3", "便民理发", ("hairdresser",)),
    Vendor("V4", "蔬菜直通车1号", ("vegetables", "breakfast")),
)

STOPS = (
    Stop("P1", "光明社区广场", "光明路 12 号东侧", 111.87, 34.75, "光明社区"),
    Stop("P2", "桥南小区东门", "", 111.88, 34.76, "桥南社区"),
    Stop("P3", "文化活动中心门前", "文化街 3 号", 111.89, 34.77, ""),
)

MORNING, AFTERNOON = ("08:00", "11:30"), ("14:00", "17:30")


def visit(vendor, stop, day, half, people=1200.0):
    begins, ends = MORNING if half == "am" else AFTERNOON
    return Visit(vendor, stop, day, half, begins, ends, people)


PROVENANCE = Provenance(
    code="tiny",
    name="小城",
    division="411281",
    as_of="2026-01-01",
    is_invented=False,
    sources=(SourceNote("商务局流动摊位登记表", "内部资料"), SourceNote("OpenStreetMap", "ODbL-1.0")),
)

REACH = (
    TradeReach("repair", "", 3000.0, 900.0, 2400.0, 1800.0),
    TradeReach("repair", "光明社区", 2000.0, 900.0, 2000.0, 1500.0),
    TradeReach("repair", "桥南社区", 1000.0, 0.0, 400.0, 300.0),
    TradeReach("hairdresser", "", 3000.0, 1500.0, 3000.0, 1500.0),
    TradeReach("hairdresser", "光明社区", 2000.0, 1500.0, 2000.0, 1500.0),
    TradeReach("hairdresser", "桥南社区", NAN, NAN, NAN, NAN),
)


def usual(**changes):
    """Four vendors, three stops, eight visits; stop P3 has one, and nothing comes on Thursdays."""
    facts = TimetableFacts(
        provenance=PROVENANCE,
        title="小城流动便民服务时间表",
        first_day=dt.date(2026, 1, 5),
        last_day=None,
        walk_s=600.0,
        vendors=VENDORS,
        stops=STOPS,
        trades=TRADES,
        visits=(
            visit("V1", "P1", 0, "am"),
            visit("V3", "P1", 0, "am"),
            visit("V4", "P2", 0, "pm", 800.0),
            visit("V2", "P1", 1, "pm"),
            visit("V4", "P1", 2, "am"),
            visit("V1", "P2", 4, "pm", 800.0),
            visit("V3", "P3", 5, "am", NAN),
            visit("V4", "P1", 6, "am"),
        ),
        reach=REACH,
        objective=5400.0,
        bound=5400.0,
        gap=0.0,
        status="optimal",
        method="整数规划（HiGHS）",
        seconds=0.8,
        seed=0,
        notes=("居民人数为估算。",),
    )
    return replace(facts, **changes)


def invented(**changes):
    """The usual one out of an invented pack."""
    return usual(provenance=replace(PROVENANCE, is_invented=True), **changes)


def one_visit(**changes):
    """One vendor, one stop, once a week."""
    visits = (visit("V1", "P1", 2, "am"),)
    return usual(**{"vendors": VENDORS[:1], "stops": STOPS[:1], "visits": visits, **changes})


def crowded(**changes):
    """Every half-day of the week three vendors at one stop: the fullest poster there is."""
    vendors = tuple(
        Vendor(f"V{i}", name, trades, f"000-{i:04d}")
        for i, (name, trades) in enumerate(
            (
                ("王师傅修鞋配钥匙", ("repair",)),
                ("便民理发", ("hairdresser",)),
                ("蔬菜直通车2号", ("vegetables",)),
            )
        )
    )
    visits = tuple(visit(v.vendor_id, "P1", d, h) for d in range(7) for h in ("am", "pm") for v in vendors)
    return usual(vendors=vendors, stops=STOPS[:1], visits=visits, **changes)
