"""记需求 with one hand, a resident's answer behind the code, paper typed in by keyboard: as people do it."""

import datetime as dt

import pytest
from django.utils import timezone

from browser_visit import DESK, PHONE
from yike.web.audit.chain import Who
from yike.web.regions.actions import create_area, create_circle
from yike.web.voices.actions.needs import Said, note_need
from yike.web.voices.actions.surveys import open_survey
from yike.web.voices.models import Answer, Need

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROGRAM = Who(None)


class Person:
    """Somebody at one screen; what the pages complained of or asked of others is kept."""

    def __init__(self, browser, home, viewport):
        self.context = browser.new_context(viewport=viewport, locale="zh-CN")
        self.page, self.home = self.context.new_page(), home
        self.complaints, self.asked = [], []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def sign_in(self, name):
        self.page.goto(f"{self.home}/desk/")
        self.page.get_by_label("用户名").fill(name)
        self.page.get_by_label("密码").fill("长城长城1234")
        self.page.get_by_role("button", name="登录").click()

    def leave(self, picture):
        self.page.screenshot(path=str(picture), full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.context.close()
        outside = [u for u in self.asked if not u.startswith((self.home, "data:"))]
        assert (self.complaints, outside, wide) == ([], [], 0)


@pytest.fixture
def person(browser, live_server, tmp_path, request):
    seen = Person(browser, live_server.url, getattr(request, "param", PHONE))
    yield seen
    seen.leave(tmp_path / f"{request.node.name}.png")


@pytest.fixture
def circle(transactional_db):
    now = timezone.now()
    community = create_area(who=PROGRAM, code="411281001001", name="银杏社区", now=now)
    return create_circle(
        who=PROGRAM, code="YM-01", name="银杏圈（虚构）", communities=[community], now=now,
        fields={"is_invented": True},
    )  # fmt: skip


@pytest.fixture
def survey(circle):
    today = timezone.localdate()
    return open_survey(
        who=PROGRAM, circle=circle, title="居民满意度调查", opens_on=today,
        closes_on=today + dt.timedelta(9), now=timezone.now(), is_invented=True,
    )  # fmt: skip


@pytest.fixture
def worker(make_account):
    return make_account("shequ", "411281001001", "community", must_change_password=False)


def test_a_need_is_noted_by_hand_and_joined_to_a_similar_one(person, circle, worker):
    said = Said("想找个修皮鞋的", "talk", timezone.localdate())
    note_need(who=PROGRAM, circle=circle, said=said, now=timezone.now(), is_invented=True)
    page = person.page
    person.sign_in("shequ")

    page.goto(f"{person.home}/desk/voices/new/")
    page.get_by_label("居民怎么说").fill("楼下没地方修鞋")
    page.get_by_label("楼栋或地点").fill("3号楼")
    page.get_by_label("60–74 岁").check()
    page.get_by_role("button", name="保存").click()
    assert page.get_by_role("heading", level=1).inner_text() == "是同一件事吗？"

    page.get_by_role("button", name="想找个修皮鞋的").click()
    assert page.get_by_role("heading", level=1).inner_text() == "已记下"
    assert page.get_by_text("共 2 人次").is_visible()
    assert Need.objects.get().said.last().building == "3号楼"


def test_a_resident_answers_and_a_reload_loses_nothing(person, survey):
    page = person.page
    page.goto(f"{person.home}/s/{survey.token}/")
    page.get_by_role("button", name="开始填写").click()
    page.get_by_label("满意", exact=True).first.check()
    page.get_by_label("维修点", exact=True).first.check()
    page.reload()
    assert page.get_by_label("维修点", exact=True).first.is_checked()

    page.get_by_role("button", name="交卷").click()
    assert page.get_by_role("heading", level=1).inner_text() == "已经收到，谢谢您"
    answer = Answer.objects.get()
    assert (answer.overall, answer.missing, answer.channel) == (4, ["B06"], "link")
    assert [c["name"] for c in person.context.cookies()] == ["csrftoken"]


@pytest.mark.parametrize("person", [DESK], indirect=True, ids=["desk"])
def test_paper_is_typed_in_without_the_mouse(person, survey, worker):
    page = person.page
    person.sign_in("shequ")
    page.goto(f"{person.home}/desk/voices/surveys/{survey.pk}/entry/")
    page.wait_for_load_state("networkidle")

    page.keyboard.press("Enter")  # from the number, which is there already, to the overall answer
    page.keyboard.type("5142")  # overall 5; 便利店 within reach, 4; 综合超市 out of reach
    page.keyboard.press("Enter")  # and not told how satisfied
    page.keyboard.type("13")  # 菜市场 within reach, 3
    page.get_by_role("button", name="保存，录下一份").click()
    assert page.get_by_text("已录入 0001").is_visible()
    assert page.get_by_label("问卷编号").input_value() == "0002"
    answer = Answer.objects.get()
    assert (answer.overall, answer.satisfaction) == (5, {"B01": 4, "B03": 3})
    assert answer.reach == {"B01": "yes", "B02": "no", "B03": "yes"}
