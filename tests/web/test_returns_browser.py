"""The sheet in a browser: typed and moved through as in Excel, pasted into, explained, kept as a draft."""

import pytest
from django.utils import timezone

from browser_visit import DESK, PHONE
from return_pages import PASSWORD, look_clerks, look_town
from returns_town import PROGRAM, complete
from yike.web.returns.actions import submit
from yike.web.returns.queries import values_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Screen:
    """One person at one screen; what the pages complained of or asked for is kept."""

    def __init__(self, browser, home, viewport, clerk="shequ"):
        self.context = browser.new_context(viewport=viewport, locale="zh-CN")
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.home, self.clerk = home, clerk
        self.complaints, self.asked = [], []
        self.open()
        self.page.goto(f"{home}/desk/")
        self.page.get_by_label("用户名").fill(clerk)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_role("heading", name="待办").wait_for()

    def open(self):
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def sheet(self, of):
        self.page.goto(f"{self.home}/desk/returns/{of.pk}/")
        self.page.locator("table.annex.live").wait_for()
        return self.page

    def cell(self, key):
        return self.page.locator(f'td.cell[data-key="{key}"]')

    def printed(self, key):
        return self.cell(key).locator(".printed").inner_text()

    def here(self):
        return self.page.evaluate("document.activeElement.closest('td.cell')?.dataset.key")

    def paste(self, text):
        self.page.evaluate(
            """(text) => { const told = new DataTransfer(); told.setData('text/plain', text);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste',
            { clipboardData: told, bubbles: true, cancelable: true })); }""",
            text,
        )

    def leave(self, picture, wide=0):
        self.page.screenshot(path=str(picture), full_page=True)
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.context.close()
        outside = [u for u in self.asked if not u.startswith((self.home, "data:"))]
        assert (self.complaints, outside, over) == ([], [], wide)


@pytest.fixture
def east(db):
    made = look_town(timezone.now())
    look_clerks()
    return made


@pytest.fixture
def desk(east, browser, live_server, tmp_path, request):
    seen = Screen(browser, live_server.url, DESK)
    yield seen
    seen.leave(tmp_path / f"{request.node.name}.png")


def test_keys_move_and_type_as_in_a_sheet_and_sums_follow(desk, east):
    page = desk.sheet(east)
    before = int(desk.cell("ALL.outlets").get_attribute("data-stands"))

    desk.cell("B02.outlets").click()
    page.keyboard.type("3")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    assert desk.here() == "B02.chain"
    assert (desk.printed("B02.outlets"), desk.printed("ALL.outlets")) == ("3.00", f"{before + 3}.00")
    assert (desk.printed("B02.staff"), desk.cell("B02.staff").locator(".heads").inner_text()) == (
        "0.00",
        "7 人",
    )
    assert "先按人求和，再换算万人" in page.locator("[data-rounding-note]").inner_text()

    page.keyboard.press("Enter")
    assert desk.here() == "B03.chain"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Tab")
    assert desk.here() == "B01.staff"

    page.keyboard.press("Control+z")
    assert desk.printed("B02.chain") == ""
    page.keyboard.press("Control+s")
    page.get_by_text("已保存草稿：改动 2 格。").wait_for()
    assert (values_of(east)["B02.outlets"], values_of(east)["B02.staff"]) == (3, 7)


def test_another_figure_than_the_register_asks_why_before_it_is_saved(desk, east):
    page = desk.sheet(east)
    desk.cell("B01.staff").click()
    page.keyboard.type("12")
    assert "登记册" in page.locator("[data-present] [data-said]").inner_text()
    reason = page.get_by_label("便利店 · 从业人数：为什么与来源不同")
    assert reason.is_visible()

    page.get_by_role("button", name="保存草稿").first.click()
    assert "请先写一句说明" in page.locator("[data-says]").inner_text()
    reason.fill("新招四人")
    page.get_by_role("button", name="保存草稿").first.click()
    page.get_by_text("已保存草稿：改动 1 格。").wait_for()
    assert values_of(east)["B01.staff"] == 12

    page.locator("[data-reasons]").get_by_role("link", name="便利店 · 从业人数").click()
    page.get_by_role("button", name="改回 8 人").click()
    assert desk.printed("B01.staff") == "0.00"
    assert not page.get_by_label("便利店 · 从业人数：为什么与来源不同").is_visible()


def test_108_per_cent_turns_red_with_a_reason_and_a_finding_jumps_to_its_cell(desk, east):
    complete(east, timezone.now())
    page = desk.sheet(east)
    desk.cell("B01.satisfaction").click()
    page.keyboard.type("108")
    assert "has-error" in desk.cell("B01.satisfaction").get_attribute("class")
    assert "不在 0 到 100 之间" in page.locator("[data-present] [data-wrong]").inner_text()

    page.get_by_role("button", name="检查并提交").first.click()
    page.get_by_role("heading", name="还不能提交：1 处必须改").wait_for()
    page.locator(".findings a").first.click()
    page.locator("table.annex.live").wait_for()
    page.locator("#checks .findings a").filter(has_text="应在 0 到 100 之间").click()
    assert desk.here() == "B01.satisfaction"


def test_a_block_from_a_spreadsheet_goes_into_the_cells(desk, east):
    page = desk.sheet(east)
    desk.cell("B02.outlets").click()
    desk.paste('2.00\t0.06\t1\t92.5\t"修鞋；\n配钥匙"\r\n４个\t18\t0\t\t\r\n')

    texts = [desk.printed(f"B02.{c}") for c in ("outlets", "staff", "chain", "satisfaction", "needs")]
    assert texts == ["2.00", "0.06", "1.00", "92.50", "修鞋；\n配钥匙"]
    assert desk.cell("B02.staff").locator(".heads").inner_text() == "600 人"
    assert (desk.printed("B03.outlets"), desk.printed("B03.staff")) == ("4.00", "0.00")
    assert "按万人换算为人" in page.locator("[data-says]").inner_text()

    page.keyboard.press("Control+z")
    assert desk.printed("B02.outlets") == ""


def test_a_chosen_block_is_copied_and_cleared(desk, east):
    page = desk.sheet(east)
    desk.cell("B01.outlets").click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert page.locator("td.chosen").count() == 4
    copied = page.evaluate(
        """() => { const told = new DataTransfer(); document.activeElement.dispatchEvent(
        new ClipboardEvent('copy', { clipboardData: told, bubbles: true, cancelable: true }));
        return told.getData('text/plain'); }"""
    )
    assert copied == "4\t8\n\t"

    page.keyboard.press("Delete")
    assert (desk.printed("B01.outlets"), desk.printed("B01.staff")) == ("", "")
    page.keyboard.press("Control+z")
    assert desk.printed("B01.outlets") == "4.00"


def test_a_draft_survives_closing_the_browser(desk, east):
    page = desk.sheet(east)
    desk.cell("B02.outlets").click()
    page.keyboard.type("6")
    page.locator("form#sheet[data-mirrored]").wait_for()
    page.close(run_before_unload=False)

    desk.open()
    page = desk.sheet(east)
    assert "1 格填了还没有保存" in page.locator("[data-draft-ask]").inner_text()
    assert desk.printed("B02.outlets") == ""
    page.get_by_role("button", name="恢复").click()
    assert desk.printed("B02.outlets") == "6.00"
    page.get_by_role("button", name="保存草稿").first.click()
    page.get_by_text("已保存草稿：改动 1 格。").wait_for()
    assert not page.locator("[data-draft-ask]").is_visible()


def test_without_script_the_sheet_is_an_ordinary_form(east, browser, live_server):
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/returns/{east.pk}/")
    page.get_by_label("用户名").fill("shequ")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("综合超市 · 网点数量（个）").fill("4")
    page.get_by_role("button", name="保存草稿").first.click()
    assert page.get_by_text("已保存草稿：改动 1 格。").is_visible()
    context.close()
    assert values_of(east)["B02.outlets"] == 4


def test_on_a_phone_the_month_goes_from_the_first_screen_to_submitted(east, browser, live_server, tmp_path):
    phone = Screen(browser, live_server.url, PHONE)
    page = phone.page
    for text in ("记需求", "拍网点", "上传表格"):
        assert page.get_by_role("link", name=text).first.is_visible()
    page.get_by_role("link", name="东一圈").click()
    page.locator("table.annex.live").wait_for()
    page.get_by_label("民营企业").check()
    page.get_by_label("街坊式为主").check()
    page.get_by_label("无", exact=True).check()
    page.get_by_label("综合超市 · 网点数量（个）").fill("1")
    page.screenshot(path=str(tmp_path / "phone-sheet.png"))
    page.get_by_role("button", name="检查并提交").last.click()
    page.get_by_label("样本不足的说明").fill("入户调查到下周结束（虚构）")
    page.get_by_role("button", name="提交给街道").click()
    page.get_by_text("已提交，等街道审核。").wait_for()
    phone.leave(tmp_path / "phone.png")

    east.refresh_from_db()
    assert east.state == "submitted"


def test_the_street_remarks_at_a_cell_and_the_community_sees_it(east, browser, live_server, tmp_path):
    complete(east, timezone.now())
    submit(who=PROGRAM, of=east, now=timezone.now(), samples_reason="调查未完（虚构）")
    street = Screen(browser, live_server.url, DESK, "jiedao")
    page = street.page
    page.get_by_role("link", name="待审：东一圈").click()
    page.get_by_role("link", name="退回").click()
    page.get_by_label("退回原因").fill("请核对便利店人数")
    page.get_by_label("第 1 条批注的格子").select_option(label="便利店 · 从业人数")
    page.get_by_label("第 1 条批注", exact=True).fill("应为 8 人")
    page.get_by_role("button", name="退回修改").click()
    page.get_by_text("已退回。").wait_for()
    street.leave(tmp_path / "street.png")

    community = Screen(browser, live_server.url, DESK)
    page = community.sheet(east)
    page.locator("#notes").get_by_role("link", name="便利店 · 从业人数").click()
    assert community.here() == "B01.staff"
    assert community.cell("B01.staff").locator(".noted").is_visible()
    page.locator("#notes").get_by_role("button", name="已处理").first.click()
    page.get_by_text("批注已标为处理过。").wait_for()
    community.leave(tmp_path / "community.png")
