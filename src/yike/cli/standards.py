"""``yike standards``: the catalogue of business types and the rule packs, with their sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yike.cli.aligned import width_of
from yike.cli.talk import LEVELS, show_json

if TYPE_CHECKING:
    from yike.standards.describe import TextTable
    from yike.standards.types import RulePack

EXTRA = click.option(
    "--extra",
    "extra_dirs",
    multiple=True,
    metavar="文件夹",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="自备规则包所在的文件夹，可多次给出；同代码的以它为准",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group()
def standards() -> None:
    """
    标准：业态目录与规则包，每个数带依据，推定的写明推定。

    \b
    示例：
      yike standards list
    """


@standards.command("check")
@EXTRA
@click.option("--notes", "with_notes", is_flag=True, help="连同“待核”的说明一起列出")
@AS_JSON
def check(extra_dirs: tuple[Path, ...], with_notes: bool, as_json: bool) -> None:
    """
    检查全部标准文件：依据、业态、计算方法、门槛、日期、推定标记；有错时退出码为 1。

    \b
    示例：
      yike standards check
    """
    from yike.standards.check import check_standards

    faults = check_standards(extra_dirs)
    wrong = [fault for fault in faults if fault.level == "error"]
    if as_json:
        show_json([_fault_data(fault) for fault in faults])
    else:
        for fault in faults:
            if with_notes or fault.level != "note":
                click.echo(f"{LEVELS[fault.level]} {fault.where}：{fault.message}{fault.cure}")
        n_notes = sum(fault.level == "note" for fault in faults)
        click.echo(f"{len(wrong)} 处错误，{len(faults) - len(wrong) - n_notes} 处提醒，{n_notes} 处待核。")
    raise click.exceptions.Exit(1 if wrong else 0)


def _fault_data(fault: Any) -> dict[str, Any]:
    return {
        "level": fault.level,
        "code": fault.code,
        "file": fault.file,
        "found": fault.found,
        "expected": fault.expected,
        "message": fault.message,
        "cure": fault.cure,
    }


@standards.command("list")
@EXTRA
@click.option("--types", "only_types", is_flag=True, help="列出业态目录，而不是规则包")
@AS_JSON
def list_standards(extra_dirs: tuple[Path, ...], only_types: bool, as_json: bool) -> None:
    """
    列出规则包，或业态目录（--types）。

    \b
    示例：
      yike standards list --types
    """
    from yike.standards.describe import TextTable, plain_data
    from yike.standards.loader import list_rule_packs, load_rule_pack, load_types

    if only_types:
        listed = load_types()
        if as_json:
            show_json(plain_data(list(listed)))
        else:
            short = tuple((t.form_row, t.code, t.label, t.parent) for t in listed)
            _print_tables([TextTable("业态目录", ("行次", "代码", "业态", "上级"), short)])
        return
    packs = [load_rule_pack(code, extra_dirs) for code in list_rule_packs(extra_dirs)]
    if as_json:
        show_json([_head_data(pack) for pack in packs])
        return
    columns = ("代码", "文件", "上级", "评分表", "性质")
    rows = tuple((p.code, p.title, p.base, p.scoring, _nature(p)) for p in packs)
    _print_tables([TextTable("规则包", columns, rows)])


def _nature(pack: RulePack) -> str:
    words = {"official": "文件原文", "press": "转引", "common": "待核", "inferred": "推定"}
    return "整包推定" if pack.is_inferred else words[pack.mark]


def _head_data(pack: RulePack) -> dict[str, Any]:
    from yike.standards.describe import plain_data

    names = ("code", "title", "issuer", "base", "lineage", "scoring", "mark", "is_inferred")
    return {name: plain_data(getattr(pack, name)) for name in (*names, "valid_from", "checked")}


@standards.command("show")
@click.argument("code", metavar="代码")
@EXTRA
@AS_JSON
def show(code: str, extra_dirs: tuple[Path, ...], as_json: bool) -> None:
    """
    显示一个规则包（或一个业态）的全部内容和依据。

    \b
    示例：
      yike standards show tianshui-2023-54
    """
    from yike.standards.describe import pack_tables, plain_data, type_tables
    from yike.standards.loader import list_rule_packs, load_rule_pack, load_types
    from yike.standards.types import BusinessTypes

    types = load_types()
    known = {t.code: t for t in types} | {types.types[i].form_row: types.types[i] for i in types.form_idx}
    if code in known and code not in list_rule_packs(extra_dirs):
        one = known[code]
        if as_json:
            show_json(plain_data(one))
        else:
            _print_record(next(t for t in type_tables(BusinessTypes((one,))) if t.rows), one.note)
        return
    pack = load_rule_pack(code, extra_dirs)
    if as_json:
        show_json(plain_data(pack))
        return
    click.echo(f"{pack.title}（{pack.issuer}）")
    click.echo(f"代码 {pack.code}；沿袭 {' → '.join(pack.lineage)}；{_nature(pack)}")
    for note in pack.notes:
        click.echo(f"· {note}")
    _print_tables(pack_tables(pack, types))


@standards.command("diff")
@click.argument("before", metavar="前")
@click.argument("after", metavar="后")
@EXTRA
@AS_JSON
def diff(before: str, after: str, extra_dirs: tuple[Path, ...], as_json: bool) -> None:
    """
    比较两个规则包：业态、指标、等级、目标有什么不同，各自的依据。

    \b
    示例：
      yike standards diff yima-2023-9 tianshui-2023-54
    """
    from yike.standards.describe import difference_table, plain_data
    from yike.standards.diff import diff_packs
    from yike.standards.loader import load_rule_pack, load_types

    a, b = (load_rule_pack(code, extra_dirs) for code in (before, after))
    found = diff_packs(a, b, load_types())
    if as_json:
        show_json(plain_data(found))
    elif found:
        click.echo(f"前：{a.title}\n后：{b.title}")
        _print_tables([difference_table(found, {**a.documents, **b.documents})])
    else:
        click.echo("两个规则包没有不同。")


def _print_tables(tables: Iterable[TextTable]) -> None:
    for table in tables:
        lines = [table.columns, *table.rows]
        widths = [max(width_of(line[k]) for line in lines) for k in range(len(table.columns))]
        click.echo(f"\n【{table.title}】")
        for line in lines:
            cells = [cell + " " * (widths[k] - width_of(cell)) for k, cell in enumerate(line)]
            click.echo("  ".join(cells).rstrip())


def _print_record(table: TextTable, note: str) -> None:
    for name, cell in zip(table.columns, table.rows[0], strict=True):
        click.echo(f"{name}：{cell or '—'}")
    if note:
        click.echo(f"说明：{note}")
