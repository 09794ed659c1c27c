import datetime as dt

import pytest

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.audit.models import Entry
from yike.web.outlets import edits
from yike.web.outlets.actions import change_outlet, create_outlet
from yike.web.outlets.models import BatchEdit, Outlet, SavedView
from yike.web.outlets.saved import query_of
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

BRANCH = "411281001005"


@pytest.fixture
def street(db, now):
    load_divisions("411281", who=Who(None), now=now)
    community = Area.objects.get(branch=BRANCH)
    return [
        create_outlet(
            who=Who(None), now=now,
            values={"name": f"店{i}（虚构）", "type_code": "pharmacy" if i % 2 else "laundry",
                    "area_code": BRANCH, "community_id": community.pk, "is_invented": True},
        )
        for i in range(4)
    ]  # fmt: skip


@pytest.fixture
def clerk(client, make_account):
    client.force_login(make_account("qu", "411281", "district", must_change_password=False))
    return client


def keys(outlets):
    return [o.pk for o in outlets]


def states(outlets):
    return list(Outlet.objects.filter(pk__in=keys(outlets)).order_by("pk").values_list("status", "version"))


def test_a_batch_edit_closes_outlets_and_is_taken_back(street, now):
    closing = edits.setting_status("closed", dt.date(2026, 11, 20), "市场搬迁")
    made = edits.edit_outlets(who=Who(None), keys=keys(street[:3]), wanted=closing, now=now)
    assert states(street) == [("closed", 2), ("closed", 2), ("closed", 2), ("open", 1)]
    assert street[0].events.last().note == "市场搬迁"

    edits.undo_edit(who=Who(None), edit=made, now=now)

    made.refresh_from_db()
    assert states(street) == [("open", 3), ("open", 3), ("open", 3), ("open", 1)]
    assert (made.undone_at, made.kept_names) == (now, [])
    assert [e.kind for e in street[0].events.all()] == ["opened", "closed", "opened"]
    with pytest.raises(RefusedError) as refused:
        edits.undo_edit(who=Who(None), edit=made, now=now)
    assert refused.value.code == "register.edit.undone"


def test_an_outlet_changed_since_stays_and_is_named(street, now):
    made = edits.edit_outlets(who=Who(None), keys=keys(street), wanted=edits.setting_type("repair"), now=now)
    change_outlet(who=Who(None), outlet=street[1], values={"phone": "0398-1"}, now=now)

    edits.undo_edit(who=Who(None), edit=made, now=now)

    made.refresh_from_db()
    types = [Outlet.objects.get(pk=o.pk).type_code for o in street]
    assert types == ["laundry", "repair", "laundry", "pharmacy"]
    assert made.kept_names == ["店1（虚构）"]
    assert Outlet.objects.get(pk=street[0].pk).form_row == "B07"


def test_outlets_that_are_so_already_are_left_alone(street, now):
    edits.edit_outlets(who=Who(None), keys=keys(street), wanted=edits.setting_type("laundry"), now=now)

    assert [v for _, v in states(street)] == [1, 2, 1, 2]
    with pytest.raises(RefusedError) as refused:
        edits.edit_outlets(who=Who(None), keys=keys(street), wanted=edits.setting_type("laundry"), now=now)
    assert refused.value.code == "register.edit.nothing"
    assert BatchEdit.objects.count() == 1


def test_a_batch_edit_touches_no_other_branch(street, now, make_account):
    strange = Who(make_account("lin", "411282"), "127.0.0.1")
    with pytest.raises(RefusedError) as refused:
        edits.edit_outlets(who=strange, keys=keys(street), wanted=edits.verifying(), now=now)

    assert refused.value.code == "register.not_yours"
    assert [v for _, v in states(street)] == [1, 1, 1, 1]


def test_outlets_move_to_another_community_of_the_branch(street, now):
    other = Area.objects.get(branch="411281001006")
    edits.edit_outlets(
        who=Who(None), keys=keys(street[:1]), wanted=edits.setting_community(other, "另一社区"), now=now
    )

    moved = Outlet.objects.get(pk=street[0].pk)
    assert (moved.area_code, moved.community_id) == (other.branch, other.pk)
    assert Entry.objects.order_by("number").last().action == "outlet.batch_edit"


def test_the_list_edits_what_was_picked_and_the_page_takes_it_back(street, clerk):
    page = clerk.post(
        "/desk/outlets/edits/", {"what": "verify", "picked": [*keys(street[:2]), 999_999]}, follow=True
    ).content.decode()
    made = BatchEdit.objects.get()
    assert "已修改 2 个网点" in page
    assert made.rows.count() == 2

    clerk.post(f"/desk/outlets/edits/{made.pk}/withdrawal/")
    assert "已撤销" in clerk.get("/desk/outlets/edits/").content.decode()
    assert Outlet.objects.filter(verified_on__isnull=False).count() == 0


def test_the_list_edits_all_that_it_lets_through(street, clerk):
    clerk.post(
        "/desk/outlets/edits/", {"what": "status", "status": "suspended", "whole": "1", "query": "row=B10"}
    )

    assert [s for s, _ in states(street)] == ["open", "suspended", "open", "suspended"]


@pytest.mark.parametrize("told", [{"what": "status"}, {"what": "type"}, {"what": "nothing"}])
def test_an_edit_that_does_not_say_what_is_refused(street, clerk, told):
    answer = clerk.post("/desk/outlets/edits/", told | {"picked": keys(street)})

    assert answer.status_code == 409 or "没有说明改成什么" in answer.content.decode()
    assert BatchEdit.objects.count() == 0


def test_a_view_is_kept_without_its_page_and_shared_downward_only(street, clerk, client, make_account):
    told = {
        "name": "没核实的药店",
        "query": "row=B10&stale=on&page=3&col=name&col=phone&as=csv",
        "is_shared": "on",
    }
    answer = clerk.post("/desk/outlets/views/", told)
    view = SavedView.objects.get()
    assert (view.query, view.area_code) == ("row=B10&stale=on&col=name&col=phone", "411281")
    assert answer.url == f"/desk/outlets/?{view.query}"
    page = clerk.get(answer.url).content.decode()
    assert "没核实的药店" in page
    assert page.count('scope="col"') == 2

    below = make_account("shequ", BRANCH, "community", must_change_password=False)
    client.force_login(below)
    assert "没核实的药店" in client.get("/desk/outlets/").content.decode()
    assert client.post(f"/desk/outlets/views/{view.pk}/removal/").status_code == 403
    client.force_login(make_account("lin", "411282", "district", must_change_password=False))
    assert "没核实的药店" not in client.get("/desk/outlets/").content.decode()
    assert client.post(f"/desk/outlets/views/{view.pk}/removal/").status_code == 404


def test_a_personal_view_is_nobody_elses(street, client, make_account):
    owner = make_account("shen", "41", "auditor", must_change_password=False)
    client.force_login(owner)
    client.post("/desk/outlets/views/", {"name": "连锁", "query": "flag=is_chain"})
    assert client.post("/desk/outlets/views/", {"name": "共用", "is_shared": "on"}).status_code == 403
    view = SavedView.objects.get()

    client.force_login(make_account("qu", "411281", "district", must_change_password=False))
    assert ">连锁<" not in client.get("/desk/outlets/").content.decode().split('class="counts"')[0]
    client.force_login(owner)
    client.post(f"/desk/outlets/views/{view.pk}/removal/")
    assert SavedView.objects.count() == 0


def test_the_query_of_a_view_drops_what_is_not_a_lists():
    assert query_of("?q=药店&page=2&next=//else&map=1") == "q=%E8%8D%AF%E5%BA%97&map=1"
