"""Pages of both journeys held against WCAG 2.1 AA, and a form filled and sent without a mouse."""

import shutil
from pathlib import Path

import pytest

from browser_visit import DESK, PHONE
from journey import Person, served
from journey_town import CIRCLE, WORKER

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    (WORKER, "phone"): ("/desk/", "/desk/voices/new/", "/desk/outlets/photo/", "RETURN", "RETURNsign-off/",
                        "RETURNcells/B01.staff/", "/desk/voices/surveys/", "/desk/returns/upload/"),
    ("ts-shi", "desk"): ("/desk/returns/", "/desk/returns/waves/2/branches/6205/", "/desk/outlets/",
                         "/desk/returns/waves/2/rules/", "/desk/returns/rules/new/", "/desk/audit/"),
    ("ts-anquan", "desk"): ("/desk/accounts/", "/desk/accounts/roster/", "/desk/accounts/2/departure/"),
    ("ts-jiedao", "desk"): ("RETURN", "RETURNcells/B07.staff/reversal/"),
}  # fmt: skip
RUN = """axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then((told) =>
    told.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`))"""


@pytest.fixture(scope="module")
def home(journey_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("accessible")
    shutil.copytree(journey_folder, folder / "data")
    with served(folder / "data") as address:
        yield address


def return_path(worker):
    return worker.go("/desk/").get_by_role("link", name=CIRCLE).first.get_attribute("href")


def test_pages_have_no_faults_that_axe_can_find(home, browser, tmp_path):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm install axe-core): pages are not held against WCAG")
    rules, found = AXE.read_text("utf-8"), {}
    path = ""
    for (name, kind), pages in PAGES.items():
        person = Person(browser, home, name, PHONE if kind == "phone" else DESK)
        path = path or return_path(person)
        for address in pages:
            page = person.go(address.replace("RETURN", path))
            page.wait_for_load_state("networkidle")
            page.evaluate(rules)
            if faults := page.evaluate(RUN):
                found[name, address] = faults
        person.leave(tmp_path / f"{name}.png")
    assert found == {}


def test_a_form_is_filled_and_sent_without_a_mouse(home, browser, tmp_path):
    person = Person(browser, home, WORKER, DESK)
    page, keys = person.page, person.page.keyboard
    page.get_by_role("heading", name="待办").wait_for()
    path = return_path(person)
    page.locator("body").press("Tab")
    tab_to(page, lambda: page.evaluate("document.activeElement.getAttribute('href')") == path)
    keys.press("Enter")
    page.locator("table.annex.live").wait_for()

    tab_to(page, lambda: here(page) is not None)
    while here(page) != "B02.outlets":
        keys.press("Enter" if here(page).endswith(".outlets") else "Tab")
    keys.type("9")
    keys.press("Enter")
    reason = page.get_by_label("综合超市 · 网点数量：为什么与来源不同")
    tab_to(page, lambda: reason.evaluate("field => field === document.activeElement"))
    keys.type("刚数过（虚构）")
    keys.press("Control+s")
    page.get_by_text("已保存草稿：改动 1 格。").wait_for()
    page.locator("table.annex.live").wait_for()

    tab_to(page, lambda: page.evaluate("document.activeElement.innerText") == "检查并提交")
    keys.press("Enter")
    note = page.get_by_label("样本不足的说明")
    tab_to(page, lambda: note.evaluate("field => field === document.activeElement"))
    keys.type("雨天（虚构）")
    tab_to(page, lambda: page.evaluate("document.activeElement.innerText") == "提交给街道")
    keys.press("Enter")
    page.get_by_text("已提交，等街道审核。").wait_for()
    person.leave(tmp_path / "keys.png")


def here(page):
    return page.evaluate("document.activeElement.closest('td.cell')?.dataset.key ?? null")


def tab_to(page, is_there):
    """Press Tab until something has the focus."""
    for _ in range(400):
        if is_there():
            return
        page.keyboard.press("Tab")
    raise AssertionError("it cannot be reached by keyboard")
