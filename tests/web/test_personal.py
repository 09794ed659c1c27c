import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from yike.web.accounts.models import Account
from yike.web.accounts.trace import Who
from yike.web.audit.chain import verify_chain
from yike.web.audit.models import Entry
from yike.web.jobs.daily import enqueue_due
from yike.web.jobs.models import Job, State
from yike.web.jobs.worker import run_one
from yike.web.personal.actions import keep_periods
from yike.web.personal.masks import masked, masked_phone
from yike.web.personal.models import Request


@pytest.fixture
def city(make_account, client):
    account = make_account("shiju", "411281", "city", must_change_password=False)
    client.force_login(account)
    return account


@pytest.fixture
def gone(make_account):
    return make_account("laowang", "411281001", "community", left_on=dt.date(2026, 3, 31))


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0398-5812345", "0398-*****45"),
        ("张三丰", "张**"),
        ("王师傅 13812345678", "王师傅 138****5678"),
        ("", ""),
    ],
)
def test_names_and_numbers_are_masked(plain, shown):
    assert masked(plain) == shown


def test_a_masked_number_is_masked_again_without_change():
    assert masked_phone(masked_phone("13812345678")) == "138****5678"


def test_a_person_is_found_by_the_whole_name_only(client, city, gone):
    whole = client.post("/desk/personal/records/", {"words": gone.display_name}).content.decode()
    part = client.post("/desk/personal/records/", {"words": gone.display_name[:3]}).content.decode()

    assert "账号 laowang" in whole
    assert "没有找到" in part
    traced = Entry.objects.filter(action="personal.find")
    assert traced.count() == 2
    assert gone.display_name not in str(list(traced.values()))


def test_the_copy_for_a_person_holds_every_column(client, city, gone):
    answer = client.post("/desk/personal/copy/", {"words": "laowang", "reason": "本人书面申请"})

    sheet = load_workbook(io.BytesIO(answer.content))["个人信息"]
    told = {row[1]: row[2] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert (told["用户名"], told["姓名"], told["离岗"]) == ("laowang", gone.display_name, "2026-03-31")
    assert Request.objects.get().subject == "l****"


def test_erasing_takes_the_name_and_keeps_the_trace(client, city, gone):
    found = {"words": "laowang", "reason": "本人申请", "record": f"account:{gone.pk}"}

    page = client.post("/desk/personal/erasure/", found, follow=True).content.decode()

    gone.refresh_from_db()
    assert "已删除 1 项" in page
    assert (gone.display_name, gone.unit_name, gone.username) == ("已注销", "", "laowang")
    assert list(verify_chain()) == []


def test_who_still_works_here_is_not_erased(client, city, make_account):
    staying = make_account("xiaoli", "411281001", "community")
    asked = {"words": "xiaoli", "reason": "本人申请", "record": f"account:{staying.pk}"}

    page = client.post("/desk/personal/erasure/", asked, follow=True).content.decode()

    staying.refresh_from_db()
    assert "1 项没有删除" in page
    assert staying.display_name == "xiaoli（虚构）"


def test_a_record_of_somebody_else_cannot_be_ticked_in(client, city, gone, make_account):
    other = make_account("tianshui", "620502001", "community", left_on=dt.date(2026, 1, 5))

    answer = client.post(
        "/desk/personal/erasure/",
        {"words": "laowang", "reason": "本人申请", "record": f"account:{other.pk}"},
    )

    other.refresh_from_db()
    assert (answer.status_code, other.display_name) == (409, "tianshui（虚构）")


def test_names_go_three_years_after_the_last_day_and_not_before(gone, now):
    day = dt.datetime(2029, 3, 30, 4, tzinfo=dt.UTC)

    before = keep_periods(who=Who(None), now=day)["account"]
    after = keep_periods(who=Who(None), now=day + dt.timedelta(days=2))["account"]
    again = keep_periods(who=Who(None), now=day + dt.timedelta(days=3))["account"]

    assert (before, after, again) == (0, 1, 0)
    assert Account.objects.get(username="laowang").display_name == "已注销"


def test_the_retention_is_asked_for_once_a_day_and_runs(gone, now):
    later = now + dt.timedelta(days=4 * 365)

    asked = enqueue_due(later)
    again = enqueue_due(later + dt.timedelta(hours=1))
    job = run_one("w1", lambda: later)

    assert ("personal.retention" in asked, again) == (True, [])
    assert Job.objects.get(pk=job.pk).state == State.DONE
    assert Job.objects.get(pk=job.pk).result["account"] == 1
