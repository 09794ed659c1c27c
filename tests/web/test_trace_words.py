"""Whatever is recorded has a word, and those who may read the record find their way to it."""

import ast
import re
from pathlib import Path

import pytest

import yike.web
from yike.web.audit.chain import Who, record
from yike.web.audit.models import Entry
from yike.web.audit.words import ACTIONS, KINDS, label_of, text_of
from yike.web.outlets.actions import change_outlet, create_outlet
from yike.web.regions.actions import create_area
from yike.web.units.actions import create_team, create_unit

PROGRAM = Who(None)
RECORDERS = {"record", "trace", "trace_wave", "_trace", "_tell"}
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def calls():
    for path in sorted(Path(yike.web.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield node, getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_every_recorded_action_and_kind_has_a_word():
    actions, kinds = set(), set()
    for node, name in calls():
        if name in RECORDERS and len(node.args) > 1:
            told = [c.value for a in node.args for c in ast.walk(a) if isinstance(c, ast.Constant)]
            actions |= {t for t in told[:2] if isinstance(t, str) and ACTION.fullmatch(t)}
            if name == "record" and len(node.args) > 2 and isinstance(node.args[2], ast.Constant):
                kinds.add(node.args[2].value)

    assert len(actions) > 80
    assert actions - set(ACTIONS) == set()
    assert kinds - set(KINDS) == set()


@pytest.mark.parametrize(
    ("kind", "column", "word"),
    [
        ("outlet", "hours", "营业时间"),
        ("outlet", "community_id", "社区"),
        ("facility", "provider", "运营单位"),
        ("circle", "build_year", "建设年限"),
        ("return", "B01.outlets", "便利店 · 网点数量"),
        ("import", "restored", "恢复"),
        ("job", "nonsense", "nonsense"),
    ],
)
def test_columns_of_the_record_have_words(kind, column, word):
    assert label_of(kind, column) == word


def test_values_of_the_record_are_told_as_on_the_pages():
    assert text_of("outlet", "status", "closed") == "关闭"
    assert text_of("outlet", "takes_cash", None) == "—"
    assert text_of("circle", "has_platform", True) == "是"
    assert text_of("wave", "limits", {"level": 2, "kept": []}) == "等级 2；没有撤销 —"


def test_an_entry_reads_in_words(client, make_account, now):
    client.force_login(make_account("shenji", "411281", "auditor", must_change_password=False))
    shop = create_outlet(who=PROGRAM, values={"name": "店", "area_code": "411281001001"}, now=now)
    change_outlet(who=PROGRAM, outlet=shop, values={"takes_cash": False, "hours": "7:00-22:00"}, now=now)
    number = Entry.objects.get(action="outlet.change").number

    page = client.get(f"/desk/audit/{number}/").content.decode()

    for words in ("修改网点", "收现金", "营业时间", "7:00-22:00"):
        assert words in page


def test_an_object_leads_to_its_entries_for_readers_only(client, make_account, now):
    shop = create_outlet(who=PROGRAM, values={"name": "店", "area_code": "411281001001"}, now=now)
    other = create_outlet(who=PROGRAM, values={"name": "别家", "area_code": "411281001001"}, now=now)
    unit = create_unit(who=PROGRAM, name="商务局", area_code="411281", short_name="", aliases=[], now=now)
    team = create_team(who=PROGRAM, name="专班", area_code="411281", fields={}, now=now)
    pages = {
        f"/desk/outlets/{shop.pk}/": f"/desk/audit/?kind=outlet&amp;key={shop.pk}",
        f"/desk/units/{unit.pk}/": "/desk/audit/?kind=unit&amp;key=%E5%95%86%E5%8A%A1%E5%B1%80",
        f"/desk/units/teams/{team.pk}/": f"/desk/audit/?kind=team&amp;key={team.pk}",
    }

    client.force_login(make_account("shequ", "411281", "community", must_change_password=False))
    assert all("/desk/audit/?kind" not in client.get(p).content.decode() for p in pages)
    client.force_login(make_account("shenji", "411281", "auditor", must_change_password=False))
    for page, way in pages.items():
        assert way in client.get(page).content.decode(), page
        assert "没有符合条件的记录" not in client.get(way.replace("&amp;", "&")).content.decode(), page
    listed = client.get(f"/desk/audit/?kind=outlet&key={shop.pk}").content.decode()
    assert "共 1 条记录" in re.sub(r"<[^>]+>", "", listed)
    assert other.pk != shop.pk


def test_entries_of_another_branch_stay_unseen(client, make_account, now):
    create_area(who=PROGRAM, code="620502000000", name="秦州区（虚构）", begins_on=None, source="",
                is_invented=True, now=now)  # fmt: skip
    number = Entry.objects.get(action="area.create").number
    client.force_login(make_account("shenji", "411281", "auditor", must_change_password=False))

    assert client.get(f"/desk/audit/{number}/").status_code == 404
    assert "秦州区" not in client.get("/desk/audit/").content.decode()


def test_personal_values_are_kept_masked_however_deep(transactional_db, now):
    from django.db import transaction

    with transaction.atomic():
        entry = record(PROGRAM, "outlet.change", "outlet", "1", now=now,
                       after={"rows": [{"phone": "13812345678"}], "phone": ["13812345678", ""]})  # fmt: skip

    assert entry.after == {"rows": [{"phone": "138****5678"}], "phone": ["138****5678", ""]}
