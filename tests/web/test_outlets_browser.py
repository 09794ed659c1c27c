"""The register as a person uses it: pick, edit and take back; the map beside the list; 拍网点 on a phone."""

import pytest

from browser_visit import DESK, PHONE
from photo_maker import a_photo_file
from yike.web.audit.chain import Who
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.models import Outlet
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BRANCH = "411281001005"


@pytest.fixture
def town(transactional_db, now):
    load_divisions("411281", who=Who(None), now=now)
    community = Area.objects.get(branch=BRANCH)
    for i in range(12):
        create_outlet(
            who=Who(None), now=now,
            values={"name": f"第{i:02d}店（虚构）", "type_code": "laundry" if i % 2 else "pharmacy",
                    "area_code": BRANCH, "community_id": community.pk, "lon": 111.88 + i % 4 / 1000,
                    "lat": 34.74 + i // 4 / 1000, "is_invented": True},
        )  # fmt: skip
    return community


@pytest.fixture
def visit(browser, live_server, client, make_account, town, tmp_path):
    """Opens pages as one account at one screen; complaints of the pages fail the test."""
    opened = []

    def open_as(username, branch, role, viewport):
        client.force_login(make_account(username, branch, role, must_change_password=False))
        context = browser.new_context(viewport=viewport, locale="zh-CN", has_touch=viewport is PHONE)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        opened.append((context, page, complaints))
        return page

    yield open_as
    for i, (context, page, complaints) in enumerate(opened):
        page.screenshot(path=str(tmp_path / f"{i}.png"), full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        context.close()
        assert (complaints, wide) == ([], 0)


def test_rows_are_picked_edited_at_once_and_given_back(visit, live_server):
    page = visit("qu", "411281", "district", DESK)
    page.goto(f"{live_server.url}/desk/outlets/?row=B10")
    page.get_by_label("选择本页全部").check()
    form = page.locator("form.edit-many")
    assert form.locator("[data-picked]").inner_text() == "6"
    assert not form.get_by_label("业态").is_visible()

    form.get_by_label("操作").select_option(label="登记状态")
    form.get_by_label("状态").select_option(label="停业")
    form.get_by_role("button", name="修改所选").click()
    assert page.get_by_text("已修改 6 个网点").is_visible()
    assert Outlet.objects.filter(status="suspended").count() == 6

    page.get_by_role("button", name="撤销整批").click()
    assert page.get_by_text("已撤销").first.is_visible()
    assert Outlet.objects.filter(status="open").count() == 12


def test_a_view_is_kept_and_found_again(visit, live_server):
    page = visit("qu", "411281", "district", DESK)
    page.goto(f"{live_server.url}/desk/outlets/")
    page.get_by_text("更多条件").click()
    page.get_by_label("虚构", exact=True).check()
    page.get_by_role("button", name="筛选").click()
    page.get_by_text("列", exact=True).click()
    page.locator(".drop").get_by_label("电话").uncheck()
    page.get_by_role("button", name="显示", exact=True).click()
    assert page.locator("thead").get_by_text("电话").count() == 0

    page.get_by_text("管理视图").click()
    page.get_by_label("把现在的筛选、排序和列存为").fill("虚构的网点")
    page.get_by_role("button", name="保存视图").click()
    page.goto(f"{live_server.url}/desk/outlets/")
    page.get_by_role("link", name="虚构的网点").click()
    assert page.get_by_text("特征：虚构").is_visible()
    assert page.locator("thead").get_by_text("电话").count() == 0


def test_the_map_beside_the_list_marks_the_row_of_a_point(visit, live_server):
    page = visit("qu", "411281", "district", DESK)
    page.goto(f"{live_server.url}/desk/outlets/?map=1")
    page.locator(".map[data-ready]").wait_for()
    page.locator(".map-face").focus()
    page.keyboard.press("n")

    marked = page.locator("tr.on-map")
    assert marked.count() == 1
    assert page.locator(".map-tip").inner_text().split("\n")[0] in marked.inner_text()


def test_an_outlet_is_taken_on_the_phone_in_three_taps(visit, live_server, town):
    page = visit("shequ", BRANCH, "community", PHONE)
    page.goto(f"{live_server.url}/desk/outlets/photo/")
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": a_photo_file(place=None)}
    page.get_by_label("拍一张或选一张").set_input_files(photo)
    page.locator("[data-shoot] img").wait_for()
    page.get_by_text("维修点", exact=True).click()
    page.get_by_label("招牌名").fill("东门修鞋摊（虚构）")
    page.locator(".map[data-ready]").wait_for()
    page.locator(".map-face").tap(position={"x": 170, "y": 140})
    page.get_by_role("button", name="保存").click()

    assert page.get_by_text("已登记“东门修鞋摊（虚构）”").is_visible()
    made = Outlet.objects.get(name="东门修鞋摊（虚构）")
    assert (made.form_row, made.area_code) == ("B06", BRANCH)
    assert abs(made.lon - 111.88) < 0.02
    assert page.get_by_role("img", name="东门修鞋摊（虚构）的照片").is_visible()
