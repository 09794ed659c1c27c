import io
import json

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from openpyxl import load_workbook

from yike.web.accounts.sealed import as_stored, closed_columns, mark_of_digits
from yike.web.audit.chain import Who
from yike.web.audit.models import Entry
from yike.web.outlets import imports
from yike.web.outlets.actions import change_outlet, create_outlet, set_status
from yike.web.outlets.filters import OutletFilter, filtered
from yike.web.outlets.models import Facility, ImportRow, Outlet, OutletVersion
from yike.web.outlets.word_index import ensure
from yike.web.personal.actions import keep_periods
from yike.web.personal.models import Request
from yike.web.regions.divisions import load_divisions

PROGRAM = Who(None)
NUMBER = "13812345678"
SHOP = {"name": "老王修鞋（虚构）", "area_code": "411281001001", "phone": NUMBER, "is_invented": True}
LIST = f"""编号,名称,业态,经度,纬度,电话
A1,家家便利店（虚构）,便利店,111.88,34.74,{NUMBER}
"""


@pytest.fixture
def shop(db, now):
    return create_outlet(who=PROGRAM, values=SHOP, now=now)


@pytest.fixture
def keeper(make_account, client):
    account = make_account("jiedao", "411281", "city", must_change_password=False)
    client.force_login(account)
    return account


def everything_stored():
    """All text of all tables, as it lies in the database."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("outlets_words"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                told += [str(row) for row in cursor.fetchall()]
    return "\n".join(told)


def a_batch(now):
    return imports.upload(
        who=PROGRAM, stream=io.BytesIO(LIST.encode()), name="网点.csv", area_code="411281", now=now,
        datum="wgs84",
    )  # fmt: skip


def test_a_number_lies_nowhere_in_the_database_in_the_clear(shop, now):
    load_divisions("411281", who=PROGRAM, now=now)
    change_outlet(who=PROGRAM, outlet=shop, values={"phone": "0398-5812345"}, now=now)
    Facility.objects.create(name="书屋", area_code="411281001001", phone=NUMBER)
    batch = a_batch(now)
    imports.preview(who=PROGRAM, batch=batch, now=now)
    imports.apply(who=PROGRAM, batch=batch, now=now)

    stored = everything_stored()

    assert NUMBER not in stored
    assert "5812345" not in stored
    assert Outlet.objects.get(code="A1").phone == Facility.objects.get().phone == NUMBER
    assert ImportRow.objects.get().values["phone"] == NUMBER
    assert OutletVersion.objects.get(outlet__code="A1").values["phone"] == NUMBER


def test_an_outlet_is_found_by_its_whole_number(shop, now):
    found = [filtered(Outlet.objects.all(), OutletFilter(text=t)) for t in (NUMBER, "138 1234", "1381234")]

    assert [list(f) for f in found] == [[shop], [], []]
    assert Outlet.objects.get().phone_mark == mark_of_digits("138-1234-5678", "phone")


def test_an_import_knows_an_outlet_again_by_its_sealed_number(shop, now):
    text = "名称,业态,经度,纬度,电话\n老王修鞋（虚构）,修鞋,111.9,34.8,138 1234 5678\n"
    batch = imports.upload(who=PROGRAM, stream=io.BytesIO(text.encode()), name="网点.csv", now=now,
                           area_code="411281", datum="wgs84")  # fmt: skip
    imports.preview(who=PROGRAM, batch=batch, now=now)

    assert list(batch.rows.values_list("outlet", "matched_by")) == [(shop.pk, "phone")]


def test_lists_and_the_record_show_a_masked_number(shop, now, client, keeper):
    change_outlet(who=PROGRAM, outlet=shop, values={"phone": "13900001111"}, now=now)

    rows = client.get("/desk/outlets/?col=phone").content.decode()
    page = client.get(f"/desk/outlets/{shop.pk}/").content.decode()
    entry = Entry.objects.get(action="outlet.change")

    assert "139****1111" in rows
    assert "13900001111" not in rows
    assert "<dd>13900001111</dd>" in page
    assert "138****5678" in page
    assert NUMBER not in page
    assert (entry.before, entry.after) == ({"phone": "138****5678"}, {"phone": "139****1111"})


def test_who_does_not_keep_the_register_sees_a_masked_number(shop, client, make_account):
    client.force_login(make_account("shenji", "411281", "auditor", must_change_password=False))

    page = client.get(f"/desk/outlets/{shop.pk}/").content.decode()
    sheet = load_workbook(io.BytesIO(client.get("/desk/outlets/?as=xlsx").content)).active

    assert NUMBER not in page
    assert "138****5678" in page
    assert "138****5678" in [c.value for c in sheet[2]]
    assert not Entry.objects.filter(action="outlet.export").exists()


def test_a_keepers_export_holds_whole_numbers_and_is_traced(shop, client, keeper):
    sheet = load_workbook(io.BytesIO(client.get("/desk/outlets/?as=xlsx").content)).active

    assert NUMBER in [c.value for c in sheet[2]]
    assert Entry.objects.get(action="outlet.export").after == {"kind": "xlsx", "outlets": 1}


def test_a_masked_number_in_a_list_changes_nothing(shop, now):
    text = f"名称,业态,经度,纬度,电话\n{SHOP['name']},修鞋,111.88,34.74,138****5678\n"
    Outlet.objects.update(lon=111.88, lat=34.74)
    batch = imports.upload(who=PROGRAM, stream=io.BytesIO(text.encode()), name="网点.csv", now=now,
                           area_code="411281", datum="wgs84")  # fmt: skip
    imports.preview(who=PROGRAM, batch=batch, now=now)

    assert "phone" not in batch.rows.get().values


def test_a_number_is_found_and_erased_for_its_owner(shop, client, keeper):
    page = client.post("/desk/personal/records/", {"words": NUMBER}).content.decode()
    asked = {"words": NUMBER, "reason": "本人申请", "record": f"outlet_phone:{shop.pk}"}
    client.post("/desk/personal/erasure/", asked)

    assert f"网点 {SHOP['name']}" in page
    shop.refresh_from_db()
    assert (shop.phone, shop.phone_mark, shop.version) == ("", "", 2)
    assert {v["phone"] for v in OutletVersion.objects.values_list("values", flat=True)} == {""}
    assert NUMBER not in everything_stored()
    assert Request.objects.get().subject == "138****5678"


def test_a_number_of_another_branch_is_not_found(shop, client, make_account):
    client.force_login(make_account("bieren", "620502", "city", must_change_password=False))

    assert "没有找到" in client.post("/desk/personal/records/", {"words": NUMBER}).content.decode()


def test_numbers_and_files_go_when_their_period_is_over(shop, now, settings, tmp_path):
    load_divisions("411281", who=PROGRAM, now=now)
    set_status(who=PROGRAM, outlet=shop, status="closed", on=now.date(), now=now)
    batch = a_batch(now)
    imports.preview(who=PROGRAM, batch=batch, now=now)
    imports.apply(who=PROGRAM, batch=batch, now=now)
    kept = imports.file_of(batch)
    open_shop = Outlet.objects.get(code="A1")

    keep_periods(who=PROGRAM, now=now.replace(year=2027))
    assert (Outlet.objects.get(pk=shop.pk).phone, ImportRow.objects.count()) == (NUMBER, 0)

    done = keep_periods(who=PROGRAM, now=now.replace(year=2028))
    shop.refresh_from_db()
    assert (shop.phone, done["outlet_phone"]) == ("", 1)
    assert Outlet.objects.get(pk=open_shop.pk).phone == NUMBER
    batch.refresh_from_db()
    assert batch.path == ""
    assert kept.name


def test_a_lost_key_is_told(shop):
    assert closed_columns() == []

    with override_settings(SEAL_KEY="another"):
        assert closed_columns() == ["网点的电话"]
        held = Outlet.objects.get()
        held.save()  # nothing is lost: what could not be opened stays as it lay
    held = Outlet.objects.get()
    assert (held.phone, held.phone_mark) == (NUMBER, mark_of_digits(NUMBER, "phone"))


def test_numbers_stay_sealed_where_rows_are_copied_as_they_lie(shop):
    with as_stored():
        phone, values = Outlet.objects.values_list("phone", "versions__values").get()

    assert phone.startswith("s1.")
    assert values["phone"].startswith("s1.")
    assert NUMBER not in json.dumps(values)


@pytest.mark.django_db(transaction=True)
def test_numbers_written_before_are_sealed_by_the_migration(now):
    def at(name):
        executor = MigrationExecutor(connection)
        executor.migrate([("outlets", name)])
        return MigrationExecutor(connection).loader.project_state([("outlets", name)]).apps

    try:
        old = at("0007_directory").get_model
        shop = old("outlets", "Outlet").objects.create(
            name="老王修鞋", area_code="411281001001", phone=NUMBER, search=f"老王修鞋 {NUMBER}\t配钥匙"
        )
        old("outlets", "OutletVersion").objects.create(
            outlet=shop, number=1, at=now, action="create", values={"phone": NUMBER, "name": "老王修鞋"}
        )
        batch = old("outlets", "ImportBatch").objects.create(
            file_name="a", path="", digest="", uploaded_at=now
        )
        old("outlets", "ImportRow").objects.create(
            batch=batch,
            number=2,
            verdict="changed",
            values={"phone": NUMBER},
            changes={"phone": ["", NUMBER]},
        )
    finally:
        at("0009_seal_what_is_kept")
        ensure("default")

    assert NUMBER not in everything_stored()
    found = Outlet.objects.get()
    assert (found.phone, found.search) == (NUMBER, "老王修鞋\t配钥匙")
    assert found.phone_mark == mark_of_digits(NUMBER, "phone")
    assert OutletVersion.objects.get().values == {"phone": NUMBER, "name": "老王修鞋"}
    assert ImportRow.objects.get().changes == {"phone": ["", NUMBER]}
    assert list(filtered(Outlet.objects.all(), OutletFilter(text="配钥匙"))) == [found]
