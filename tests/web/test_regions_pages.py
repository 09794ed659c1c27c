import datetime as dt
import io
import json

import pytest
from openpyxl import load_workbook

from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.regions.actions import add_profile, change_circle, enter_state
from yike.web.regions.divisions import load_divisions, load_tianshui_circles
from yike.web.regions.models import Area, Circle, CircleMember, CommunityProfile

PROGRAM = Who(None)
SQUARE = {"type": "Polygon", "coordinates": [[[105, 34], [105.1, 34], [105.1, 34.1], [105, 34.1], [105, 34]]]}


@pytest.fixture
def tianshui(db, now):
    return load_tianshui_circles(who=PROGRAM, now=now)


@pytest.fixture
def city(client, make_account):
    client.force_login(make_account("shi", "6205", "city", must_change_password=False))
    return client


def text_of(answer):
    return answer.content.decode()


def test_the_list_of_circles_narrows_by_state_year_class_theme_and_words(city, tianshui, now):
    first, second, *_ = tianshui
    enter_state(who=PROGRAM, circle=first, state="surveying", now=now)
    change_circle(who=PROGRAM, circle=second, fields={
        "neighbourhood_class": "block", "themes": ["care"], "layout_forms": ["street"], "build_year": 2024,
    }, now=now)  # fmt: skip

    def found(query):
        told = text_of(city.get(f"/desk/regions/circles/?{query}"))
        return [c.name for c in tianshui if c.name in told]

    assert len(found("")) == 6
    assert found("state=surveying") == [first.name]
    assert found("year=2024") == found("group=block") == found("theme=care") == found("layout=street")
    assert found("year=2024") == [second.name]
    assert found("q=东团庄") == [second.name]
    assert len(found("area=620503")) == 3


def test_a_community_worker_sees_the_circle_and_may_not_edit_it(client, make_account, tianshui):
    client.force_login(make_account("she", "620502001002", "community", must_change_password=False))
    key = tianshui[0].pk

    assert tianshui[0].name in text_of(client.get(f"/desk/regions/circles/{key}/"))
    assert client.get(f"/desk/regions/circles/{key}/edit/").status_code == 403
    assert client.get(f"/desk/regions/circles/{tianshui[1].pk}/").status_code == 404


def test_the_leading_street_takes_a_circle_of_two_streets_a_step_on(client, make_account, tianshui):
    client.force_login(make_account("jie", "620502001", "subdistrict", must_change_password=False))
    circle = tianshui[0]  # its branch is the district, its leading community lies in the street
    page = f"/desk/regions/circles/{circle.pk}/"

    answer = client.post(f"{page}transitions/", {"state": "surveying", "note": "十一月开始"})

    assert answer.status_code == 302
    assert circle.transitions.order_by("-id").first().note == "十一月开始"
    assert "需求清单已确认" in text_of(client.get(page))


def test_a_step_that_may_not_follow_is_told_on_the_page(city, tianshui):
    key = tianshui[0].pk

    answer = city.post(f"/desk/regions/circles/{key}/transitions/", {"state": "building"})

    assert answer.status_code == 409
    assert "不能直接进入“建设中”" in text_of(answer)


def test_a_boundary_is_kept_as_a_shape_and_drawn(city, tianshui):
    key = tianshui[0].pk
    url = f"/desk/regions/circles/{key}/boundary/"
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE}

    assert city.post(url, {"boundary": json.dumps(feature)}).status_code == 302
    layers = city.get(f"/desk/regions/circles/{key}/map/").json()
    kept = [f["geometry"] for f in layers["features"] if f["properties"]["kind"] == "circle"]
    assert kept == [SQUARE]
    assert city.get("/desk/regions/circles/map/").json()["note"] == "5 个生活圈没有登记边界"


@pytest.mark.parametrize("wrong", [
    "{", "[]", '{"type": "Point", "coordinates": [105, 34]}',
    '{"type":"Polygon","coordinates":[[[105,34],[106,34]]]}',
    '{"type":"Polygon","coordinates":[[[105,34],[106,340],[107,34]]]}',
])  # fmt: skip
def test_what_is_no_shape_is_told_beside_the_field(city, tianshui, wrong):
    answer = city.post(f"/desk/regions/circles/{tianshui[0].pk}/boundary/", {"boundary": wrong})

    assert "读不出一个面" in text_of(answer)
    assert Circle.objects.get(pk=tianshui[0].pk).boundary is None


def test_members_change_on_the_page_and_the_former_stay_readable(city, tianshui):
    circle = tianshui[1]
    keys = list(circle.members.values_list("community_id", flat=True))
    url = f"/desk/regions/circles/{circle.pk}/"

    answer = city.post(f"{url}communities/", {"communities": keys[:-1], "lead": keys[0], "on": "2026-12-01"})

    assert answer.status_code == 302
    assert circle.members.filter(ends_on__isnull=True).count() == len(keys) - 1
    assert "曾经包含：" in text_of(city.get(url))


def test_a_new_circle_gets_a_code_and_its_form_lists_free_communities_only(city, tianshui):
    taken = CircleMember.objects.filter(circle=tianshui[0]).first().community
    free = Area.objects.get(code="620502001003")
    form = text_of(city.get("/desk/regions/circles/new/?area=620502001"))
    assert f'value="{free.pk}"' in form
    assert f'value="{taken.pk}"' not in form

    answer = city.post("/desk/regions/circles/new/?area=620502001", {
        "name": "奋斗巷圈（虚构）", "communities": [free.pk], "lead": free.pk, "build_year": 2025,
    })  # fmt: skip

    made = Circle.objects.get(name="奋斗巷圈（虚构）")
    assert answer.url == f"/desk/regions/circles/{made.pk}/"
    assert (made.code, made.area_code) == ("620502-2025-01", "620502001003")


def test_a_city_is_asked_for_a_street_before_hundreds_of_communities_are_listed(city, tianshui):
    told = text_of(city.get("/desk/regions/circles/new/"))

    assert "社区太多" in told
    assert 'name="communities"' not in told


def test_operators_and_centres_are_listed_and_end(city, tianshui):
    circle = tianshui[0]
    url = f"/desk/regions/circles/{circle.pk}/"
    city.post(f"{url}operators/", {
        "name": "某运营公司（虚构）", "kind": "specialist", "unified": ["planning", "leasing"],
        "contract": "HT-1", "begins_on": "2026-01-01",
    })  # fmt: skip
    city.post(f"{url}centres/", {"name": "邻里中心（虚构）", "area_m2": "1200"})
    told = text_of(city.get(url))
    assert "统一规划、统一招商" in told
    assert "1 座" in told

    operator, centre = circle.operators.get(), circle.centres.get()
    early = city.post(f"{url}operators/{operator.pk}/end/", {"on": "2025-12-31"})
    assert (early.status_code, "才开始" in text_of(early)) == (409, True)
    city.post(f"{url}centres/{centre.pk}/end/", {"on": "2026-01-01"})
    assert "0 座" in text_of(city.get(url))
    assert list(verify_chain()) == []


def test_the_page_of_a_community_tells_profile_ages_checks_and_history(city, tianshui):
    community = Area.objects.get(code="620502001002")
    url = f"/desk/regions/areas/{community.pk}/"
    ages = {"age_0-2": 100, "age_3-5": 200, "age_6-14": 700, "age_15-59": 6000, "age_60-64": 900,
            "age_65-79": 1800, "age_80+": 300}  # fmt: skip
    told = {"as_of": "2026-10-31", "people": 10_000, "households": 4000, "is_new": "True",
            "floor_area_m2": 100_000, "commercial_area_m2": 8000, "service_area_m2": 1999,
            "income_band": "middle", "consumption": ["online", "cash"], "is_invented": "on"}  # fmt: skip

    wrong = city.post(f"{url}profiles/", {**told, **ages, "age_80+": 299})
    assert "各年龄段合计 9999 人，与常住人口 10000 人不符，少 1 人" in text_of(wrong)
    assert city.post(f"{url}profiles/", {**told, **ages}).status_code == 302
    page = text_of(city.get(url))
    assert "9.99 %" in page  # 9.999 is cut: it must not read 10.00
    assert "未达标" in page
    assert "网购、习惯用现金" in page
    assert Entry.objects.filter(action="profile.add").count() == 1


def test_an_area_is_renamed_ended_and_gets_a_unit_below(city, tianshui, now):
    street = Area.objects.get(branch="620502001")
    url = f"/desk/regions/areas/{street.pk}/"

    assert (
        city.post(f"{url}names/", {"name": "新大城街道（虚构）", "begins_on": "2026-01-01"}).status_code
        == 302
    )
    page = text_of(city.get(url))
    assert "新大城街道（虚构）" in page
    assert "大城街道 <span" in page  # the old name stays in the list of names
    assert "下面还有未撤销的单位" in text_of(city.post(f"{url}end/", {"ends_on": "2026-12-01"}))
    made = city.post("/desk/regions/areas/new/", {"code": "620502001098", "name": "某社区（虚构）"})
    last = made.url.rstrip("/").rpartition("/")[2]
    assert (
        city.post(f"{made.url}end/", {"ends_on": "2026-12-01", "successor": "620502001002"}).status_code
        == 302
    )
    assert Area.objects.get(pk=last).succeeded_by.code == "620502001002"


def test_the_tree_counts_communities_and_people_of_a_district(city, tianshui, now):
    for code in ("620502001002", "620502001001"):
        add_profile(who=PROGRAM, community=Area.objects.get(code=code), as_of=dt.date(2026, 1, 1),
                    values={"people": 4000}, now=now)  # fmt: skip

    told = text_of(city.get(f"/desk/regions/areas/{Area.objects.get(branch='620502').pk}/"))

    assert "2 / 6" in told  # 大城街道: two of six communities have told
    assert "8000" in told


def test_a_circle_of_class_and_theme_is_told_what_to_have(city, tianshui, now):
    fields = {"neighbourhood_class": "community", "themes": ["care"]}
    change_circle(who=PROGRAM, circle=tianshui[0], fields=fields, now=now)

    told = text_of(city.get(f"/desk/regions/circles/{tianshui[0].pk}/"))

    assert "社区超市、大型商超" in told
    assert "洪政办函〔2024〕8号" in told
    assert "老年人日间照料中心" in told


def test_the_schedule_counts_each_community_once_and_holds_the_targets(city, tianshui, now):
    load_divisions("6205", who=PROGRAM, now=now)
    change_circle(who=PROGRAM, circle=tianshui[5], fields={"build_year": 2024}, now=now)

    context = city.get("/desk/regions/circles/schedule/?area=6205").context

    years = {y.year: y for y in context["years"]}
    assert (years[2023].communities, years[2024].communities, years[2024].covered) == (20, 5, 25)
    assert [a.percent for a in years[2023].aims] == [30]
    town = Area.objects.filter(branch__startswith="6205", level="community", branch__lt="9")
    assert context["total"] + context["villages"] == town.count()
    narrow = city.get("/desk/regions/circles/schedule/?area=620503").context
    assert sum(y.circles for y in narrow["years"]) == 3


def test_the_list_goes_out_as_annex_2_and_comes_back_the_same(city, tianshui):
    sheet = city.get("/desk/regions/circles/list/").content
    rows = list(load_workbook(io.BytesIO(sheet)).worksheets[0].values)
    assert rows[0][0] == "天水市一刻钟便民生活圈名单"
    assert rows[1] == ("序号", "便民生活圈名称", "包含社区", "建设年限")
    first = next(r for r in rows if "大城" in (r[1] or ""))
    assert first[1] == "大城一刻钟便民生活圈（光明巷社区）〔含虚构数据〕"
    assert first[2] == "进步巷、岷山、罗玉一、十方堂、仁和里、自治巷"
    assert sheet == city.get("/desk/regions/circles/list/").content

    preview = _upload(city, sheet)
    assert (preview["good"], preview["bad"], preview["members"]) == (6, 0, 25)
    answer = _confirm(city, preview)
    assert "新增 0 个，修改 0 个，相同 6 个" in text_of(answer)


def _upload(client, content, **more):
    file = io.BytesIO(content)
    file.name = "名单.xlsx"
    told = {"file": file, "area": "6205", "lead_counts": "on", **more}
    return client.post(
        "/desk/regions/circles/list/import/", {k: v for k, v in told.items() if v != ""}
    ).context


def _confirm(client, preview):
    told = {"area": "6205", "row": [], "lead_counts": "yes" if preview["lead_counts"] else ""}
    for row in preview["rows"]:
        if row.faults:
            continue
        told["row"].append(row.number)
        told[f"{row.number}-name"], told[f"{row.number}-year"] = row.name, row.year or ""
        told[f"{row.number}-lead"] = next((f.suggested.key for f in row.communities if f.is_lead), "")
        told[f"{row.number}-community"] = [f.suggested.key for f in row.communities if not f.is_lead]
    return client.post("/desk/regions/circles/list/application/", told, follow=True)


ANNEX_2 = [
    ("大城一刻钟便民生活圈(光明社区)", "进步巷、岷山、罗一、自治巷、十方堂、仁和里"),
    ("西关一刻钟便民生活圈(聚宝盆社区)", "解放路、东团庄、重新街"),
    ("天水郡一刻钟便民生活圈(红山社区)", "藉水南路、石马坪"),
    ("桥南一刻钟便民生活圈1(新苑社区)", "林苑、埠南"),
    ("桥南一刻钟便民生活圈2(天河社区)", "泉湖、龙园"),
    ("北道埠一刻钟便民生活圈(商埠社区)", "羲皇、大桥、北山路、前进路"),
]


def annex_2(year="2023"):
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    book.worksheets[0].append(["天水市一刻钟便民生活圈名单"])
    book.worksheets[0].append(["序号", "便民生活圈名称", "包含社区", "建设年限"])
    for number, row in enumerate(ANNEX_2, 1):
        book.worksheets[0].append([number, *row, year])
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("counts", "members"), [("on", 25), ("", 19)])
def test_annex_2_as_published_makes_six_circles_with_or_without_the_leading_communities(
    city, db, now, counts, members
):
    load_divisions("6205", who=PROGRAM, now=now)

    preview = _upload(city, annex_2(), lead_counts=counts)

    doubtful = [f.text for r in preview["rows"] for f in r.communities if f.is_open]
    assert doubtful == ["光明社区", "罗一", "东团庄", "石马坪"]  # nearly so called, or called so twice
    assert preview["members"] == members
    answer = _confirm(city, preview)
    assert "新增 6 个" in text_of(answer)
    assert CircleMember.objects.count() == members
    assert set(Circle.objects.values_list("build_year", flat=True)) == {2023}
    assert not Circle.objects.filter(lead_community=None).exists()
    assert CircleMember.objects.filter(community__branch="620502006001").exists()  # the street's 东团庄


def test_a_list_with_a_wrong_year_and_an_unknown_community_says_so_and_takes_the_rest(city, tianshui):
    book = load_workbook(io.BytesIO(annex_2()))
    book.worksheets[0]["D3"], book.worksheets[0]["C4"] = "明年", "火星"
    stream = io.BytesIO()
    book.save(stream)

    preview = _upload(city, stream.getvalue())

    faults = [(r.number, f[0], f[1]) for r in preview["rows"] for f in r.faults]
    assert faults == [(3, "建设年限", "“明年”不是年份"), (4, "包含社区", "没有叫“火星”的社区")]
    assert preview["good"] == 4


def test_a_file_that_is_no_list_is_told_at_the_field(city, tianshui):
    answer = city.post("/desk/regions/circles/list/import/", {
        "file": io.BytesIO(b"a,b\n1,2\n"), "area": "6205",
    })  # fmt: skip

    assert "没有找到表头" in text_of(answer)


def test_a_list_for_another_branch_is_refused(city, tianshui):
    answer = city.post("/desk/regions/circles/list/application/", {"area": "4112", "row": []})

    assert answer.status_code == 403


def test_profiles_are_never_overwritten(city, tianshui):
    community = Area.objects.get(code="620502001002")
    url = f"/desk/regions/areas/{community.pk}/profiles/"
    for people in (5000, 5100):
        city.post(url, {"as_of": "2026-10-31", "people": people})

    assert list(CommunityProfile.objects.order_by("id").values_list("people", flat=True)) == [5000, 5100]
    assert "5100" in text_of(city.get(f"/desk/regions/areas/{community.pk}/"))
