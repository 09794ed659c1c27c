"""
Writes the reference pages of the catalogue and the rule packs from the data.

Run ``python -m yike.standards.document docs/reference`` after a change of data; a test compares the pages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from yike.standards.describe import TextTable, pack_tables, type_tables
from yike.standards.loader import list_rule_packs, load_rule_pack, load_types
from yike.standards.types import RulePack

_TYPES_HEAD = """# 业态目录

本页由 `python -m yike.standards.document docs/reference` 从数据生成，不要手改。
数据在 `src/yike/standards/data/business_types/`，一个业态一个文件。

- 前 23 行是《试点便民生活圈建设情况调查表》的固定行次（基本保障类 14 行、品质提升类 9 行）。
- 下级业态按所属行计数；公共设施、可移动设施不计入调查表，除非列在某一行之下。
- 业态文字按代码、行次、名称、别名、高德代码或名称、国标行业代码识别；全角半角、繁体、标点不影响。
- 高德、国标、OSM 的对应取自公开代码表，标“待核”的凭常识填写；依据后的〔推定〕是项目自己的归类。
- 分不清的说法（如“修车”“托管”）先看名称，仍分不清就列出候选；幼儿园、汽车修理厂等不硬套。
"""

_PACKS_HEAD = """# 规则包

本页由 `python -m yike.standards.document docs/reference` 从数据生成，不要手改。
数据在 `src/yike/standards/data/rule_packs/`，一份文件一个规则包。

每个数都带依据。〔推定〕是项目自己的取值，不是任何部门的规定；〔转引〕引自新闻或转载，未见原文；〔待核〕凭常识填写。

地方规则包只写与上级不同的地方：同一代码的条目逐项覆盖上级，没写的沿用上级（连同依据）；
`remove = true` 删去一条。
`scoring` 指定的评分表只借用其指标分值和等级门槛，文件自己的限值不变。怎样录入官方评分表，见
[添加规则包](../guides/add-a-rule-pack.md)。下面各包只列与上级和评分表不同的行；
看合并后的全部内容用 `yike standards show 代码`。

## 可写的项

| 位置 | 项 |
| --- | --- |
| 文件头 | `code` `title` `issuer` 必填；`base` `scoring` `mark` `is_inferred` `from` `checked` `notes` |
| `[defaults]` | `within_basic` `within_quality` `within_facility`（`value` `unit`）、`share`（`value`） |
| `[[type]]` | `code` `group` `required` `within` `share` `source` |
| `[[indicator]]` | `code` `label` `measure` `unit` `scope` `params` `source` |
| 同上，限值和分值 | `at_least` `at_most` `equals` `due` `points` |
| `points` | `value` `from` `full` `source` |
| `[[grade]]` | `code` `label` `level` `gate` `source` |
| `gate` | `code` `indicator`（指标代码或 `score`）`at_least` `at_most` `source` |
| `[[bundle]]` | `code` `label` `slot`（`label` `types`）`source` |
| `[[theme]]` | `code` `label` `types` `lead_unit` `within` `source` |
| `[[target]]` | `code` `label` `indicator` `operator` `value` `unit` `due` `due_text` `source` |
| `[settings]` | 名称 = { `value` `source` } |
| `source` | `document` `clause` `text` `mark` |
| 任一条目 | `remove = true` 删去上级的这一条 |

取值：`group` 为 basic、quality、facility；`mark` 为 official（原文）、press（转引）、common（待核）、
inferred（推定）；时间 `unit` 为 min、s；指标 `unit` 为 share、count、m2、m2_per_100_households、
m2_per_person、per_1000、people、score、stars；`scope` 为 circle、community、city；
`operator` 为 `>=`、`<=`、`=`；`measure` 见 `yike standards check` 的提示，由人填报的写 external。
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or " "


def markdown_table(table: TextTable, level: str = "##") -> str:
    """A table as Markdown under its own heading."""
    lines = [f"{level} {table.title}", "", "| " + " | ".join(table.columns) + " |"]
    lines.append("|" + " --- |" * len(table.columns))
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table.rows]
    return "\n".join(lines) + "\n"


def types_page() -> str:
    """``docs/reference/business-types.md``."""
    return "\n".join([_TYPES_HEAD, *(markdown_table(table) for table in type_tables(load_types()))])


def packs_page() -> str:
    """``docs/reference/rule-packs.md``."""
    packs = [load_rule_pack(code) for code in list_rule_packs()]
    rows = tuple((pack.code, pack.title, " → ".join(pack.lineage), pack.scoring) for pack in packs)
    overview = TextTable("一览", ("代码", "文件", "沿袭", "评分表"), rows)
    return "\n".join([_PACKS_HEAD, markdown_table(overview), *(_pack_part(pack) for pack in packs)])


def _pack_part(pack: RulePack) -> str:
    head = [f"## {pack.code}", "", f"{pack.title}（{pack.issuer}）", ""]
    if pack.is_inferred:
        head += ["**整包为推定。**", ""]
    if pack.checked:
        head += [f"核对日期：{pack.checked.isoformat()}", ""]
    head += [f"- {note}" for note in pack.notes]
    return "\n".join([*head, "", *(markdown_table(table, "###") for table in _own_tables(pack))])


def _own_tables(pack: RulePack) -> Iterator[TextTable]:
    """The tables without the rows that the base or the score sheet says in the same words."""
    types = load_types()
    others = [code for code in (pack.base, pack.scoring) if code]
    said = {
        row for code in others for table in pack_tables(load_rule_pack(code), types) for row in table.rows
    }
    for table in pack_tables(pack, types):
        rows = tuple(row for row in table.rows if row not in said)
        if rows:
            yield TextTable(table.title, table.columns, rows)


PAGES = {"business-types.md": types_page, "rule-packs.md": packs_page}
"""Page -> what writes it."""


def write_pages(folder: Path) -> None:
    """Write all reference pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / name).write_text(make(), "utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
