"""The timetable of a pack: the tiny street with two vendors and three stops, worked out by hand."""

import datetime as dt
import json
import math
from dataclasses import replace

import pytest

from timetable_pack import USUAL_STOPS, USUAL_VENDORS, write_timetable_pack
from yike.errors import InfeasibleError, InputError, NoCandidatesError
from yike.studies.pipeline import base_of
from yike.studies.study import StudySpec, silent
from yike.studies.timetable import TimetableSpec, timetable_of
from yike.studies.timetable_check import check_timetable
from yike.studies.timetable_papers import coverage_lines, record_of, week_lines
from yike.studies.watch import Watch

QUICK = TimetableSpec(rounds=100)


def base_at(folder, **given):
    return base_of(StudySpec(write_timetable_pack(folder, **given)), Watch(silent))


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return base_at(tmp_path_factory.mktemp("timetable") / "pack")


@pytest.fixture(scope="module")
def facts(base):
    return timetable_of(base, QUICK)


def reach_in(facts, trade, community=""):
    return next(r for r in facts.reach if (r.trade, r.community) == (trade, community))


def visits_in(facts):
    return [(v.vendor_id, v.stop_id, v.day, v.half) for v in facts.visits]


def test_the_week_of_the_tiny_street(facts):
    # Stop a meets p1 and p2 (300 people), b, open on Saturday mornings only, p3 (300). v2 sharpens knives
    # and mends shoes at weekends: a and b on Saturday (or a on Sunday) meet 600 people with both trades.
    assert ("v2", "b", 5, "am") in visits_in(facts)
    assert sorted({v.stop_id for v in facts.visits}) == ["a", "b"]
    assert facts.objective == facts.bound == 2 * 600
    assert (facts.status, facts.gap) == ("optimal", 0)


def test_visits_say_when_and_how_many_people_live_near(facts):
    saturday = next(v for v in facts.visits if v.stop_id == "b")

    assert (saturday.begins, saturday.ends, saturday.people) == ("08:00", "11:30", 300)


def test_coverage_before_and_after(facts):
    shoes = reach_in(facts, "shoe_repair")

    # 607 people live in the pack, 7 of them (far) beyond every street; nobody is known to mend shoes there,
    # but nobody looked either: unknown, not 0.
    assert (shoes.people, shoes.before_least, shoes.after_once, shoes.after_twice) == (607, 0, 600, 0)
    assert math.isnan(shoes.before)
    assert (shoes.before_words, shoes.gained) == ("登记中没有写明做修鞋的网点，清单未经普查", 600)


def base_with_outlets(folder, *rows, surveyed=False):
    """The tiny street with more outlets; its list may claim to be complete."""
    write_timetable_pack(folder)
    with (folder / "outlets.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(f"{row}\n" for row in rows)
    if surveyed:
        toml = (folder / "pack.toml").read_text("utf-8")
        toml = toml.replace('file = "outlets.csv"', 'file = "outlets.csv"\nsurveyed = true', 1)
        (folder / "pack.toml").write_text(toml, "utf-8")
    return base_of(StudySpec(folder), Watch(silent))


def test_before_is_nought_where_a_surveyed_list_names_nobody(tmp_path):
    facts = timetable_of(base_with_outlets(tmp_path / "pack", surveyed=True), QUICK)
    shoes = reach_in(facts, "shoe_repair")

    assert (shoes.before, shoes.before_words, shoes.gained) == (0, "", 600)
    assert "修鞋：0.0% → 每周至少一次 98.8%（增 600 人），至少两次 0.0%" in coverage_lines(facts)


def test_before_is_unknown_near_repairers_who_do_not_say_what_they_mend(tmp_path):
    # The repairer stands at p3 (300 people); nobody knows whether he mends shoes or sharpens knives.
    base = base_with_outlets(tmp_path / "pack", "s9,便民维修,维修点,116.320,40.0", surveyed=True)
    facts = timetable_of(base, QUICK)
    shoes = reach_in(facts, "shoe_repair")

    assert math.isnan(shoes.before)
    assert (shoes.before_least, shoes.gained) == (0, 600)
    assert shoes.before_words == "登记中没有写明做修鞋的网点，另有 1 家维修点未写明"
    assert record_of(facts)["reach"][0]["before"] is None
    assert any("附近有这些网点的居民，“原来够得着”按未知列出" in note for note in facts.notes)


def test_before_is_known_in_part_where_some_say_and_some_do_not(tmp_path):
    # A cobbler at p1 (100 people; p2 lies 4 steps, 340 m off: 200 more), the silent repairer at p3.
    rows = ("s8,老王修鞋,修鞋,116.301,40.0", "s9,便民维修,维修点,116.320,40.0")
    facts = timetable_of(base_with_outlets(tmp_path / "pack", *rows), QUICK)
    shoes = reach_in(facts, "shoe_repair")

    assert math.isnan(shoes.before)
    assert shoes.before_least == 300
    assert any(
        line.startswith("修鞋：未知（已写明的至少 49.4%；另有 1 家维修点未写明做不做修鞋）")
        for line in coverage_lines(facts)
    )


def test_an_outlet_that_says_what_it_mends_leaves_nothing_open(tmp_path):
    base = base_with_outlets(tmp_path / "pack", "s9,开锁换锁,配钥匙,116.320,40.0", surveyed=True)
    shoes = reach_in(timetable_of(base, QUICK), "shoe_repair")

    assert (shoes.before, shoes.before_words) == (0, "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a b", "http://" + "x" * 600, "班表"])
def test_an_address_that_no_code_can_hold_is_refused(base, url):
    with pytest.raises(InputError, match="二维码"):
        timetable_of(base, replace(QUICK, public_url=url))


def test_a_last_day_before_the_first_is_refused(base):
    with pytest.raises(InputError, match="早于开始日期 2026-01-05"):
        timetable_of(base, replace(QUICK, last_day=dt.date(2026, 1, 1)))


def test_the_first_day_is_the_monday_after_the_data(facts):
    # 1 January 2026 is a Thursday.
    assert facts.first_day == dt.date(2026, 1, 5)


def test_a_first_day_that_is_no_monday_is_refused(base):
    with pytest.raises(InputError, match="不是星期一") as wrong:
        timetable_of(base, replace(QUICK, first_day=dt.date(2026, 1, 1)))
    assert "2026-01-05" in wrong.value.hint


def test_notes_tell_what_was_left_out(facts):
    told = "\n".join(facts.notes)

    assert "步行 10 分钟内没有需要的居民、不排班的停靠点：远处。" in facts.notes
    assert "排了班也不会新增居民、因此没有排班的服务者：王师傅。" in facts.notes
    assert "1 处居住点（7 人）未接入步行路网" in told
    assert "推定" in told


def test_vendors_without_time_trade_or_place_are_told(tmp_path):
    vendors = [
        *USUAL_VENDORS,
        "v3,没空的,修鞋,,0,",
        "v4,卖药的,药店,,,",
        "v5,周日的,早餐店,周日,,",
    ]
    stops = ["a,东头,,116.303,40.0,1,修鞋；磨刀,", "s,关着,,116.305,40.0,0,,"]
    base = base_at(tmp_path / "pack", vendors=vendors, stops=stops)
    told = timetable_of(base, replace(QUICK, trades=("修鞋", "磨刀", "早餐店", "理发"))).notes

    assert "没有空闲半天、没有排班的服务者：没空的。" in told
    assert "业态不在本次范围、没有排班的服务者：卖药的。" in told
    assert "没有一处停靠点能停、没有排班的服务者：周日的。" in told
    assert "容量为 0 或没有可用时段的停靠点：关着。" in told
    assert "没有人提供的业态：美容美发店。" in told


def test_who_reaches_a_fixed_outlet_is_left_out_unless_asked_for(tmp_path):
    # The drugstore s2 stands at 116.310: p2 (5 steps, 425 m) reaches it, p1 (9 steps) and p3 (10) do not.
    base = base_at(tmp_path / "pack", vendors=["v1,药车,药店,,,"])
    lacking = timetable_of(base, QUICK)
    everybody = timetable_of(base, replace(QUICK, count_served=True))

    assert (lacking.objective, everybody.objective) == (100 + 300, 600)
    found = reach_in(lacking, "pharmacy")
    assert (found.before, found.after_once) == (200, 600)


def test_meeting_twice_counts_on_two_days(tmp_path):
    base = base_at(tmp_path / "pack", vendors=["v1,王师傅,修鞋,周一；周三,,"], stops=USUAL_STOPS[:1])
    facts = timetable_of(base, replace(QUICK, twice=True))

    # Stop a on both days: 300 once, and half of that for the second time.
    assert sorted(v.day for v in facts.visits) == [0, 2]
    assert facts.objective == 450
    assert reach_in(facts, "shoe_repair").after_twice == 300


def test_a_wider_trade_takes_whoever_does_part_of_it(base):
    facts = timetable_of(base, replace(QUICK, trades=("维修点",)))

    assert facts.trades == (("repair", "维修点"),)
    assert reach_in(facts, "repair").after_once == 600


def test_a_trade_nobody_knows_is_refused(base):
    with pytest.raises(InputError, match="修飞机发动机"):
        timetable_of(base, replace(QUICK, trades=("修飞机发动机",)))


def test_unknown_people_count_alike_and_are_called_an_estimate(tmp_path):
    folder = write_timetable_pack(tmp_path / "pack")
    rows = (folder / "places.csv").read_text("utf-8").splitlines()
    (folder / "places.csv").write_text("\n".join(r.rsplit(",", 1)[0] for r in rows) + "\n", "utf-8")
    facts = timetable_of(base_of(StudySpec(folder), Watch(silent)), QUICK)

    assert facts.objective == 2 * 3
    assert "没有居民数，各居住点同等看待，文中的“人”实为居住点数（估算）。" in facts.notes
    assert all(v.people != v.people for v in facts.visits)


def test_without_vendors_or_stops_the_cure_is_told(tiny_pack, tmp_path):
    none = base_of(StudySpec(tiny_pack), Watch(silent))
    with pytest.raises(NoCandidatesError, match="没有流动服务者名单") as no_vendors:
        timetable_of(none, QUICK)
    vendors = write_timetable_pack(tmp_path / "pack") / "vendors.csv"
    with pytest.raises(NoCandidatesError, match="没有停靠点清单") as no_stops:
        timetable_of(none, replace(QUICK, vendors=vendors))

    assert "--vendors" in no_vendors.value.hint
    assert "--stops-from" in no_stops.value.hint


def test_stops_are_made_of_premises_only_when_asked_for_and_labelled(tiny_pack, tmp_path):
    none = base_of(StudySpec(tiny_pack), Watch(silent))
    vendors = write_timetable_pack(tmp_path / "pack") / "vendors.csv"
    facts = timetable_of(none, replace(QUICK, vendors=vendors, stops_from="premises"))

    assert [s.name for s in facts.stops] == ["空房"]
    assert "停靠点由闲置用房清单生成，未经现场确认能否停靠。" in facts.notes
    with pytest.raises(NoCandidatesError, match="movable"):
        timetable_of(none, replace(QUICK, vendors=vendors, stops_from="movable"))


COMMUNITIES = "\n[communities]\nsource = 'column'\ncolumn = 'community'\n\n[[source]]"


def with_communities(folder, **given):
    """p1 and p2 live in 甲, p3 in 乙."""
    write_timetable_pack(folder, **given)
    toml = (folder / "pack.toml").read_text("utf-8")
    (folder / "pack.toml").write_text(toml.replace("\n[[source]]", COMMUNITIES, 1), "utf-8")
    rows = (folder / "places.csv").read_text("utf-8").splitlines()
    names = ["community", "甲", "甲", "乙", "甲"]
    text = "\n".join(f"{r},{n}" for r, n in zip(rows, names, strict=True))
    (folder / "places.csv").write_text(text + "\n", "utf-8")
    return base_of(StudySpec(folder), Watch(silent))


ONE_HALF_DAY = {
    "vendors": ["v1,王师傅,修鞋,周一；周二,1,"],
    "stops": [USUAL_STOPS[0], "b,西头,,116.318,40.0,1,,"],
}


def test_coverage_is_told_by_community(tmp_path):
    facts = timetable_of(with_communities(tmp_path / "pack", **ONE_HALF_DAY), QUICK)

    # One half-day: 300 people at either stop, and one community stays at nothing.
    assert facts.objective == 300
    after = {r.community: r.after_once for r in facts.reach}
    assert after[""] == 300
    assert sorted([after["甲"], after["乙"]]) == [0, 300]
    assert {s.stop_id: s.community for s in facts.stops} == {"a": "甲", "b": "乙"}


def test_a_minimum_for_each_community_that_cannot_be_met_says_what_could(tmp_path):
    base = with_communities(tmp_path / "pack", **ONE_HALF_DAY)

    with pytest.raises(InfeasibleError, match="最好也只能") as wrong:
        timetable_of(base, replace(QUICK, least_share=0.5))
    assert wrong.value.facts["best"] == "0.0%"
    assert "停靠点" in wrong.value.hint


def test_a_minimum_that_can_be_met_is_met(tmp_path):
    two = ONE_HALF_DAY | {"vendors": ["v1,王师傅,修鞋,周一；周二,2,"]}
    facts = timetable_of(with_communities(tmp_path / "pack", **two), replace(QUICK, least_share=1.0))

    assert facts.objective == 600


def test_record_and_lines_are_plain_and_hold_no_phone(facts):
    told = json.dumps(record_of(facts), ensure_ascii=False, allow_nan=False)

    assert "000-0001" not in told
    assert any(line.startswith("修鞋：未知（") for line in coverage_lines(facts))
    assert "周六上午　西头　李师傅" in week_lines(facts)


def test_equal_runs_give_equal_facts(base, facts):
    again = timetable_of(base, QUICK)

    assert replace(again, seconds=0.0) == replace(facts, seconds=0.0)


def edited(folder, *visits):
    keys = ("vendor_id", "stop_id", "day", "half")
    path = folder / "edited.json"
    path.write_text(json.dumps({"visits": [dict(zip(keys, v, strict=True)) for v in visits]}), "utf-8")
    return path


def test_a_good_edited_timetable_has_no_faults(base, tmp_path):
    facts, faults = check_timetable(base, QUICK, edited(tmp_path, ("v1", "a", 0, "am")))

    assert faults == []
    assert reach_in(facts, "shoe_repair").after_once == 300


def test_every_broken_rule_of_an_edited_timetable_is_told(base, tmp_path):
    file = edited(
        tmp_path,
        ("v1", "a", 1, "am"),  # not free on Tuesdays, and one half-day more than he has
        ("v1", "b", 0, "am"),  # b is open on Saturday mornings only
        ("v2", "a", 5, "am"),
        ("v2", "b", 5, "am"),  # in two places
        ("v9", "a", 0, "am"),
        ("v2", "z", 0, "am"),
        ("v2", "a", 9, "am"),
    )
    _, faults = check_timetable(base, QUICK, file)

    assert sorted(f.code.removeprefix("timetable.check.") for f in faults) == [
        "not_free", "not_open", "stop", "too_many", "two_places", "vendor", "when",
    ]  # fmt: skip
    assert all(f.message and f.cure for f in faults)


def test_full_stops_and_long_ways_are_told(tmp_path):
    vendors = ["v1,甲,修鞋,,,", "v2,乙,修鞋,,,"]
    base = base_at(tmp_path / "pack", vendors=vendors)
    file = edited(
        tmp_path, ("v1", "a", 0, "am"), ("v2", "a", 0, "am"), ("v1", "c", 0, "pm")
    )  # a to c: 52 steps of 85 m, 66 minutes
    _, faults = check_timetable(base, QUICK, file)

    assert [f.code for f in faults] == ["timetable.check.full", "timetable.check.too_far"]


def test_a_file_that_is_no_timetable_is_refused(base, tmp_path):
    path = tmp_path / "x.json"
    path.write_text("[1, 2]", "utf-8")

    with pytest.raises(InputError, match="不是班表文件"):
        check_timetable(base, QUICK, path)


@pytest.mark.parametrize("text", ["", "不是", "[" * 100_000, '{"visits": [' + "9" * 5000 + "]}"])
def test_a_file_that_is_no_json_is_refused(base, tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")

    with pytest.raises(InputError, match="不是 UTF-8 编码的 JSON 文件"):
        check_timetable(base, QUICK, path)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_timetable_saved_in_another_encoding_is_told_so(base, tmp_path, encoding):
    path = tmp_path / "x.json"
    path.write_text('{"名称": "班表", "visits": []}', encoding)

    with pytest.raises(InputError, match="编码不对"):
        check_timetable(base, QUICK, path)


@pytest.mark.parametrize("when", [{"day": True}, {"day": 7}, {"day": "周一"}, {"half": ["am"]}, {"day": 1.0}])
def test_times_that_are_none_are_named_by_their_place(base, tmp_path, when):
    path = tmp_path / "x.json"
    visit = {"vendor_id": "v2", "stop_id": "b", "day": 5, "half": "am"}
    path.write_text(json.dumps({"visits": [visit, visit | when]}), "utf-8")
    _, faults = check_timetable(base, QUICK, path)

    assert [f.code for f in faults] == ["timetable.check.when"]
    assert faults[0].where == "x.json “[visits] 第 2 条 day”"


def test_the_made_up_town_is_solved_to_the_end(yima_pack):
    base = base_of(StudySpec(yima_pack), Watch(silent))
    facts = timetable_of(base, TimetableSpec())

    assert facts.status == "optimal"
    assert facts.provenance.is_invented
    assert {v.vendor_id for v in facts.visits} <= set(base.pack.vendors.vendor_id)
    for row in facts.reach:
        assert 0 <= row.before_least <= row.after_twice <= row.after_once <= row.people
        assert math.isnan(row.before) == bool(row.before_words)
        assert math.isnan(row.before) or row.before == row.before_least
    assert sum(r.gained for r in facts.reach if not r.community) == pytest.approx(facts.objective)
