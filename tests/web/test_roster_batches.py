import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yike.web.accounts.actions import NewAccount, create_accounts, undo_batch
from yike.web.accounts.models import Account, RosterBatch
from yike.web.accounts.trace import Who
from yike.web.audit.chain import verify_chain
from yike.web.audit.models import Entry

SHEET = "用户名,姓名,单位,角色,辖区代码\n" + "".join(
    f"shequ{n:02d},社区{n}号（虚构）,第{n}社区,社区工作者,4112810010{n:02d}\n" for n in range(1, 36)
)


@pytest.fixture
def city(make_account):
    return make_account("shiju", "411281", "city", must_change_password=False)


@pytest.fixture
def made(city, now):
    news = [
        NewAccount(f"s{n}", f"某人{n}（虚构）", "社区", "community", f"41128100100{n}") for n in (1, 2, 3)
    ]
    return create_accounts(news, who=Who(city), now=now, file_name="账号.xlsx")


def test_thirty_five_accounts_come_from_one_sheet_and_go_again(client, city):
    client.force_login(city)
    preview = client.post("/desk/accounts/roster/", {"file": SimpleUploadedFile("账号.csv", SHEET.encode())})
    rows, name = preview.context["rows"], preview.context["file_name"]

    issued = client.post("/desk/accounts/roster/batch/", {"rows": rows, "file": name})

    batch = RosterBatch.objects.get()
    assert issued.content.decode().count("<code>") == 35
    assert (batch.file_name, batch.count, batch.accounts.count()) == ("账号.csv", 35, 35)
    page = client.post(f"/desk/accounts/batches/{batch.pk}/", follow=True).content.decode()
    assert "已撤销 35 个账号" in page
    assert list(Account.objects.values_list("username", flat=True)) == ["shiju"]
    assert Entry.objects.filter(action="account.take_back").count() == 35
    assert list(verify_chain()) == []


def test_who_has_signed_in_stays_when_a_batch_is_undone(made, city, now):
    used = made[1].account
    Account.objects.filter(pk=used.pk).update(last_login=now)

    gone, stay = undo_batch(RosterBatch.objects.get(), who=Who(city), now=now + dt.timedelta(hours=1))

    assert (gone, stay) == (2, [used])
    assert used.duties.count() == 1


def test_a_batch_is_undone_once(made, city, client):
    client.force_login(city)
    address = f"/desk/accounts/batches/{RosterBatch.objects.get().pk}/"

    answers = [client.post(address).status_code for _ in range(2)]

    assert answers == [302, 409]


def test_another_city_sees_nothing_of_a_batch_even_undone(made, city, make_account, client, now):
    undo_batch(RosterBatch.objects.get(), who=Who(city), now=now)
    client.force_login(make_account("other", "620502", "city", must_change_password=False))

    page = client.get("/desk/accounts/batches/").content.decode()

    assert "账号.xlsx" not in page
