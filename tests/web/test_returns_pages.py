"""Pages of returns with a client and no script: fill, explain, send up, send back, print, merge."""

import io
import re

import pytest
from django.urls import reverse

from returns_town import PROGRAM, build_town, clerk, complete, open_town
from yike.web.accounts.models import Account
from yike.web.returns.actions import check, submit
from yike.web.returns.cells import values_from_json
from yike.web.returns.entry import read_entry
from yike.web.returns.models import Return, ReturnFile, Wave
from yike.web.returns.queries import doc_of, revision_of, values_of
from yike.web.returns.sheet import typed_text


@pytest.fixture
def town(db, now):
    build_town(now)
    return open_town(now, is_invented=True)


@pytest.fixture
def east(town):
    return Return.objects.get(circle__code="C1")


@pytest.fixture
def enter(db, client):
    """Sign somebody in, by role and branch."""

    def signed_in(role, area_code):
        account = clerk(role, area_code).account
        Account.objects.filter(pk=account.pk).update(must_change_password=False)
        account.refresh_from_db()
        client.force_login(account)
        return client

    return signed_in


@pytest.fixture
def community(enter):
    return enter("community", "990101001001")


def posted(of, **changes):
    """The whole sheet as a browser without script sends it, with some cells typed over."""
    sheet = {"seen": str(of.version)}
    for key, value in values_of(of).items():
        sheet[key] = list(value or [""]) if key in ("operators", "layouts") else typed_text(value)
    return sheet | changes


def at(of, name="return", **more):
    return reverse(f"returns:{name}", kwargs={"key": of.pk, **more})


def field(page, name):
    return re.search(rf'<input name="{re.escape(name)}" value="([^"]*)"', page)[1]


def test_the_sheet_shows_the_form_as_printed_with_its_sources(community, east):
    page = community.get(at(east)).content.decode()

    assert "试点便民生活圈建设情况调查表" in page
    assert field(page, "B01.outlets") == "3"
    assert '<span class="printed">3.00</span>' in page  # three shops, two decimals
    assert 'title="登记册：登记册（2026-11-22）：2 个网点共 7 人，1 个网点没有登记从业人数"' in page
    assert page.count('rowspan="14"') == page.count('rowspan="9"') == 1
    assert "本页含虚构数据" in page


def test_saving_an_untouched_sheet_changes_nothing(community, east):
    answer = community.post(at(east), posted(east))

    east.refresh_from_db()
    assert (answer.status_code, east.version, east.changes.count()) == (302, 1, 0)


def test_a_cell_that_the_register_does_not_know_is_filled_without_a_reason(community, east):
    community.post(
        at(east), posted(east, **{"B02.outlets": "１２个", "B02.staff": "0.06万", "operators": ["state"]})
    )

    values = values_of(east)
    assert (values["B02.outlets"], values["B02.staff"], values["operators"]) == (12, 600, ("state",))
    assert east.changes.count() == 3


def test_an_overridden_cell_asks_why_and_keeps_what_was_typed(community, east):
    answer = community.post(at(east), posted(east, **{"B01.staff": "9", "B02.outlets": "1"}))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert (field(page, "B01.staff"), field(page, "B02.outlets")) == ("9", "1")
    assert 'name="why-B01.staff"' in page
    assert values_of(east)["B01.staff"] == 7

    community.post(at(east), posted(east, **{"B01.staff": "9", "why-B01.staff": "新招两人"}))
    assert values_of(east)["B01.staff"] == 9
    assert revision_of(east).comments == {"B01.staff": "新招两人"}


def test_a_cell_that_cannot_be_read_is_told_at_the_cell(community, east):
    answer = community.post(at(east), posted(east, **{"B02.staff": "0.06", "B02.outlets": "5"}))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "要按万人填请带上单位" in page
    assert (field(page, "B02.staff"), field(page, "B02.outlets")) == ("0.06", "5")
    assert east.changes.count() == 0


def test_two_people_on_different_cells_both_stand(community, east, now):
    hers = posted(east, **{"B03.outlets": "2"})
    complete(east, now, **{"B04.outlets": 5})
    answer = community.post(at(east), hers)

    values = values_of(east)
    assert answer.status_code == 302
    assert (values["B03.outlets"], values["B04.outlets"], values["has_platform"]) == (2, 5, False)


def test_two_people_on_the_same_cell_are_told(community, east, now):
    hers = posted(east, **{"B03.outlets": "2"})
    complete(east, now, **{"B03.outlets": 5})
    answer = community.post(at(east), hers)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "别人也改了 菜市场" in page
    assert field(page, "B03.outlets") == "2"
    assert values_of(east)["B03.outlets"] == 5

    east.refresh_from_db()
    community.post(at(east), posted(east, **{"B03.outlets": "2"}))
    assert values_of(east)["B03.outlets"] == 2


def test_108_per_cent_is_kept_as_a_draft_and_cannot_be_submitted(community, east, now):
    complete(east, now)
    east.refresh_from_db()
    answer = community.post(
        at(east), posted(east, **{"B01.satisfaction": "108", "then": "submission"}), follow=True
    )

    assert answer.redirect_chain[-1][0] == at(east, "submission")
    assert "还不能提交：1 处必须改" in answer.content.decode()
    assert "应在 0 到 100 之间" in answer.content.decode()
    community.post(at(east, "submission"), {"note": "样本正在补"})
    east.refresh_from_db()
    assert east.state == "draft"


def test_submitting_asks_for_a_reason_when_there_are_too_few_answers(community, east, now):
    complete(east, now)
    asked = community.get(at(east, "submission")).content.decode()
    assert "有效问卷 0 份，少于 50 份" in asked

    community.post(at(east, "submission"), {"note": ""})
    assert Return.objects.get(pk=east.pk).state == "draft"
    community.post(at(east, "submission"), {"note": "调查未完（虚构）"})

    closed = community.get(at(east)).content.decode()
    assert Return.objects.get(pk=east.pk).state == "submitted"
    assert '<input name="B01.outlets"' not in closed
    assert "撤回" in closed


def test_the_street_sends_back_with_a_remark_at_the_cell(enter, east, now):
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="调查未完（虚构）")
    street = enter("subdistrict", "990101001")
    assert "审核通过" in street.get(at(east)).content.decode()

    told = {"note": "请核对", "cell": ["B01.staff", ""], "remark": ["店员应为 8 人", ""]}
    street.post(at(east, "return-back"), told)
    page = enter("community", "990101001001").get(at(east)).content.decode()

    assert Return.objects.get(pk=east.pk).state == "sent_back"
    assert "店员应为 8 人" in page
    assert 'class="noted" href="#notes" title="店员应为 8 人"' in page


def test_a_step_whose_time_has_not_come_is_told_in_words(enter, east):
    answer = enter("subdistrict", "990101001").post(at(east, "check"), {}, follow=True)

    assert answer.redirect_chain[-1] == (at(east), 302)
    assert "现在不能审核通过：这张表的状态是“填报中”" in answer.content.decode()


def test_the_history_of_a_cell_tells_who_changed_what_and_why(community, east):
    community.post(at(east), posted(east, **{"B01.staff": "9", "why-B01.staff": "新招两人"}))
    page = community.get(at(east, "cell", cell="B01.staff")).content.decode()

    for words in ("7 人", "9 人", "新招两人", "网页填写"):
        assert words in page
    assert community.get(at(east, "cell", cell="X01.staff")).status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_the_official_form_is_downloaded(community, east, kind):
    answer = community.get(at(east, "paper", kind=kind))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content[:4] in (b"PK\x03\x04", b"%PDF")


def test_a_downloaded_workbook_comes_back_with_no_differences(community, east, settings, tmp_path):
    settings.DATA = tmp_path
    answer = community.post(at(east, "files"), {"file": downloaded(community, east)}, follow=True)

    assert "0 处差异" in answer.content.decode()
    assert ReturnFile.objects.get().changes == []


def test_three_changed_cells_come_back_as_three_changes(community, east, settings, tmp_path):
    settings.DATA = tmp_path
    book = downloaded(community, east, {"C9": 2, "C10": 4, "C8": 5})
    page = community.post(at(east, "files"), {"file": book}, follow=True).content.decode()
    found = ReturnFile.objects.get()

    assert [c["key"] for c in found.changes] == ["B01.outlets", "B02.outlets", "B03.outlets"]
    assert "改动 3 处" in page
    assert 'name="why-B01.outlets"' in page

    told = {"only": ["B02.outlets", "B01.outlets"], "why-B01.outlets": "新开两家"}
    community.post(reverse("returns:application", args=[found.pk]), told)
    values = values_of(east)
    assert (values["B01.outlets"], values["B02.outlets"], values["B03.outlets"]) == (5, 2, None)


def test_the_sign_off_page_has_two_copies_with_code_seals_and_qr(community, east, now):
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="调查未完（虚构）")
    page = community.get(at(east, "sign-off")).content.decode()

    assert page.count('class="copy"') == 2
    assert page.count(f"表号 {east.code}-1") == 2
    assert page.count("（盖章）") == 2 * 4
    assert page.count("<svg") >= 2
    assert f"/f/{revision_of(east).token}/" in page


def test_the_code_on_paper_opens_the_frozen_form_without_a_sign_in(client, east, now):
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="调查未完（虚构）")
    token = revision_of(east).token
    page = client.get(f"/f/{token}/").content.decode()

    assert f"{east.code}-1" in page
    assert "已提交，审核中" in page
    assert "登记册" not in page  # sources are for the desk
    assert client.get("/f/none-such/").status_code == 404


def test_a_merged_form_lists_what_is_missing_and_adds_the_rest(enter, town, east, now):
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="调查未完（虚构）")
    page = enter("subdistrict", "990101001").get(branch(town, "990101001")).content.decode()

    assert "没有计入的圈 1" in page
    assert "东三圈：" in page
    assert "有效问卷不足 50 份的圈 1" in page
    assert '<span class="printed">3.00</span>' in page


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_a_merged_form_is_downloaded_with_its_circles(enter, town, east, now, kind):
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="调查未完（虚构）")
    answer = enter("city", "9901").get(branch(town, "9901"), {"as": kind})

    assert answer.content[:4] in (b"PK\x03\x04", b"%PDF")
    if kind == "xlsx":
        from openpyxl import load_workbook

        names = load_workbook(io.BytesIO(answer.content)).sheetnames
        assert (len(names), names[1]) == (3, "东一圈")  # merged, its circle, where figures come from


def test_a_street_reports_when_all_its_circles_are_checked(enter, town, now):
    street = enter("subdistrict", "990101001")
    for of in Return.objects.filter(home_code__startswith="990101001"):
        assert ">上报</button>" not in street.get(branch(town, "990101001")).content.decode()
        complete(of, now)
        submit(who=PROGRAM, of=of, now=now, samples_reason="调查未完（虚构）")
        check(who=PROGRAM, of=of, now=now)

    assert ">上报</button>" in street.get(branch(town, "990101001")).content.decode()
    answer = street.post(reverse("returns:branch-report", args=[town.pk, "990101001"]), follow=True)
    assert "已上报，等上级审核" in answer.content.decode()
    assert street.get(branch(town, "990101002")).status_code == 404


def test_the_wave_tells_who_has_not_submitted(enter, town, east, now):
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="调查未完（虚构）")
    page = enter("city", "9901").get(reverse("returns:wave", args=[town.pk])).content.decode()

    assert "未交 2 圈" in page
    assert "虚构区" in page


def test_a_city_opens_a_wave_and_every_circle_gets_its_form(enter, town):
    city = enter("city", "9901")
    told = {
        "area": "9901", "title": "2026年第二期", "as_of": "2026-12-31", "opens_on": "2027-01-04",
        "due_on": "2027-01-15", "remind_days": "3", "count_decimals": "0", "rounding": "half_even",
    }  # fmt: skip
    city.post(reverse("returns:new-wave"), told)

    made = Wave.objects.get(title="2026年第二期")
    assert (made.returns.count(), made.count_decimals, made.rounding) == (3, 0, "half_even")


def test_first_screens_tell_what_waits(enter, town):
    page = enter("community", "990101001001").get("/desk/").content.decode()
    assert "本月要填：要填 1 张，红格 4 处" in page
    assert [w for w in ("记需求", "拍网点", "上传表格") if w in page] == ["记需求", "拍网点", "上传表格"]

    assert "未交 2 圈，待审 0 张" in enter("subdistrict", "990101001").get("/desk/").content.decode()
    city = enter("city", "9901").get("/desk/").content.decode()
    assert "未交 3 圈" in city
    assert "虚构区" in city


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("B01.outlets", "12.00", 12),
        ("B01.staff", "36人", 36),
        ("B01.outlets", " ", None),
        ("has_platform", "no", False),
    ],
)
def test_entries_are_read_as_people_write_them(key, text, value):
    assert read_entry(key, text) == value


def test_a_form_out_and_in_keeps_every_value(east):
    assert values_from_json(revision_of(east).values) == values_of(east)
    assert doc_of(east).values["ALL.outlets"] == 3


def branch(wave, code):
    return reverse("returns:merged", args=[wave.pk, code])


def downloaded(client, of, changes=()):
    """The workbook as the page gives it, with some cells typed over."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from openpyxl import load_workbook

    whole = client.get(at(of, "paper", kind="xlsx")).content
    if changes:
        book = load_workbook(io.BytesIO(whole))
        for cell, value in changes.items():
            book.worksheets[0][cell] = value
        stream = io.BytesIO()
        book.save(stream)
        whole = stream.getvalue()
    return SimpleUploadedFile("表.xlsx", whole)
