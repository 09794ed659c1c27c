import datetime as dt

import pytest

from yike.errors import RefusedError
from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.outlets.actions import (
    change_outlet,
    create_outlet,
    merge_outlets,
    move_outlet,
    remove_outlet,
    set_status,
    verify_outlet,
)
from yike.web.outlets.models import Outlet, OutletVersion
from yike.web.outlets.rules import credit_code_warning, is_fresh

PROGRAM = Who(None)
SHOP = {
    "name": "家家便利店（虚构）", "type_code": "convenience_store", "area_code": "411281001001",
    "hours": "24小时", "lon": 111.88, "lat": 34.74, "is_invented": True,
}  # fmt: skip


@pytest.fixture
def shop(db, now):
    return create_outlet(who=PROGRAM, values=SHOP, now=now)


def test_a_new_outlet_knows_its_row_of_the_form_and_its_hours(shop):
    assert (shop.form_row, shop.is_24h, shop.opens_early, shop.open_late) == ("B01", True, True, True)
    assert [(e.kind, e.on) for e in shop.events.all()] == [("opened", dt.date(2026, 11, 22))]
    assert shop.versions.get().values["name"] == SHOP["name"]


def test_every_change_keeps_what_was_before(shop, now):
    services = [{"label": "打印复印", "type_code": "photo_print", "hours": "9:00-18:00", "is_public": False}]
    change_outlet(who=PROGRAM, outlet=shop, values={"phone": "0398-5550001", "services": services}, now=now)
    move_outlet(
        who=PROGRAM,
        outlet=shop,
        place={"lon": 111.9, "lat": 34.75, "address": "新址"},
        on=now.date(),
        now=now,
    )
    verify_outlet(who=PROGRAM, outlet=shop, now=now)

    versions = list(shop.versions.values_list("number", "action", "values__lon"))
    assert versions == [
        (1, "create", 111.88),
        (2, "change", 111.88),
        (3, "move", 111.9),
        (4, "verify", 111.9),
    ]
    assert shop.versions.get(number=2).values["services"] == services
    entry = Entry.objects.get(action="outlet.change")
    assert (entry.before["phone"], entry.after["phone"]) == ("", "0398-*****01")
    assert list(verify_chain()) == []


def test_nothing_changed_leaves_no_trace(shop, now):
    change_outlet(who=PROGRAM, outlet=shop, values={"name": SHOP["name"], "services": []}, now=now)

    assert (OutletVersion.objects.count(), Entry.objects.count()) == (1, 1)


def test_an_edit_of_an_old_page_is_refused(shop, now):
    change_outlet(who=PROGRAM, outlet=shop, values={"phone": "1"}, now=now, seen=1)
    with pytest.raises(RefusedError, match="被别人改过"):
        change_outlet(who=PROGRAM, outlet=shop, values={"phone": "2"}, now=now, seen=1)


def test_status_is_the_last_event(shop, now):
    set_status(who=PROGRAM, outlet=shop, status="suspended", on=now.date(), now=now, note="装修")
    set_status(who=PROGRAM, outlet=shop, status="closed", on=now.date(), now=now)

    shop.refresh_from_db()
    assert (shop.status, [e.kind for e in shop.events.all()]) == ("closed", ["opened", "suspended", "closed"])
    with pytest.raises(RefusedError, match="已经是“关闭”"):
        set_status(who=PROGRAM, outlet=shop, status="closed", on=now.date(), now=now)


def test_only_keepers_of_the_branch_may_write(shop, now, make_account):
    other = Who(make_account("lin", "411282", "district"))
    auditor = Who(make_account("shen", "", "auditor"))
    own = Who(make_account("she", "411281001001", "community"))
    for stranger in (other, auditor):
        with pytest.raises(RefusedError, match="职责"):
            change_outlet(who=stranger, outlet=shop, values={"phone": "1"}, now=now)
    change_outlet(who=own, outlet=shop, values={"phone": "1"}, now=now)
    with pytest.raises(RefusedError, match="职责"):
        change_outlet(who=own, outlet=shop, values={"area_code": "411282001001"}, now=now)

    shop.refresh_from_db()
    assert (shop.phone, shop.area_code) == ("1", "411281001001")


def test_a_code_is_used_once_in_an_area(shop, now):
    create_outlet(who=PROGRAM, values=SHOP | {"code": "W1"}, now=now)
    with pytest.raises(RefusedError, match="W1"):
        create_outlet(who=PROGRAM, values=SHOP | {"code": "W1"}, now=now)
    create_outlet(who=PROGRAM, values=SHOP | {"code": "W1", "area_code": "411281001002"}, now=now)


def test_merging_keeps_both_histories_and_fills_what_was_unknown(shop, now):
    twin = create_outlet(
        who=PROGRAM, now=now,
        values=SHOP | {"phone": "0398-5550002", "staff": 3, "name": "家家便利店二号记录（虚构）",
                       "services": [{"label": "缴费"}]},
    )  # fmt: skip
    change_outlet(who=PROGRAM, outlet=twin, values={"staff": 4}, now=now)

    kept = merge_outlets(who=PROGRAM, keep=shop, others=[twin], now=now)

    twin.refresh_from_db()
    assert (kept.phone, kept.staff, kept.name) == ("0398-5550002", 4, SHOP["name"])
    assert [s.label for s in kept.services.all()] == ["缴费"]
    assert (twin.merged_into, twin.gone_at) == (kept, now)
    assert [v.action for v in twin.versions.all()] == ["create", "change", "merged"]
    assert [v.action for v in kept.versions.all()] == ["create", "merge"]
    with pytest.raises(RefusedError, match="并入其他网点"):
        change_outlet(who=PROGRAM, outlet=twin, values={"phone": "9"}, now=now)


def test_an_outlet_is_not_merged_with_itself_nor_removed_without_a_reason(shop, now):
    with pytest.raises(RefusedError, match="两条不同"):
        merge_outlets(who=PROGRAM, keep=shop, others=[shop], now=now)
    with pytest.raises(RefusedError, match="原因"):
        remove_outlet(who=PROGRAM, outlet=shop, now=now, note=" ")
    remove_outlet(who=PROGRAM, outlet=shop, now=now, note="重复录入")
    assert not Outlet.objects.filter(gone_at__isnull=True).exists()


@pytest.mark.parametrize("code", ["91110000101623741K", "911101066976941872", "91350100M000100Y43", ""])
def test_good_credit_codes_are_silent(code):
    assert credit_code_warning(code) == ""


@pytest.mark.parametrize(("code", "word"), [
    ("91350211M0000XUF46", "校验码"), ("9111000010162374", "18 位"), ("91110000101623741I", "字符"),
])  # fmt: skip
def test_odd_credit_codes_are_warned_about_and_kept(db, now, code, word):
    assert word in credit_code_warning(code)
    assert create_outlet(who=PROGRAM, values=SHOP | {"credit_code": code}, now=now).credit_code == code


def test_an_outlet_grows_stale(shop, now):
    assert not is_fresh(shop, now.date())
    seen = verify_outlet(who=PROGRAM, outlet=shop, now=now)
    assert is_fresh(seen, now.date() + dt.timedelta(90))
    assert not is_fresh(seen, now.date() + dt.timedelta(91))


@pytest.mark.django_db(transaction=True)
def test_two_editors_of_one_page_do_not_overwrite_each_other(now):
    from races import at_once

    shop = create_outlet(who=PROGRAM, values=SHOP, now=now)
    results = at_once(
        4, lambda i: change_outlet(who=PROGRAM, outlet=shop, values={"phone": str(i)}, now=now, seen=1)
    )

    kinds = sorted(type(r).__name__ for r in results)
    assert kinds == ["Outlet", "RefusedError", "RefusedError", "RefusedError"]
    assert OutletVersion.objects.count() == 2
