"""Where to add, as a planner meets it: tab, slider, curve and list; keyboard, phone, paper, no script."""

from pathlib import Path

import pytest

from browser_visit import DESK, PHONE, Visit, ink
from siting_street import ROOMS, write_street
from yike.reports.html_report.build import write_html
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec

pytestmark = pytest.mark.browser


def report_of(pack: Path, path: Path) -> Path:
    write_html(run_study(StudySpec(pack, with_siting=True)).facts, path)
    return path


@pytest.fixture(scope="module")
def city(yima_pack, tmp_path_factory) -> Path:
    return report_of(yima_pack, tmp_path_factory.mktemp("city") / "report.html")


@pytest.fixture(scope="module")
def street(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("street")
    return report_of(write_street(folder / "pack"), folder / "report.html")


@pytest.fixture
def visit(browser, city, tmp_path, request):
    seen = Visit(browser, city, viewport=DESK)
    seen.page.get_by_role("tab", name="补在哪").click()
    yield seen
    seen.leave(tmp_path / f"{request.node.name}.png")


def shown_k(visit: Visit) -> int:
    return visit.page.locator("#site-list li").count()


def number(text: str) -> int:
    return int(text.replace("\u202f", "").replace(",", ""))


def gained(visit: Visit) -> int:
    return number(visit.text("#siting-said b").split(" ")[1])


def test_tab_shows_sites_on_the_map_and_explains_the_first(visit):
    assert visit.page.locator("#gap-panel").is_hidden()
    assert shown_k(visit) == 3
    assert "推荐位置" in visit.text("#legend")
    kind = visit.page.locator("#siting-type option:checked").inner_text()
    assert visit.text("#why-title").startswith("1 ")
    assert visit.text("#why-title").endswith(kind)
    for part in ("服务谁", "新走得到的居住点", "离最优多远", "依据", "数据"):
        assert part in visit.text("#why")
    before = ink(visit)
    visit.page.get_by_role("tab", name="缺什么").click()
    assert ink(visit) != before
    assert "推荐位置" not in visit.text("#legend")


def test_slider_moves_list_curve_map_and_reasons(visit):
    before, people = ink(visit), gained(visit)
    visit.page.locator("#siting-k").fill("5")
    assert shown_k(visit) == 5
    assert gained(visit) > people
    assert visit.text("#siting-k-value") == "5 处"
    assert visit.page.locator("#siting-curve-box .at").get_attribute("data-k") == "5"
    assert ink(visit) != before
    lines = visit.page.locator("#site-list li .site-words span:first-of-type").all_inner_texts()
    assert sum(number(line.split(" ")[1]) for line in lines) == pytest.approx(gained(visit), abs=3)


def test_keyboard_moves_slider_and_tabs(visit):
    visit.page.locator("#siting-k").focus()
    visit.page.keyboard.press("ArrowRight")
    assert shown_k(visit) == 4
    assert "4 处" in visit.page.locator("#siting-k").get_attribute("aria-valuetext")
    visit.page.keyboard.press("Home")
    assert shown_k(visit) == 1
    visit.page.keyboard.press("End")
    assert shown_k(visit) == visit.page.locator("#siting-curve-box .dot").count()
    visit.page.locator("#tab-siting").focus()
    visit.page.keyboard.press("ArrowLeft")
    assert visit.page.locator("#gap-panel").is_visible()
    assert visit.page.evaluate("document.activeElement.id") == "tab-gaps"


def test_one_click_on_a_line_tells_residents_minutes_and_clause(visit):
    visit.page.locator("#site-list button").nth(1).click()
    why = visit.text("#why")
    assert visit.text("#why-title").startswith("2 ")
    assert "分钟内走得到" in visit.text("#why .verdict")
    assert "义政办〔2023〕9号" in why
    row = visit.page.locator("#why .rows tbody tr").first.locator("td").all_inner_texts()
    assert float(row[1]) > 10.0 >= float(row[2])  # minutes before and after
    assert visit.page.locator("#site-list button[aria-current]").count() == 1
    visit.page.locator("#why .rows .door").first.click()
    assert "步行到最近一处" in visit.text("#why")


def test_type_and_map_follow_each_other(visit):
    other = visit.page.locator("#siting-type option").nth(2).inner_text()
    visit.page.select_option("#siting-type", label=other)
    assert visit.page.locator("#map-type option:checked").inner_text().strip() == other
    assert visit.text("#siting-types .shown h3") == other
    first = visit.page.locator("#siting-type option").nth(0).inner_text()
    visit.page.select_option("#map-type", label=first)
    assert visit.page.locator("#siting-type option:checked").inner_text() == first


def test_dot_of_the_curve_chooses_its_number(visit):
    visit.page.locator("#siting-curve-box [data-k='2']").click()
    assert shown_k(visit) == 2


def test_site_on_the_map_opens_its_reasons(visit):
    ink(visit)
    where = visit.page.evaluate(
        """() => { const map = document.getElementById('map');
        const box = map.getBoundingClientRect();
        for (let y = 40; y < box.height - 60; y += 6) for (let x = 20; x < box.width - 60; x += 6) {
          const at = [box.left + x, box.top + y];
          const hand = { clientX: at[0], clientY: at[1], pointerId: 9 };
          map.dispatchEvent(new PointerEvent('pointermove', hand));
          const tip = document.getElementById('map-tip').textContent;
          if (tip.includes('平均走')) return at;
        } return null; }"""
    )
    assert where is not None
    visit.page.mouse.click(*where)
    assert visit.page.locator("#site-list button[aria-current]").count() == 1


def test_money_is_offered_where_costs_are_known(browser, street, tmp_path):
    visit = Visit(browser, street, viewport=DESK)
    visit.page.get_by_role("tab", name="补在哪").click()
    visit.page.select_option("#siting-type", label="便利店")
    visit.page.locator("#siting-k").fill("2")
    assert "共 9 万元" in visit.text("#siting-said")
    visit.page.get_by_role("button", name="按投资").click()
    assert visit.page.locator("#siting-curve-box svg").get_attribute("data-axis") == "money"
    assert visit.page.locator("#siting-curve-box .bound").count() == 0
    visit.leave(tmp_path / "money.png")
    rooms = [(i, k, "") for i, k, _ in ROOMS]
    other = Visit(
        browser,
        report_of(write_street(tmp_path / "pack", rooms=rooms), tmp_path / "report.html"),
        viewport=DESK,
    )
    other.page.get_by_role("tab", name="补在哪").click()
    assert other.page.locator("#siting-axis button").count() == 0
    other.leave(tmp_path / "no-money.png")


def test_page_without_script_tells_every_number_of_sites(browser, street, tmp_path):
    silent = Visit(browser, street, viewport=DESK, java_script_enabled=False)
    assert silent.page.locator("#desk-tabs:visible, #siting-panel:visible").count() == 0
    cards = silent.page.locator(".siting-type:visible")
    assert cards.count() == silent.page.locator("#siting-table tbody tr").count() > 5
    card = cards.filter(has=silent.page.locator("h3", has_text="便利店"))
    rows = card.locator("[id^=siting-curve-] tbody tr").all_inner_texts()
    assert [r.split("\t")[:4] for r in rows] == [
        ["1", "＋空房r17", "+500", "500"],
        ["2", "＋空房r35", "+450", "950"],
    ]
    assert card.locator("svg.curve").first.is_visible()
    silent.leave(tmp_path / "silent.png")


def test_print_has_all_types_and_no_controls(visit, tmp_path):
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    visit.page.emulate_media(media="print")
    assert (
        visit.page.locator(".siting-type:visible").count() == visit.page.locator(".siting-type").count() > 5
    )
    for control in ("#desk-tabs", "#siting-panel", "[data-siting-map]"):
        assert not visit.page.locator(control).first.is_visible()
    assert visit.page.locator("#gap-table").is_visible()
    visit.page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    assert (tmp_path / "report.pdf").stat().st_size > 50_000


@pytest.mark.parametrize("width", [PHONE["width"], 1024])
def test_small_screens_hold_tab_and_section(browser, city, tmp_path, width):
    size = PHONE if width < 500 else {"width": width, "height": 768}
    visit = Visit(browser, city, viewport=size, has_touch=width < 500, is_mobile=width < 500)
    visit.page.get_by_role("tab", name="补在哪").click()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    if width < 500:
        assert visit.page.locator("#siting-k").bounding_box()["height"] >= 44
        visit.page.locator("#site-list button").first.tap()
        assert visit.page.locator("#why .close").is_visible()
    visit.leave(tmp_path / f"{width}.png")
