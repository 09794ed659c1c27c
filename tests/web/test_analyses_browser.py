"""Opening a report inside the workbench, in a real browser."""

import pytest

from browser_visit import DESK, PHONE
from register_town import done_analysis, taken_in, town
from yike.web.accounts.actions import change_password
from yike.web.accounts.trace import Who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_planner_opens_the_report_in_the_workbench(
    browser, live_server, tmp_path, make_account, now, viewport
):
    made = done_analysis(taken_in(town(tmp_path / "town"), now), now)
    account = make_account("guihua", role="planner")
    change_password(account, "桥南桥南桥南-2026", who=Who(account), now=now)
    context = browser.new_context(viewport=viewport, locale="zh-CN")
    page, complaints, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{live_server.url}/desk/analyses/")
    page.get_by_label("用户名").fill("guihua")
    page.get_by_label("密码").fill("桥南桥南桥南-2026")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="试算").click()
    assert page.get_by_role("heading", name="缺口清单").is_visible()
    page.get_by_role("link", name="打开交互报告").click()

    report = page.frame_locator("iframe")
    report.get_by_role("heading", level=1).wait_for()
    assert "示例片区" in report.get_by_role("heading", level=1).inner_text()
    page.screenshot(path=str(tmp_path / "report.png"))
    page.get_by_role("link", name="返回分析").click()
    assert page.get_by_role("heading", level=1).inner_text() == made.title
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()
    outside = [u for u in asked if not u.startswith((live_server.url, "data:"))]
    assert (complaints, outside, wide) == ([], [], 0)
