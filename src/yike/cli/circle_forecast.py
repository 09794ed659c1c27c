"""``yike circle forecast``: building years against the targets of the rule pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.aligned import aligned
from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

MARKS = {"yes": "● 够", "no": "○ 不够", "unknown": "▨ 未知"}


@click.command()
@PACK
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@study_options
def forecast(pack: Path, as_json: bool, rule_pack: str | None, **options: Any) -> None:
    """
    按建设年限预测：每年年底覆盖多少社区和居民，够不够规则包的目标，差多少。

    \b
    示例：
      yike circle forecast 我的城市包 --rules tianshui-2023-54
    """
    from yike.studies.forecast import forecast_pack

    line = ProgressLine(options.pop("quiet"))
    record = forecast_pack(spec_of(pack, rule_pack, options), line)
    line.close()
    if as_json:
        show_json(record)
        return
    for text in lines_of(record):
        click.echo(text)


def lines_of(record: dict[str, Any]) -> list[str]:
    """The forecast as people read it."""
    invented = "（虚构数据）" if record["invented"] else ""
    out = [f"{record['name']}{invented}：{len(record['circles'])}个生活圈，按建设年限"]
    if record["circles"]:
        header = ("年底", "新建", "累计", "覆盖社区", "社区比例", "覆盖居民", "居民比例")
        out += aligned(header, [_year_row(row) for row in record["years"]])
    if record["targets"]:
        out.append("目标：")
        out += [_target_line(t) for t in record["targets"]]
    out += [f"双条件 {MARKS[t['is_met']]}：{t['text']}" for t in record["together"]]
    if record["stage_two"]:
        out.append(f"分期 {record['stage_two']['text']}依据：{record['stage_two']['clause']}。")
    return [*out, *(f"说明：{note}" for note in record["notes"])]


def _year_row(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(row["year"]),
        f"{row['circles_new']}个",
        _span(row["circles"], row["circles_at_most"]),
        _span(row["communities"], row["communities_at_most"]),
        _shares(row["communities_share_range"]),
        _span(row["residents"], row["residents_at_most"]),
        _shares(row["residents_share_range"]),
    )


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "未知"
    return f"{low:,.0f}" if low == high else f"{low:,.0f}～{high:,.0f}"


def _shares(span: list[float | None] | None) -> str:
    if span is None or span[0] is None or span[1] is None:
        return "未知"
    low, high = span
    return f"{low:.1%}" if low == high else f"{low:.1%}～{high:.1%}"


def _target_line(target: dict[str, Any]) -> str:
    value = _counts if target["counts"] == "circles" else _shares
    wanted = value([target["wanted"]] * 2)
    today = f"，现在 {value(target['today'])}" if target["today"] else ""
    plan = f"计划 {value(target['planned_range'])}{today}，{target['shortfall_words']}"
    asked = f"{target['label']} ≥ {wanted}（{target['due_text']}）"
    return f"  {MARKS[target['is_met']]}　{asked}：{plan}。依据：{target['clause']}。"


def _counts(span: list[float | None] | None) -> str:
    return "未知" if span is None else f"{_span(*span)}个"
