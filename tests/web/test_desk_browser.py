"""Signing in as a person does it: first password, first screen, an account made; desk and phone."""

import pytest

from browser_visit import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, CHOSEN = "长城长城1234", "桥南桥南桥南-2026"


class Desk:
    """One person at one screen; everything the pages complained of or asked for is kept."""

    def __init__(self, browser, home, viewport):
        self.context = browser.new_context(viewport=viewport, locale="zh-CN")
        self.page, self.home = self.context.new_page(), home
        self.complaints, self.asked = [], []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def leave(self, picture):
        self.page.screenshot(path=str(picture), full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.context.close()
        outside = [u for u in self.asked if not u.startswith((self.home, "data:"))]
        assert (self.complaints, outside, wide) == ([], [], 0)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def desk(browser, live_server, tmp_path, request):
    seen = Desk(browser, live_server.url, request.param)
    yield seen
    seen.leave(tmp_path / f"{request.node.name}.png")


def test_first_sign_in_leads_over_a_new_password_to_the_first_screen(desk, make_account):
    make_account("anquan", role="security")
    page = desk.page
    page.goto(f"{desk.home}/desk/")
    page.get_by_label("用户名").fill("anquan")
    page.get_by_label("密码").fill(FIRST)
    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("heading", level=1).inner_text() == "修改密码"

    page.get_by_label("现在的密码").fill(FIRST)
    page.get_by_label("新密码").fill(CHOSEN)
    page.get_by_label("再输一次").fill(CHOSEN)
    page.get_by_role("button", name="保存新密码").click()
    assert page.get_by_role("heading", level=1).inner_text() == "待办"
    assert page.get_by_text("密码已改").is_visible()

    if page.locator(".side-switch").is_visible():  # on a phone the pages stand behind one button
        page.locator(".side-switch").click()
    page.get_by_role("link", name="账号", exact=True).click()
    page.get_by_role("link", name="新建账号").click()
    page.get_by_label("用户名").fill("shequ1")
    page.get_by_label("姓名").fill("社工甲（虚构）")
    page.get_by_label("辖区代码").fill("411281001001")
    page.get_by_role("button", name="保存").click()
    assert page.get_by_role("heading", level=1).inner_text() == "初始密码"
    assert page.get_by_role("row", name="社工甲").is_visible()

    page.goto(f"{desk.home}/desk/accounts/")
    cell = page.locator('tbody th[tabindex="0"]')  # it can be reached once the module is there
    cell.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.innerText") == "shequ1"
