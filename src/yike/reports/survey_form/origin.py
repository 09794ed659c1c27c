"""Lines on where a form's numbers come from, and the line that names the page."""

from __future__ import annotations

from collections.abc import Sequence

from yike.standards.survey_form import FormDoc, cell_keys, printable_text, printed
from yike.standards.survey_words import cell_name, words

ESTIMATED = "估算"
"""A note with this word marks its cell as estimated."""

ROUNDING_WORDS = {"half_up": "四舍五入", "half_even": "四舍六入五成双（GB/T 8170）"}
FORM_SOURCE = "天政办发〔2023〕54号 附件5；结构、合并、行序未改"
BLANK_MEANS = "空白表示未知或未调查，0 表示确认没有"


def page_line(doc: FormDoc) -> str:
    """What the foot of the page says: circle, date, page code and revision."""
    text = words()
    parts = [printable_text(str(doc.values.get("circle") or ""))]
    if doc.values.get("as_of"):
        parts.append(f"截至 {printed('as_of', doc.values['as_of'])}")
    if doc.code:
        parts.append(f"{text['code']} {doc.code}　{text['revision']} {doc.revision}")
    return "　".join(" ".join(p.split()) for p in parts if p)


def carried(doc: FormDoc) -> str:
    """Page code, revision and circle, by which a returned file is known again; "" when there is none."""
    text = words()
    parts = []
    if doc.code:
        parts = [f"{text['code']} {doc.code}", f"{text['revision']} {doc.revision}"]
    if doc.circle_code:
        parts.append(f"{text['circle_code']} {doc.circle_code}")
    return "，".join(parts)


def origin_lines(docs: Sequence[FormDoc], names: Sequence[str]) -> list[tuple[str, str]]:
    """
    Lines of the sheet 数据来源: of all forms once, then each form's page code.

    Parameters
    ----------
    names
        Sheet of each form; "" where there are no sheets.
    """
    lines = [("虚构", "本文件的数据为虚构，仅供演示")] if any(d.is_invented for d in docs) else []
    lines.append(("表式", FORM_SOURCE))
    settings = dict.fromkeys(d.settings for d in docs)
    lines += [
        (
            "舍入",
            f"{ROUNDING_WORDS[s.rounding]}；个、座保留 {s.count_decimals} 位小数；先按人求和，再换算万人",
        )
        for s in settings
    ]
    said = dict.fromkeys(line for d in docs for line in d.sources)
    if not any(name == "空白" for name, _ in said):
        lines.append(("空白", BLANK_MEANS))
    lines += said
    lines += [
        (words()["code"], f"工作表“{name}”：{carried(doc)}" if name else carried(doc))
        for doc, name in zip(docs, names, strict=True)
        if carried(doc)
    ]
    return lines


def beside(doc: FormDoc) -> list[tuple[str, str]]:
    """Notes of a form by the names of their cells, in the form's order."""
    return [(cell_name(key), printable_text(doc.notes[key])) for key in cell_keys() if doc.notes.get(key)]
