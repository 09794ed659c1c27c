"""Where to add, on paper: per type the first sites, whom they newly serve, and how near the best that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.reports import words
from yike.reports.docx_report.layout import OfficialPaper
from yike.reports.facts import ReportFacts
from yike.reports.siting_lines import (
    REASON_WORDS,
    SiteLine,
    lines_of,
    proof_words,
    site_name,
    siting_of,
    source_of,
    wan_yuan,
)
from yike.standards.documents import source_words

SITES = 3
WIDTHS_MM = (26, 12, 44, 30, 20, 24)


def write_siting(paper: OfficialPaper, facts: ReportFacts) -> None:
    """A table of the first sites per type; a sentence where nothing is sited."""
    siting = siting_of(facts)
    types = siting.get("types") or ()
    if not types:
        paper.text(REASON_WORDS.get(siting.get("reason", ""), "本次没有计算选址，或没有可用的候选点。"))
        return
    unit = "处居住点" if siting["weights"] == "equal" else "人"
    paper.text(
        f"对有缺口的业态，从候选点中选出使新够得着的居民最多的位置。每类业态的前{SITES}处见表4，按先建先得的顺序排列，"
        f"已经够得着的居民不再计；其余处数和逐户说明见交互报告。"
    )
    rows = [row for one in types for row in _rows(facts, one, unit)]
    header = ["业态", "顺序", "位置", f"新增（{unit}）", "平均步行（分钟）", "主要社区"]
    paper.table(header, rows, WIDTHS_MM, caption="表4　推荐选址（每类前三处）", numbers_from=3)
    for sentence in _notes(facts, siting):
        paper.note(sentence)


def _rows(facts: ReportFacts, one: Mapping[str, Any], unit: str) -> list[list[str]]:
    plan = one["plans"][min(SITES, len(one["plans"])) - 1]
    label = facts.types.types[one["type_idx"]].label
    rows = [_row(label if line.order == 1 else "", line) for line in lines_of(facts, one, plan)]
    money = "" if plan["cost_fen"] is None else f"，共{wan_yuan(plan['cost_fen'])}万元"
    total = f"合计{words.count(plan['people'])}，占够不着的{words.share(plan['share'])}{money}"
    return [*rows, ["", "", f"{total}；{proof_words(plan)}", "", "", ""]]


def _row(label: str, line: SiteLine) -> list[str]:
    area = line.areas[0][0] if line.areas else ""
    more = "等" if len(line.areas) > 1 else ""
    return [
        label,
        str(line.order),
        site_name(line.site),
        words.count(line.people_gained),
        words.minutes(line.mean_walk_s, 1),
        area + more,
    ]


def _notes(facts: ReportFacts, siting: Mapping[str, Any]) -> list[str]:
    types = siting["types"]
    sources = dict.fromkeys(
        source_words(s, facts.rules.documents) for one in types if (s := source_of(facts, one)) is not None
    )
    notes = ["时限依据：" + "；".join(s for s in sources if s) + "。"] if any(sources) else []
    if any(one["kind"] == "street_point" for one in types):
        notes.append("名称为街道的位置是生成的街边点，不是已知空房，只说明大致位置（推定）。")
    if siting["is_estimate"]:
        equal = siting["weights"] == "equal"
        notes.append("没有人数，各居住点同等计算（估算）。" if equal else "人数含估算，新增人数也是估算。")
    left = [facts.types.types[row["type_idx"]].label for row in siting["left_out"]]
    return [*notes, f"没有列出的业态：{'、'.join(left)}。"] if left else notes
