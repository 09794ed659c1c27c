import datetime as dt
import io

import openpyxl
import pyotp
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yike.errors import RefusedError
from yike.web.accounts import actions, sign_in
from yike.web.accounts.models import Account, Duty, SecondFactor
from yike.web.accounts.secrets import BrokenSealError, seal, unseal
from yike.web.accounts.trace import Who
from yike.web.audit.models import Entry

PASSWORD = "长城长城1234"


def try_in(client, password=PASSWORD, username="zhang"):
    return client.post("/desk/session/", {"username": username, "password": password})


def test_who_signs_in_for_the_first_time_chooses_a_password(client, make_account):
    make_account()
    assert try_in(client).url == "/desk/"
    assert client.get("/desk/").url == "/desk/me/password/"

    client.post(
        "/desk/me/password/", {"old": PASSWORD, "new": "桥南桥南桥南-2026", "again": "桥南桥南桥南-2026"}
    )

    assert client.get("/desk/").status_code == 200
    assert Entry.objects.filter(action="account.change_password").count() == 1


def test_five_wrong_tries_lock_a_name_even_for_the_right_password(client, make_account):
    make_account()
    for _ in range(5):
        assert "不对" in try_in(client, "错了").content.decode()

    assert "已锁定" in try_in(client).content.decode()
    assert list(Entry.objects.values_list("action", flat=True)) == ["account.sign_in_failed"] * 4 + [
        "account.lock"
    ]


def test_a_lock_ends_after_fifteen_minutes(make_account, rf, now):
    account = make_account()
    for _ in range(5):
        with pytest.raises(RefusedError):
            sign_in.check_password_of(rf.get("/"), "zhang", "错了", address="", now=now)

    def at(moment):
        return sign_in.check_password_of(rf.get("/"), "ZHANG", PASSWORD, address="", now=moment)

    with pytest.raises(RefusedError, match="1 分钟"):
        at(now + sign_in.LIMITS.lock)
    assert at(now + sign_in.LIMITS.lock + dt.timedelta(seconds=1)) == account


def test_an_unknown_name_hears_the_same_and_leaves_no_trace(client, make_account):
    make_account()

    assert "用户名或密码不对" in try_in(client, username="li").content.decode()
    assert not Entry.objects.exists()


def test_a_code_is_asked_for_and_good_once(client, make_account, now):
    account = make_account(must_change_password=False)
    uri = sign_in.offer_factor(account)
    codes = pyotp.parse_uri(uri)
    sign_in.confirm_factor(account, codes.at(now), who=Who(account), now=now)

    assert try_in(client).url == "/desk/session/code/"
    assert client.get("/desk/").status_code == 302
    assert codes.secret not in SecondFactor.objects.get().secret
    with pytest.raises(RefusedError):
        sign_in.check_code(account, codes.at(now), now=now)


def test_who_leaves_hands_duties_over(make_account, now):
    chief, old, heir = make_account("chief", role="security"), make_account("old"), make_account("heir")
    last = dt.date(2026, 11, 30)

    actions.leave(old, last_day=last, successor=heir, who=Who(chief), now=now)

    assert Duty.objects.get(account=old).ends_on == last
    handed = Duty.objects.filter(account=heir).latest("id")
    assert (handed.role, handed.area_code, handed.begins_on) == ("district", "411281", dt.date(2026, 12, 1))
    with pytest.raises(RefusedError):
        actions.leave(old, last_day=last, successor=heir, who=Who(chief), now=now)


@pytest.mark.parametrize(("role", "area", "may"), [
    ("community", "411281001", True), ("community", "620502", False), ("auditor", "411281", False),
])  # fmt: skip
def test_a_city_gives_duties_of_its_own_branch_only(make_account, now, role, area, may):
    city = make_account(role="city")
    new = actions.NewAccount("li", "李（虚构）", "", role, area)
    if may:
        assert actions.create_account(new, who=Who(city), now=now).account.must_change_password
        return
    with pytest.raises(RefusedError):
        actions.create_account(new, who=Who(city), now=now)
    assert not Account.objects.filter(username="li").exists()


def test_a_workbook_of_accounts_is_shown_then_made(client, make_account):
    client.force_login(make_account(role="security", must_change_password=False))
    book = openpyxl.Workbook()
    for row in (
        ["用户名", "姓名", "单位", "角色", "辖区代码"],
        ["sq1", "社工甲（虚构）", "东关社区", "社区工作者", "411281001001"],
        ["sq2", "社工乙（虚构）", "", "社区", "411281001002"],
        ["sq3", "社工丙（虚构）", "", "掌柜", "411281001003"],
    ):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)

    page = client.post("/desk/accounts/roster/", {"file": SimpleUploadedFile("账号.xlsx", held.getvalue())})
    assert page.context["counts"] == {"new": 2, "same": 0, "wrong": 1}
    assert Account.objects.count() == 1

    client.post("/desk/accounts/roster/batch/", {"rows": page.context["rows"]})
    assert sorted(Account.objects.values_list("username", flat=True)) == ["sq1", "sq2", "zhang"]


def test_a_sealed_text_opens_for_its_purpose_only():
    sealed = seal("JBSWY3DP", "totp:7")

    assert unseal(sealed, "totp:7") == "JBSWY3DP"
    for text, purpose in ((sealed, "totp:8"), (sealed[:-4] + "AAAA", "totp:7"), ("s9.x", "totp:7")):
        with pytest.raises(BrokenSealError):
            unseal(text, purpose)
