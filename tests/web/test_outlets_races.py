"""Imports applied and taken back by two at once, or while others edit: nothing twice, no edit lost."""

import io

import pytest
from django.utils import timezone

from races import at_once
from yike.errors import RefusedError
from yike.web.audit.chain import Who, verify_chain
from yike.web.outlets import imports
from yike.web.outlets.actions import change_outlet
from yike.web.outlets.models import ImportBatch, Outlet, OutletEvent, OutletVersion, StagedChange
from yike.web.outlets.queries import live_outlets
from yike.web.regions.divisions import load_divisions

PROGRAM = Who(None)
ROWS = 40
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def area(transactional_db):
    load_divisions("411281", who=PROGRAM, now=timezone.now())


def previewed(now, phone="0398555", first=0):
    head = "编号,名称,业态,经度,纬度,电话"
    rows = [
        f"K{i},店{i}（虚构）,便利店,{111.8 + i / 1e4:.4f},34.74,{phone}{i:04d}"
        for i in range(first, first + ROWS)
    ]
    made = imports.upload(
        who=PROGRAM, stream=io.BytesIO("\n".join([head, *rows]).encode()), name="网点.csv",
        area_code="411281", now=now, datum="wgs84",
    )  # fmt: skip
    imports.preview(who=PROGRAM, batch=made, now=now)
    made.refresh_from_db()
    return made


def others(results):
    return [r for r in results if isinstance(r, Exception) and not isinstance(r, RefusedError)]


def test_an_import_applied_by_four_at_once_is_applied_once(area):
    now = timezone.now()
    batch = previewed(now)

    results = at_once(
        4, lambda i: imports.apply(who=PROGRAM, batch=ImportBatch.objects.get(pk=batch.pk), now=now)
    )

    assert others(results) == []
    assert (live_outlets().count(), Outlet.objects.count()) == (ROWS, ROWS)
    assert (OutletVersion.objects.count(), OutletEvent.objects.count()) == (ROWS, ROWS)
    assert (StagedChange.objects.count(), list(verify_chain())) == (0, [])


def test_two_lists_with_the_same_outlets_applied_at_once_make_each_outlet_once(area):
    now = timezone.now()
    batches = [previewed(now, first=0), previewed(now, first=20)]  # twenty are in both

    results = at_once(2, lambda i: imports.apply(who=PROGRAM, batch=batches[i], now=now))

    assert others(results) == []
    applied = ImportBatch.objects.filter(state="applied").count()
    assert (applied, sum(isinstance(r, RefusedError) for r in results)) == (1, 1)
    codes = list(live_outlets().values_list("code", flat=True))
    assert (len(codes), len(set(codes))) == (ROWS, ROWS)
    assert list(verify_chain()) == []


def test_an_undo_while_others_edit_loses_no_edit(area):
    now = timezone.now()
    batch = previewed(now)
    imports.apply(who=PROGRAM, batch=batch, now=now)
    edited = ["K3", "K17", "K39"]

    def act(i):
        if i == 0:
            return imports.undo(who=PROGRAM, batch=ImportBatch.objects.get(pk=batch.pk), now=now)
        shop = Outlet.objects.get(code=edited[i - 1])
        return change_outlet(who=PROGRAM, outlet=shop, values={"phone": "1"}, now=now)

    results = at_once(4, act)

    assert [r for r in others(results) if not isinstance(r, Outlet.DoesNotExist)] == []
    saved = {code for code, r in zip(edited, results[1:], strict=True) if not isinstance(r, Exception)}
    left = dict(live_outlets().values_list("code", "phone"))
    assert left == dict.fromkeys(saved, "1")
    assert (results[0]["removed"], results[0]["kept"]) == (ROWS - len(saved), len(saved))
    assert (StagedChange.objects.count(), list(verify_chain())) == (0, [])


def test_an_undo_pressed_by_three_at_once_undoes_once(area):
    now = timezone.now()
    batch = previewed(now)
    imports.apply(who=PROGRAM, batch=batch, now=now)

    results = at_once(
        3, lambda i: imports.undo(who=PROGRAM, batch=ImportBatch.objects.get(pk=batch.pk), now=now)
    )

    assert others(results) == []
    batch.refresh_from_db()
    assert (batch.state, live_outlets().count()) == ("undone", 0)
    assert (StagedChange.objects.count(), list(verify_chain())) == (0, [])
