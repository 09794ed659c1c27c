"""The project list as an official text: overall picture, the list, each project explained, what is left."""

from __future__ import annotations

import math
from pathlib import Path

from docx.enum.text import WD_ALIGN_PARAGRAPH

from yike.reports import words
from yike.reports.docx_report.layout import OfficialPaper
from yike.reports.project_facts import ProjectFacts
from yike.reports.project_list import rows as cells
from yike.reports.project_list.rows import labels
from yike.reports.project_list.shares import shares_sentence

LIST_WIDTHS = (13, 36, 37, 21, 26, 40, 23, 18, 20)
LIST_HEADERS = (
    "编号",
    "项目名称",
    "点位",
    "建设方式",
    "牵头单位",
    "配合单位",
    "投资\n（万元）",
    "新增可达",
    "完成时限",
)


def write_docx(facts: ProjectFacts, path: Path) -> None:
    """Write ``projects.docx`` in official layout, with real tables that officials can edit."""
    origin = facts.provenance
    paper = OfficialPaper(origin.as_of, origin.is_invented)
    paper.title(*_title_lines(facts.title))
    paper.heading("一、总体情况")
    _overall(paper, facts)
    paper.heading("二、逐项说明")
    for i in range(len(facts.projects)):
        _one(paper, facts, i)
    paper.heading("三、未补齐的缺口")
    _left(paper, facts)
    if facts.needs:
        paper.heading("四、居民需求的答复")
        _needs(paper, facts)
    paper.heading(("五" if facts.needs else "四") + "、说明")
    for note in facts.notes:
        paper.text(note)
    _sign(paper)
    _annex(paper, facts)
    paper.save(path)


def _title_lines(title: str) -> tuple[str, ...]:
    """A long title on two lines, broken before 一刻钟."""
    head, mark, rest = title.partition("一刻钟")
    return (head, mark + rest) if head and mark and len(title) > 18 else (title,)


def _overall(paper: OfficialPaper, facts: ProjectFacts) -> None:
    origin = facts.provenance
    paper.text(
        f"根据{origin.name}（数据日期{words.chinese_date(origin.as_of)}）按“{facts.rules.title}”评价出的缺口，"
        f"在可用的闲置用房、在营网点等{facts.plan.n_candidates}处候选点位中选点，起草本清单。"
    )
    paper.text(cells.summary(facts))
    if told := shares_sentence(facts):
        paper.text(told)
    groups = cells.grouped(facts)
    if groups:
        told = "；".join(f"{name}{len(members)}个" for name, members in groups)
        paper.text(f"按六项重点实施项目归组：{told}。文件没有提到的业态列为其他业态。")
    if origin.is_invented:
        paper.text("本清单所用网点、人口和闲置用房为虚构，仅供演示，不得作为决策依据。")


def _one(paper: OfficialPaper, facts: ProjectFacts, i: int) -> None:
    p, d = facts.projects, facts.details[i]
    paper.heading(f"（{_numeral(i + 1)}）{p.name[i]}", level=2)
    paper.text(p.content[i])
    paper.text(p.explanation[i])
    inferred = "（推定）" if d.units_inferred else ""
    with_units = f"，配合单位：{'、'.join(p.supporting[i])}" if p.supporting[i] else ""
    due = p.due_text[i] or "待定"
    late = "（时限已过，须另定）" if d.is_late else ""
    paper.text(
        f"牵头单位{inferred}：{'、'.join(p.lead[i]) or '待定'}{with_units}。完成时限：{due}{late}。"
        f"估算投资{cells.band(int(p.cost_low_fen[i]), int(p.cost_high_fen[i]))}万元（{d.cost_words}）。"
    )


def _numeral(n: int) -> str:
    digits = "零一二三四五六七八九"
    if n < 10:
        return digits[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
    return str(n)


def _left(paper: OfficialPaper, facts: ProjectFacts) -> None:
    left = [g for g in facts.gaps if g.outcome != "closed"]
    if not left:
        paper.text("本次起草范围内的缺口都有项目补齐。")
        return
    rows = [
        [
            g.circle,
            g.type_label,
            words.count(g.people_unserved),
            words.share(g.share_after),
            words.share(g.share_required),
            g.reason_text,
        ]
        for g in left
    ]
    paper.table(
        ["生活圈", "业态", "未覆盖（人）", "建成后", "要求", "原因"],
        rows,
        [34, 28, 20, 17, 15, 42],
        numbers_from=9,
    )


def _needs(paper: OfficialPaper, facts: ProjectFacts) -> None:
    rows = [
        [n.circle, n.text, "" if math.isnan(n.voices) else f"{n.voices:g}", labels()["decision"][n.decision],
         n.answer]
        for n in facts.needs
    ]  # fmt: skip
    paper.table(["生活圈", "需求", "票数", "决定", "答复"], rows, [32, 40, 12, 24, 48], numbers_from=9)


def _sign(paper: OfficialPaper) -> None:
    """Who answers for the list, and the day, at the right under the text."""
    for text in ("", "填报单位（盖章）　　　　　　", "　　　年　　月　　日"):
        paper.text(text)
        paper.doc.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _annex(paper: OfficialPaper, facts: ProjectFacts) -> None:
    """The list itself on landscape pages."""
    paper.landscape()
    rows = [
        [
            facts.projects.project_id[i],
            facts.projects.name[i],
            cells.site_text(facts, i).replace("\n", " "),
            facts.details[i].mode_label,
            "、".join(facts.projects.lead[i]),
            "、".join(facts.projects.supporting[i]),
            cells.band(int(facts.projects.cost_low_fen[i]), int(facts.projects.cost_high_fen[i])),
            words.count(cells.gained(facts, i)),
            cells.due_text(facts, i).replace("\n! 时限已过", "（时限已过）"),
        ]
        for i in range(len(facts.projects))
    ]
    paper.table(LIST_HEADERS, rows, LIST_WIDTHS, caption=f"附件　{facts.title}", numbers_from=9, small=True)
    paper.note(
        "投资为估算区间（推定），单位万元；新增可达单位"
        + ("人次。" if facts.weights == "people" else "处次。")
    )
