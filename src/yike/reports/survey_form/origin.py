"""Lines on where a form's numbers come from, and the line that names the page."""

from __future__ import annotations

from collections.abc import Sequence

from yike.standards.survey_form import FormDoc, cell_keys, printable_text, printed
from yike.standards.survey_words import cell_name, row_name, words

ESTIMATED = "估算"
"""A note with this word marks its cell as estimated."""

Line = tuple[str, str]
"""What, and what is said of it."""

ROUNDING_WORDS = {"half_up": "四舍五入", "half_even": "四舍六入五成双（GB/T 8170）"}
FORM_SOURCE = "天政办发〔2023〕54号 附件5；结构、合并、行序未改"
BEHIND = "附注与数据来源（不属于表式，供核对）"
BLANK_MEANS = "空白表示未知或未调查，0 表示确认没有"


def page_line(doc: FormDoc) -> str:
    """What the foot of the page says: circle, date, page code and revision."""
    parts = [printable_text(str(doc.values.get("circle") or ""))]
    if doc.values.get("as_of"):
        parts.append(f"截至 {printed('as_of', doc.values['as_of'])}")
    parts.append("　".join(_numbers(doc)))
    return "　".join(" ".join(p.split()) for p in parts if p)


def _numbers(doc: FormDoc) -> list[str]:
    """Page code, revision, and the version of the cells where it is told."""
    if not doc.code:
        return []
    text = words()
    numbers = [f"{text['code']} {doc.code}", f"{text['revision']} {doc.revision}"]
    return numbers + ([] if doc.version is None else [f"{text['version']} {doc.version}"])


def carried(doc: FormDoc) -> str:
    """Page code, revision and circle, by which a returned file is known again; "" when there is none."""
    parts = _numbers(doc)
    if doc.circle_code:
        parts.append(f"{words()['circle_code']} {doc.circle_code}")
    return "，".join(parts)


def properties_of(docs: Sequence[FormDoc]) -> str:
    """The same of every form, for the file's own properties: they stay when sheets and feet are lost."""
    return "；".join(filter(None, (carried(doc) for doc in docs)))


def origin_lines(docs: Sequence[FormDoc], names: Sequence[str]) -> list[Line]:
    """
    Lines of the sheet 数据来源: of all forms once, then what each form says for itself and its page code.

    Parameters
    ----------
    names
        Sheet of each form.
    """
    lines = [*_general(docs), *_shared(docs)]
    for doc, name in zip(docs, names, strict=True):
        own = [line for line in dict.fromkeys(doc.sources) if line not in set(lines)]
        if len(docs) > 1 and len(own) > 1:
            lines.append(("工作表", name))
        lines += own
        if carried(doc):
            lines.append((words()["code"], f"工作表“{name}”：{carried(doc)}"))
    return lines


def _general(docs: Sequence[FormDoc]) -> list[Line]:
    lines = [("虚构", "本文件的数据为虚构，仅供演示")] if any(d.is_invented for d in docs) else []
    lines.append(("表式", FORM_SOURCE))
    for settings in dict.fromkeys(d.settings for d in docs):
        places = f"个、座保留 {settings.count_decimals} 位小数；先按人求和，再换算万人"
        lines.append(("舍入", f"{ROUNDING_WORDS[settings.rounding]}；{places}"))
    if not any(name == "空白" for d in docs for name, _ in d.sources):
        lines.append(("空白", BLANK_MEANS))
    return lines


def _shared(docs: Sequence[FormDoc]) -> list[Line]:
    """Lines that every form has."""
    first = dict.fromkeys(docs[0].sources) if docs else {}
    return [line for line in first if all(line in d.sources for d in docs)]


def lines_behind(doc: FormDoc) -> list[Line]:
    """
    The page behind a form: general lines, then row by row where its figures come from and their notes.

    Rows and cells stand in the form's order; cells without source and note are left out.
    """
    cells = {cell_name(key) for key in cell_keys()}
    lines = _general([doc]) + [line for line in dict.fromkeys(doc.sources) if line[0] not in cells]
    if carried(doc):
        lines.append((words()["code"], carried(doc)))
    rows: dict[str, list[str]] = {}
    for key in cell_keys():
        if said := _said_of(doc, key):
            row, _, column = key.partition(".")
            name = row_name(row) if column else cell_name(key)
            rows.setdefault(name, []).append(f"【{words()['columns'][column]}】{said}" if column else said)
    return lines + [(name, "　".join(parts)) for name, parts in rows.items()]


def _said_of(doc: FormDoc, key: str) -> str:
    """Sources and note of one cell."""
    name = cell_name(key)
    parts = [text for said, text in dict.fromkeys(doc.sources) if said == name]
    parts += [doc.notes[key]] if doc.notes.get(key) else []
    return printable_text("；".join(parts))
