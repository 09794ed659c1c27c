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
    proof_short,
    site_name,
    siting_of,
    source_of,
    wan_yuan,
)
from yike.standards.documents import source_words

SITES = 3
WIDTHS_MM = (28, 62, 24, 19, 23)
COST_WIDTHS_MM = (26, 54, 21, 18, 17, 20)


def write_siting(paper: OfficialPaper, facts: ReportFacts) -> None:
    """A table of the first sites per type; a sentence where nothing is sited."""
    siting = siting_of(facts)
    types = siting.get("types") or ()
    if not types:
        paper.text(REASON_WORDS.get(siting.get("reason", ""), "本次没有计算选址，或没有可用的候选点。"))
        return
    unit = "处居住点" if siting["weights"] == "equal" else "人"
    paper.text(
        f"对有缺口的业态，从候选点中选出使新够得着的居民最多的位置。每类业态建{SITES}处时的位置见表4，"
        "按先建先得的顺序排列，已经够得着的居民不再计；其余处数和逐处说明见交互报告。"
    )
    has_costs = all(one["has_costs"] for one in types)
    rows = [_row(facts, one, has_costs) for one in types]
    header = ["业态", f"位置（新增{unit}，平均步行分钟）", f"新增合计（{unit}）", "占够不着的", "离最优"]
    widths = [*WIDTHS_MM]
    if has_costs:
        header.insert(4, "投资（万元）")
        widths = [*COST_WIDTHS_MM]
    paper.table(header, rows, widths, caption="表4　推荐选址", numbers_from=2)
    for sentence in _notes(facts, siting):
        paper.note(sentence)


def _row(facts: ReportFacts, one: Mapping[str, Any], has_costs: bool) -> list[str]:
    plan = one["plans"][min(SITES, len(one["plans"])) - 1]
    cells = [
        facts.types.types[one["type_idx"]].label,
        "；".join(_line_words(line) for line in lines_of(facts, one, plan)),
        words.count(plan["people"]),
        words.share(plan["share"]),
        proof_short(plan),
    ]
    return [*cells[:4], wan_yuan(plan["cost_fen"]), cells[4]] if has_costs else cells


def _line_words(line: SiteLine) -> str:
    gained, walk = words.count(line.people_gained), words.minutes(line.mean_walk_s, 1)
    mark = "※" if line.site["warnings"] else ""
    return f"{line.order}．{site_name(line.site)}{mark}（{gained}，{walk}）"


def _notes(facts: ReportFacts, siting: Mapping[str, Any]) -> list[str]:
    types = siting["types"]
    sources = dict.fromkeys(
        source_words(s, facts.rules.documents) for one in types if (s := source_of(facts, one)) is not None
    )
    notes = ["时限依据：" + "；".join(s for s in sources if s) + "。"] if any(sources) else []
    if any(one["kind"] == "street_point" for one in types):
        notes.append("名称带“街边点”的位置是沿街生成的，不是已知空房，只说明大致位置（推定）。")
    if any(site["warnings"] for one in types for site in one["sites"]):
        notes.append("带※的位置与选址规则有不合之处（面积、错位、房屋种类等），须先核实，逐条见交互报告。")
    if siting["is_estimate"]:
        equal = siting["weights"] == "equal"
        notes.append("没有人数，各居住点同等计算（估算）。" if equal else "人数含估算，新增人数也是估算。")
    if any(one["plans"][min(SITES, len(one["plans"])) - 1]["status"] != "optimal" for one in types):
        notes.append("“≤”指与最优相差不超过这个比例，已经证明；没有“≤”的已证明最优。")
    left = [facts.types.types[row["type_idx"]].label for row in siting["left_out"]]
    return [*notes, f"没有列出的业态：{'、'.join(left)}。"] if left else notes
