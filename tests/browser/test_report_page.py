"""The report page as a person meets it: in a browser, from disk, with and without script, on paper."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from browser_visit import DESK, PHONE, Visit, ink
from report_facts import make_facts, make_judged_facts
from yike.reports.html_report.build import write_html

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html(make_judged_facts(), path)
    return path


@pytest.fixture
def visit(browser, report, tmp_path, request):
    seen = Visit(browser, report, viewport=DESK)
    yield seen
    seen.leave(tmp_path / f"{request.node.name}.png")


def test_page_opens_with_the_worst_gap_explained(visit):
    first = visit.page.locator("#gap-table tbody tr").first
    assert first.locator("td").first.inner_text() == "1"
    kind, circle = first.locator(".pick b").inner_text(), first.locator(".pick span").inner_text()
    assert visit.text("#why-title") == f"{kind} · {circle}"
    why = visit.text("#why")
    for part in ("算式", "影响", "怎样会改变", "可以怎样补", "依据", "推定", "够不着的居住点"):
        assert part in why


def test_type_switch_repaints_map_legend_and_table(visit):
    before, legend = ink(visit), visit.text("#legend")
    visit.page.select_option("#map-type", label="药店")
    assert "药店" in visit.text("#legend")
    assert visit.text("#legend") != legend
    assert ink(visit) != before
    assert "药店" in visit.text("#places .tools")


def test_legend_counts_every_resident_once(visit):
    visit.page.select_option("#map-circle", "-1")
    shown = visit.page.locator("#legend li b").all_inner_texts()
    people = sum(int(text.removesuffix(" 人").replace("\u202f", "")) for text in shown)
    assert people == int(np.nansum(make_facts().places.people))


def test_choosing_a_gap_moves_the_map_and_the_reasons(visit):
    before = ink(visit)
    visit.page.locator("#gap-table tbody tr .pick").nth(4).click()
    kind = visit.text("#gap-table tbody tr.chosen .pick b")
    assert visit.text("#why-title").startswith(kind)
    assert visit.page.locator("#map-type option:checked").inner_text().strip() == kind
    assert ink(visit) != before


def test_figures_are_doors_and_escape_closes_them(visit):
    door = visit.page.locator(".card.shown .types .door").first
    door.scroll_into_view_if_needed()
    door.click()
    assert "floating" in (visit.page.locator("#why").get_attribute("class") or "")
    assert "÷" in visit.text("#why .sum")
    visit.page.keyboard.press("Escape")
    assert "floating" not in (visit.page.locator("#why").get_attribute("class") or "")
    assert visit.page.evaluate("document.activeElement.className") == "door"


def test_every_door_opens_a_room(visit):
    addresses = visit.page.evaluate(
        "[...new Set([...document.querySelectorAll('[data-why]')].map((d) => d.dataset.why))]"
    )
    kinds = {a.split(":")[0] for a in addresses}
    assert {"type", "bundle", "indicator", "score", "people", "group", "headline", "place", "outlet"} <= kinds
    titles = visit.page.evaluate(
        """(all) => all.map((a) => { const b = document.createElement('button'); b.dataset.why = a;
        document.body.appendChild(b); b.click(); b.remove();
        return document.getElementById('why-title').textContent; })""",
        addresses,
    )
    assert all(titles)
    assert not [t for t in titles if "undefined" in t or "NaN" in t]
    assert "undefined" not in visit.text("#why")


def test_table_sorts_by_its_headings_and_filters(visit):
    table = visit.page.locator("#place-table")
    people = table.locator("thead button").nth(2)
    people.click()
    shown = [int(t) for t in table.locator("tbody td:nth-child(3)").all_inner_texts() if t != "未知"]
    assert shown == sorted(shown, reverse=True)
    assert table.locator("thead th").nth(2).get_attribute("aria-sort") == "descending"
    people.click()
    assert table.locator("tbody td:nth-child(3)").first.inner_text() == "未知"
    visit.page.locator("#places input[type=search]").fill("东苑小区 1 号楼")
    assert table.locator("tbody tr").count() == 1


def test_choosing_a_home_shows_all_it_reaches(visit):
    visit.page.locator("#place-table tbody .door").first.click()
    assert "步行到最近一处" in visit.text("#why")
    assert visit.page.locator("#why .rows tbody tr").count() == len(make_facts().access.type_rows)


def test_map_zooms_pans_and_comes_home(visit):
    scale = lambda: float(visit.page.locator("#map").get_attribute("data-scale"))  # noqa: E731
    home, picture = scale(), ink(visit)
    visit.page.locator("[data-zoom='1']").click()
    ink(visit)
    assert scale() == pytest.approx(home * 1.6, rel=1e-3)
    visit.page.locator("#map").focus()
    visit.page.keyboard.press("-")
    visit.page.keyboard.press("ArrowRight")
    assert ink(visit) != picture
    assert scale() == pytest.approx(home, rel=1e-3)
    visit.page.keyboard.press("0")
    assert ink(visit) == picture
    box = visit.page.locator("#map").bounding_box()
    visit.page.mouse.move(box["x"] + 200, box["y"] + 200)
    visit.page.mouse.wheel(0, -400)
    ink(visit)
    assert scale() == pytest.approx(home * 2, rel=1e-3)


def test_map_click_on_an_outlet_opens_it(visit):
    visit.page.select_option("#map-circle", "-1")
    ink(visit)
    found = visit.page.evaluate(
        """() => { const box = document.getElementById('map').getBoundingClientRect();
        for (let y = 60; y < box.height - 60; y += 4) for (let x = 60; x < box.width - 60; x += 4) {
          document.getElementById('map').dispatchEvent(new PointerEvent('pointermove',
            { clientX: box.left + x, clientY: box.top + y, pointerId: 9 }));
          const tip = document.getElementById('map-tip').textContent;
          if (tip.includes('网点表')) return [box.left + x, box.top + y];
        } return null; }"""
    )
    assert found is not None
    visit.page.mouse.click(*found)
    assert "离它最近的居民" in visit.text("#why")


def test_isochrones_are_drawn_when_asked(visit):
    before = ink(visit)
    visit.page.locator("#map-isochrones input").first.check()
    assert ink(visit) != before


def test_states_without_data_can_be_listed(browser, tmp_path):
    path = tmp_path / "report.html"
    write_html(make_facts(), path)
    visit = Visit(browser, path, viewport=DESK)
    visit.page.locator("#gap-filters button", has_text="说不清").click()
    assert visit.page.locator("#gap-table tbody tr").count() == 4  # one type hardly mapped, four circles
    assert "数据缺失" in visit.text("#gap-table tbody tr")
    visit.page.locator("#gap-table .pick").first.click()
    assert "说不清有没有" in visit.text("#why")
    visit.leave(tmp_path / "untold.png")


def rows_of(visit: Visit, selector: str) -> list[str]:
    texts = visit.page.locator(f"{selector} tbody tr").evaluate_all(
        "(rows) => rows.map((r) => r.textContent)"
    )
    return [" ".join(text.split()) for text in texts]


def test_page_says_the_same_with_and_without_script(browser, report, tmp_path):
    silent = Visit(browser, report, viewport=DESK, java_script_enabled=False)
    alive = Visit(browser, report, viewport=DESK)
    n_gaps = len(rows_of(alive, "#gap-table"))
    assert n_gaps > 10
    assert rows_of(silent, "#gap-table")[:n_gaps] == rows_of(alive, "#gap-table")
    for table in ("#place-table", "#outlet-table"):
        page_one = rows_of(alive, table)
        assert rows_of(silent, table)[: len(page_one)] == page_one
    assert silent.page.locator(".card:visible").count() == 4
    assert silent.page.locator("#map-canvas:visible").count() == 0
    silent.leave(tmp_path / "silent.png")
    alive.leave(tmp_path / "alive.png")


def test_phone_shows_the_reasons_as_a_sheet(browser, report, tmp_path):
    visit = Visit(browser, report, viewport=PHONE, has_touch=True, is_mobile=True)
    wide = visit.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    visit.page.locator("#gap-table .pick").first.tap()
    close = visit.page.locator("#why .close")
    assert close.is_visible()
    box = close.bounding_box()
    assert min(box["width"], box["height"]) >= 44
    close.tap()
    assert not close.is_visible()
    visit.leave(tmp_path / "phone.png")


def test_keyboard_reaches_the_list_and_shows_where_it_is(visit):
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.locator("#gap-table .pick").nth(2).focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("#gap-table tr.chosen td").first.inner_text() == "3"
    visit.page.keyboard.press("Tab")
    width = visit.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"


def test_print_has_the_map_and_all_cards_and_no_controls(visit, tmp_path):
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    visit.page.emulate_media(media="print")
    assert visit.page.locator("#print-map").get_attribute("src").startswith("data:image/png")
    assert visit.page.locator("#print-map").is_visible()
    assert visit.page.locator(".card:visible").count() == 4
    for control in ("#map-canvas", "#print", "#gap-filters", ".pages", "nav"):
        assert not visit.page.locator(control).first.is_visible()
    assert visit.page.locator("#gap-table .more").first.is_visible()
    visit.page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    assert (tmp_path / "report.pdf").stat().st_size > 50_000


def test_page_of_nothing_but_streets_and_homes_opens(browser, tmp_path):
    facts = make_facts()
    bare = replace(facts, isochrones=(), extras={}, faults=())
    write_html(bare, tmp_path / "report.html")
    visit = Visit(browser, tmp_path / "report.html", viewport=DESK)
    assert visit.page.locator("#map-isochrones").is_hidden()
    assert sum(ink(visit)) > 0
    visit.leave(tmp_path / "bare.png")


def test_packed_page_is_the_same_page(browser, report, tmp_path):
    write_html(make_judged_facts(), tmp_path / "packed.html", pack_from=0)
    assert 'data-packed="deflate"' in (tmp_path / "packed.html").read_text("utf-8")
    plain = Visit(browser, report, viewport=DESK)
    packed = Visit(browser, tmp_path / "packed.html", viewport=DESK)
    packed.page.wait_for_selector("#gap-table tr.chosen")
    assert rows_of(packed, "#gap-table") == rows_of(plain, "#gap-table")
    assert packed.text("#why") == plain.text("#why")
    assert ink(packed) == ink(plain)
    packed.leave(tmp_path / "packed.png")
    plain.leave(tmp_path / "plain.png")


def test_browser_that_cannot_unpack_says_so_and_keeps_the_tables(browser, tmp_path):
    write_html(make_judged_facts(), tmp_path / "packed.html", pack_from=0)
    context = browser.new_context(viewport=DESK)
    context.add_init_script("delete window.DecompressionStream")
    page = context.new_page()
    page.goto((tmp_path / "packed.html").as_uri())
    page.wait_for_selector("main > p.empty")
    assert "浏览器太旧" in page.locator("main > p.empty").first.inner_text()
    assert page.locator("#gap-table tr").count() > 10
    assert page.locator("#map-canvas:visible").count() == 0
    context.close()
