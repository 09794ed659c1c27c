"""A community worker's month on a phone over plain HTTP, step by step (journey J2), on the demo's data."""

import io
import re
import shutil
import time

import openpyxl
import pytest
from PIL import Image

from browser_visit import PHONE, PLAIN_NAME
from journey import Person, pages_of, qr_texts, served
from journey_town import CIRCLE, ROUND, SIMILAR, WORKER
from photo_maker import a_photo_file

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHERE = (105.893, 34.562)  # in Tianshui


@pytest.fixture
def home(journey_folder, tmp_path):
    shutil.copytree(journey_folder, tmp_path / "data")
    with served(tmp_path / "data", name=PLAIN_NAME) as address:
        yield address


def test_a_community_workers_month_on_a_phone(home, browser, tmp_path):
    worker = Person(browser, home, WORKER, PHONE)
    assert worker.page.evaluate("isSecureContext") is False  # nothing below needs HTTPS
    path = first_screen(worker)
    a_need_is_noted_and_merged(worker)
    an_outlet_is_taken(worker)
    a_cell_is_overridden(worker, path)
    the_draft_survives(worker, path)
    a_workbook_comes_back(worker, path, tmp_path)
    seven_people(worker, path)
    a_hundred_and_eight_per_cent(worker, path)
    the_poster(worker, tmp_path)
    few_answers_ask_for_a_reason(worker, path)
    the_street_sends_it_back(browser, home, worker, path, tmp_path)
    the_sign_off_page(worker, path, tmp_path)
    worker.leave(tmp_path / "worker.png")


def first_screen(worker):
    """1: three forms are due."""
    page = worker.page
    assert worker.heading() == "待办"
    card = page.locator("section.panel").filter(has_text="本月要填")
    assert card.get_by_role("heading").inner_text() == "本月要填：要填 2 张，退回 1 张，红格 1 处"
    assert card.get_by_role("listitem").count() == 3
    return card.get_by_role("link", name=CIRCLE).get_attribute("href")


def a_need_is_noted_and_merged(worker):
    """2 and 3: noted in half a minute with a building from the list, then joined to a similar need."""
    page = worker.page
    page.get_by_role("link", name="记需求").first.click()
    begun = time.monotonic()
    page.get_by_label("居民怎么说").fill("楼下没地方修鞋")
    choose_home(page)
    offered = page.locator("#building_places option").evaluate_all("all => all.map((o) => o.value)")
    assert "3号楼（虚构）" in offered
    page.get_by_label("楼栋或地点").fill("3号楼（虚构）")
    page.get_by_label("面谈").check()
    page.get_by_label("60–74 岁").check()
    page.get_by_role("button", name="保存").click()

    assert worker.heading() == "是同一件事吗？"
    assert page.locator(".offers button").count() >= 2
    page.get_by_role("button", name=SIMILAR[0]).click()
    assert worker.heading() == "已记下"
    assert page.get_by_text("共 2 人次").is_visible()
    assert time.monotonic() - begun < 30


def choose_home(page):
    """The community whose circle the need is about."""
    choice = page.get_by_label("社区")
    labels = choice.locator("option").all_inner_texts()
    choice.select_option(label=next(text for text in labels if "天河" in text))


def an_outlet_is_taken(worker):
    """4: a photo, a type, a name; the place is the photo's, which is kept without it."""
    page = worker.go("/desk/outlets/photo/")
    photo = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": a_photo_file(place=WHERE)}
    page.get_by_label("拍一张或选一张").set_input_files(photo)
    page.locator("[data-shoot] img").wait_for()
    page.locator("#shot .taps").get_by_text("维修点", exact=True).first.click()
    page.get_by_label("招牌名").fill("二马路修鞋摊（虚构）")
    choose_home(page)
    page.get_by_role("button", name="保存").click()

    assert page.get_by_text("已登记“二马路修鞋摊（虚构）”").is_visible()
    picture = page.get_by_role("img", name="二马路修鞋摊（虚构）的照片")
    kept = worker.fetch(picture.get_attribute("src"))
    assert len(kept) < 300_000
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def a_cell_is_overridden(worker, path):
    """5: rows filled from the register, each marked; another figure asks why."""
    page = worker.sheet(path)
    filled = page.locator('td.cell[data-key$=".outlets"]').filter(has=page.locator("a.from", has_text="登"))
    assert filled.count() >= 18
    stands = int(page.locator('td.cell[data-key="B01.staff"]').get_attribute("data-stands"))
    page.get_by_label("便利店 · 从业人数（人）").fill(str(stands + 2))
    reason = page.get_by_label("便利店 · 从业人数：为什么与来源不同")
    reason.wait_for()
    reason.fill("新招两人（虚构）")
    page.get_by_role("button", name="保存草稿").last.click()
    page.get_by_text("已保存草稿：改动 1 格。").wait_for()


def the_draft_survives(worker, path):
    """6: what was typed and not saved is offered again after the browser was closed."""
    page = worker.sheet(path)
    page.get_by_label("综合超市 · 网点数量（个）").fill("6")
    page.locator("form#sheet[data-mirrored]").wait_for()
    page.close(run_before_unload=False)

    worker.open()
    page = worker.sheet(path)
    page.locator("[data-draft-ask]").wait_for()
    page.get_by_role("button", name="恢复").click()
    assert page.get_by_label("综合超市 · 网点数量（个）").input_value() == "6"
    page.get_by_label("综合超市 · 网点数量：为什么与来源不同").fill("刚数过（虚构）")
    page.get_by_role("button", name="保存草稿").last.click()
    page.get_by_text("已保存草稿：改动 1 格。").wait_for()


def a_workbook_comes_back(worker, path, tmp_path):
    """7: three cells changed in a spreadsheet are three changes on the page, no more."""
    page = worker.sheet(path)
    raw = worker.fetch(f"{path}form.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book.worksheets[0]
    changed = {"C17": 2, "E17": 1, "G17": "想有一家能坐下来的早餐店"}
    for cell, value in changed.items():
        sheet[cell] = value
    book.save(tmp_path / "returned.xlsx")
    page.get_by_label("填好的表传回来").set_input_files(str(tmp_path / "returned.xlsx"))
    page.locator("form.upload").get_by_role("button", name="上传表格").click()

    assert page.get_by_role("heading", name="改动 3 处").is_visible()
    assert page.locator("form.compare tbody tr").count() == 3
    places = page.locator("form.compare tbody tr td:nth-child(3)").all_inner_texts()
    assert [p.split("!")[-1] for p in places] == list(changed)
    for why in page.get_by_placeholder("与来源不同，写一句说明").all():
        why.fill("表格里改的（虚构）")
    page.get_by_role("button", name="采用勾选的改动").click()
    page.locator("table.annex").wait_for()
    assert page.locator("form.compare").count() == 0


def seven_people(worker, path):
    """8: 7 persons print as 0.00 of 万人; the page says how totals are rounded."""
    page = worker.sheet(path)
    page.get_by_label("综合超市 · 从业人数（人）").fill("7")
    assert page.locator('td.cell[data-key="B02.staff"] .printed').inner_text() == "0.00"
    hint = page.locator("[data-rounding-note]")
    assert "先按人求和，再换算万人" in hint.inner_text()
    why = page.get_by_label("综合超市 · 从业人数：为什么与来源不同")
    why.fill("核对过（虚构）")
    page.get_by_role("button", name="保存草稿").last.click()
    page.get_by_text("已保存草稿").wait_for()


def a_hundred_and_eight_per_cent(worker, path):
    """9: the cell turns red and says why in Chinese; the form cannot be submitted."""
    page = worker.sheet(path)
    box = page.locator('td.cell[data-key="B01.satisfaction"]')
    before = box.get_by_role("textbox").input_value()
    box.get_by_role("textbox").fill("108")
    assert "has-error" in box.get_attribute("class")
    assert "不在 0 到 100 之间" in page.locator("[data-present] [data-wrong]").inner_text()
    page.locator('[name="why-B01.satisfaction"]').fill("试填（虚构）")
    page.get_by_role("button", name="检查并提交").last.click()

    page.get_by_role("heading", name=re.compile("还不能提交：")).wait_for()
    assert page.get_by_role("button", name="提交给街道").count() == 0
    assert page.locator(".findings").get_by_text("应在 0 到 100 之间").is_visible()
    page.get_by_role("link", name="回去修改").click()
    page.locator("table.annex.live").wait_for()
    box.get_by_role("textbox").fill(before)
    page.get_by_role("button", name="保存草稿").last.click()
    page.get_by_text("已保存草稿").wait_for()


def the_poster(worker, tmp_path):
    """11: an A4 poster; its code leads a resident's phone to the questionnaire."""
    page = worker.go("/desk/voices/surveys/")
    row = page.get_by_role("row").filter(has_text=CIRCLE)
    row.get_by_role("link").first.click()
    assert page.get_by_text("47").first.is_visible()
    poster = worker.fetch(page.get_by_role("link", name="扫码海报").get_attribute("href"))
    (size, text), *more = pages_of(poster)
    assert (size, more) == ((210, 297), [])
    assert CIRCLE in text
    (address,) = qr_texts(poster, tmp_path)
    assert address.startswith(f"{worker.home}/s/")
    page.goto(address)
    assert page.get_by_role("button", name="开始填写").is_visible()


def few_answers_ask_for_a_reason(worker, path):
    """10 and 12: 47 of 50 answers want a reason; submitted, the form is shut."""
    page = worker.sheet(path)
    page.get_by_role("button", name="检查并提交").last.click()
    page.get_by_text("有效问卷 47 份，少于 50 份").first.wait_for()
    page.get_by_role("button", name="提交给街道").click()
    assert worker.heading().startswith("提交")  # not without a reason
    page.get_by_label("样本不足的说明").fill("雨天，入户到周末结束（虚构）")
    page.get_by_role("button", name="提交给街道").click()

    page.get_by_text("已提交，等街道审核。").wait_for()
    assert page.locator("form#sheet").count() == 0
    assert page.get_by_role("button", name="保存草稿").count() == 0


def the_street_sends_it_back(browser, home, worker, path, tmp_path):
    """12: the street's remark stands at the cell when the form comes back."""
    street = Person(browser, home, "ts-jiedao", PHONE)
    page = street.go(path)
    page.get_by_role("link", name="退回").click()
    page.get_by_label("退回原因").fill("请核对便利店人数")
    page.get_by_label("第 1 条批注的格子").select_option(label="便利店 · 从业人数")
    page.get_by_label("第 1 条批注", exact=True).fill("登记册上少两人")
    page.get_by_role("button", name="退回修改").click()
    page.get_by_text("已退回。").wait_for()
    street.leave(tmp_path / "street.png")

    page = worker.go("/desk/")
    assert page.get_by_text("退回 2 张").is_visible()
    page = worker.sheet(path)
    assert page.locator('td.cell[data-key="B01.staff"] .noted').is_visible()
    note = page.locator("#notes li").filter(has_text="登记册上少两人")
    assert note.get_by_role("link", name="便利店 · 从业人数").is_visible()
    note.get_by_role("button", name="已处理").click()
    page.get_by_text("批注已标为处理过。").wait_for()
    page.locator("table.annex.live").wait_for()
    page.get_by_role("button", name="检查并提交").last.click()
    page.get_by_label("样本不足的说明").fill("雨天，入户到周末结束（虚构）")
    page.get_by_role("button", name="提交给街道").click()
    page.get_by_text("已提交，等街道审核。").wait_for()


def the_sign_off_page(worker, path, tmp_path):
    """13: two copies with seal boxes and the page code; the printed code opens what was submitted."""
    page = worker.go(path)
    page.get_by_role("link", name="签批页").click()
    assert page.locator("article.copy").count() == 2
    code = page.locator(".page-code span").first.inner_text()
    paper = page.pdf(format="A4", print_background=True)
    pages = pages_of(paper)
    assert {size for size, _ in pages} == {(210, 297)}
    text = "".join(text for _, text in pages)
    assert text.count(code.replace(" ", "")) >= 2
    assert text.count("（盖章）") >= 6
    assert ("第1份，共2份" in text, "第2份，共2份" in text, "虚构数据" in text) == (True, True, True)
    (address,) = set(qr_texts(paper, tmp_path))
    page.goto(address)
    assert ROUND in page.locator("main").inner_text()
    assert page.get_by_text("雨天", exact=False).count() == 0  # the reason stays inside
