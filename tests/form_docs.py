"""Survey forms for tests: one drawn by hand, any by hypothesis, and the form as a clerk would draw it."""

import datetime as dt
import shutil
import subprocess
from decimal import Decimal

from docx import Document
from hypothesis import strategies as st
from openpyxl import Workbook

from yike.standards.survey_form import (
    LAYOUTS,
    OPERATORS,
    SUMMED,
    TYPE_ROWS,
    FormDoc,
    FormSettings,
    cell_keys,
    kind_of,
    usual_notes,
)
from yike.standards.survey_words import words

SOFFICE = shutil.which("soffice")


def plain_values():
    """Three outlets with seven persons in every row, one of them a chain; the totals are their sums."""
    values = {
        "circle": "光明社区便民生活圈",
        "city": "天水市秦州区",
        "as_of": dt.date(2023, 12, 31),
        "operators": ("community", "private"),
        "has_platform": False,
        "layouts": ("street",),
        "centres": 1,
        "residents": 32468,
        "area_share": Decimal("11.346"),
    }
    for row in TYPE_ROWS:
        values |= {f"{row}.outlets": 3, f"{row}.staff": 7, f"{row}.chain": 1}
        values |= {f"{row}.satisfaction": Decimal("86.6667"), f"{row}.needs": None}
    for column in SUMMED:
        values[f"ALL.{column}"] = sum(values[f"{row}.{column}"] for row in TYPE_ROWS)
    values |= {"ALL.satisfaction": Decimal("84.5"), "ALL.needs": None, "B06.needs": "缺修鞋；缺配钥匙"}
    return values


def plain_doc(**other):
    """The form of ``plain_values``, with a page code; ``other`` are cells given otherwise."""
    values = plain_values() | {key.replace("__", "."): value for key, value in other.items()}
    return FormDoc(
        values,
        FormSettings(),
        usual_notes(values),
        circle_code="C-001",
        code="F5-2026-000123",
        revision=2,
        sources=(("网点", "登记册 2023年12月31日，69 个营业网点"),),
    )


# A text of the form must not look like a label of the line it stands in; names of circles do not.
_SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))
_TEXTS = st.text(_SIGNS, max_size=40) | st.sampled_from(
    ["=1+1", "-5", "007", "无", "1,234", "a\nb", "“引”&<>"]
)
_NAMES = st.text(st.characters(categories=("Lo", "Nd")), min_size=1, max_size=30)
_VALUES = {
    "text": st.none() | _TEXTS.filter(str.strip),
    "date": st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
    "flag": st.none() | st.booleans(),
    "count": st.none() | st.integers(0, 99_999),
    "persons": st.none() | st.integers(0, 2_000_000),
    "percent": st.none() | st.decimals(0, 100, places=4, allow_nan=False, allow_infinity=False),
}


@st.composite
def any_docs(draw):
    """Any form: every cell filled or blank, any settings."""
    values = {}
    for key in cell_keys():
        kind = kind_of(key)
        if kind == "choices":
            order = OPERATORS if key == "operators" else LAYOUTS
            on = draw(st.sets(st.sampled_from(order)))
            values[key] = tuple(c for c in order if c in on) or None
        elif key in ("circle", "city"):
            values[key] = draw(st.none() | _NAMES)
        else:
            values[key] = draw(_VALUES[kind])
    settings = draw(
        st.builds(FormSettings, st.sampled_from([0, 2]), st.sampled_from(["half_up", "half_even"]))
    )
    code = draw(st.sampled_from(["", "F5-2026-000007"]))
    return FormDoc(values, settings, usual_notes(values, settings), "C1", code, 3, draw(st.booleans()))


_HAND_MADE_TICKS = (
    "街道(社区)√ 国企□ 民营企业□ 专业运营商□ 网点各自经营□ 另:是否有便民生活圈智慧服务平台 有√ 无"
)


def hand_made(cells=None):
    """
    The form as a clerk draws it: seven columns, no merges, labels beside their cells, half-width brackets.

    ``cells`` are other values by place. Rows 1 to 6 are title, line, three rows above, header; 合计 is row 7.
    """
    rows = [
        ["试点便民生活圈建设情况调查表"],
        ["试点生活圈: 光明社区  所在城市:天水市 截至日期:2023年12月31日"],
        ["运营主体(多选,打√)", _HAND_MADE_TICKS, "发展形态", "集聚式为主□ 街坊式为主■ 分布式为主□"],
        ["社区商业中心(邻里中心)数量(座)", "1座", "生活圈服务覆盖的居民数量(万人)", "３.２５"],
        ["社区商业和综合服务设施面积占社区总建筑面积的比例(%)", "11.35%"],
        ["分类", "主要业态网点", "商业网点(店铺)数量合计(个)", "从业人数(万人)", "其中:品牌连锁店数量(个)",
         "居民满意度(%)", "问需于民调查时居民反映还\"缺什么\"(需求清单)"],
        ["合 计", None, 69, 0.02, 23, 84.5, None],
    ]  # fmt: skip
    for row in TYPE_ROWS:
        group = {"B01": "基本保障类", "Q01": "品质提升类"}.get(row)
        rows.append([group, words()["rows"][row], "3个", 0.01, 1, "86.67", None])
    rows.append(["说明", "1.此表为调查明细表"])
    for (row, column), value in (cells or {}).items():
        line = rows[row - 1]
        line += [None] * (column - len(line))
        line[column - 1] = value
    return rows


def save_hand_made(path, rows):
    """Keep rows as a workbook."""
    book = Workbook()
    book.active.title = "Sheet1"
    for row in rows:
        book.active.append(row)
    book.save(path)


def save_hand_made_docx(path, rows):
    """Keep rows as a document: title and line above, the rest one table of seven columns."""
    document = Document()
    for row in rows[:2]:
        document.add_paragraph(row[0])
    table = document.add_table(len(rows) - 2, 7)
    for there, row in zip(table.rows, rows[2:], strict=True):
        for cell, value in zip(there.cells, row, strict=False):
            cell.text = "" if value is None else str(value)
    table.rows[4].cells[0].merge(table.rows[4].cells[1])
    document.save(path)


def through_libreoffice(folder, source, suffix):
    """Save a file again with LibreOffice; gives the new file."""
    out = folder / "again"
    out.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", suffix, "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return out / f"{source.stem}.{suffix}"
