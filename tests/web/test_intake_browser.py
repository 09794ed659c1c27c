"""A clerk's list in a browser: brought, looked at, put in, one outlet edited, taken back."""

import pytest
from test_desk_browser import Desk

from browser_visit import DESK, PHONE
from yike.web.audit.chain import Who
from yike.web.jobs.worker import run_one
from yike.web.outlets.actions import change_outlet
from yike.web.outlets.models import Outlet
from yike.web.regions.divisions import load_divisions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = "桥南桥南桥南-2026"
LIST = """编号,名称,业态,经度,纬度,电话,营业时间,夜间配送,兼营,虚构
A1,家家便利店（虚构）,便利店,111.8801,34.7401,0398-5550001,24小时,是,打印、早餐（6:00-9:00）,虚构
A2,康康药房（虚构）,药店,111.8811,34.7402,0398-5550002,8:00-21:00,也许,,虚构
A3,,洗衣店,111.8815,34.7403,0398-5550003,,,,虚构
A4,老王修鞋（虚构）,修鞋,东门口,34.7403,,,,,虚构
"""


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def clerk(browser, live_server, tmp_path, request, make_account, now):
    load_divisions("411281", who=Who(None), now=now)
    account = make_account("qu", "411281", "district", must_change_password=False)
    seen = Desk(browser, live_server.url, request.param)
    seen.page.goto(f"{seen.home}/desk/session/")
    seen.page.get_by_label("用户名").fill(account.username)
    seen.page.get_by_label("密码").fill("长城长城1234")
    seen.page.get_by_role("button", name="登录").click()
    seen.page.wait_for_url(f"{seen.home}/desk/")
    seen.pictures = tmp_path
    yield seen
    seen.leave(tmp_path / f"{request.node.name}.png")


def work():
    from django.utils import timezone

    job = run_one("w1", timezone.now)
    job.refresh_from_db()
    return job.state


def shot(clerk, name):
    clerk.page.screenshot(path=str(clerk.pictures / f"{name}.png"), full_page=True)


def test_a_list_goes_in_and_out_as_a_clerk_sees_it(clerk, now):
    page = clerk.page
    page.goto(f"{clerk.home}/desk/outlets/imports/")
    sent = {"name": "网点.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.get_by_label("文件").set_input_files(sent)
    page.get_by_label("坐标系").select_option(label="WGS-84（GPS）")
    shot(clerk, "1-upload")
    page.get_by_role("button", name="上传并预检").click()
    shot(clerk, "2-waiting")
    assert work() == "done"
    page.reload()

    assert page.get_by_role("link", name="新增 2").is_visible()
    shot(clerk, "3-preview")
    page.get_by_role("link", name="有错误 2").click()
    assert page.get_by_text("请填网点的名称").first.is_visible()
    shot(clerk, "4-errors")

    page.get_by_label("只导入正确的行").check()
    page.get_by_role("button", name="导入", exact=True).click()
    assert work() == "done"
    page.reload()
    assert page.get_by_text("已导入").first.is_visible()
    page.get_by_role("link", name="家家便利店（虚构）").click()
    assert page.get_by_text("早餐").first.is_visible()

    shop = Outlet.objects.get(code="A2")
    change_outlet(who=Who(None), outlet=shop, values={"phone": "0398-5559999"}, now=now)
    page.go_back()
    shot(clerk, "5-applied")
    page.get_by_role("button", name="撤销整批").click()
    assert work() == "done"
    page.reload()
    assert page.get_by_text("没有撤销").is_visible()
    assert page.get_by_role("link", name="康康药房（虚构）").first.is_visible()
    shot(clerk, "6-undone")
