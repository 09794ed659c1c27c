"""How siting answers read in a terminal."""

from __future__ import annotations

from typing import Any

import click


def show_plan(record: dict[str, Any], list_rejected: bool) -> None:
    """A plan: one line of result, one sentence a site with its warnings, then notes."""
    invented = "【虚构数据】" if record["is_invented"] else ""
    label = record["label"]
    if record["answer"] == "no":
        click.echo(f"{invented}{label}：{record['reason']}办法：{record['cure']}")
    else:
        click.echo(f"{invented}{_headline(record)}")
        for s in record["sites"]:
            click.echo(f"{s['rank']}. {s['explanation']}")
            for warned in s["warnings"]:
                click.echo(f"   提醒：{warned['text']}")
    for note in record["notes"]:
        click.echo(f"说明：{note}")
    if list_rejected:
        show_rejected(record)
    elif record["rejected"]:
        click.echo(f"另有 {len(record['rejected'])} 处候选点不合要求，用 --list-rejected 看原因。")


def _headline(record: dict[str, Any]) -> str:
    unit = UNITS[record["unit"]]
    before, after = record["coverage_before"], record["coverage_after"]
    shares = "" if after is None else f"，覆盖由未知提高到至少 {after:.1%}"
    if before is not None:
        shares = f"，覆盖由 {before:.1%} 提高到 {after:.1%}"
    minutes = "" if record["cutoff_s"] is None else f"，步行 {record['cutoff_s'] / 60:g} 分钟"
    n_sites = len({s["rank"] for s in record["sites"]})
    own = record.get("objective_words", "")
    own = f"{own}；" if own and record["model"] in ("lscp", "p_median", "p_center", "equity") else ""
    return (
        f"{record['label']}{minutes}：从 {record['candidates']} 处候选点中选 {n_sites} 处，{own}"
        f"新增覆盖 {record['people_gained']:,.0f} {unit}{shares}。{record['status_words']}，"
        f"{record['model_label']}，{record['seconds']:g} 秒。"
    )


UNITS = {"people": "人", "places": "处居住点", "voices": "票"}


def show_rejected(record: dict[str, Any]) -> None:
    """Every rejected candidate with its reason."""
    if not record["rejected"]:
        click.echo("没有被排除的候选点。")
    for r in record["rejected"]:
        click.echo(f"× {r['name']}（{r['candidate_id']}）：{r['reason']}")


def show_curve(record: dict[str, Any]) -> None:
    """A table of the curve."""
    invented = "【虚构数据】" if record["is_invented"] else ""
    unit = UNITS[record["unit"]]
    minutes, n = f"{record['cutoff_s'] / 60:g}", record["candidates"]
    click.echo(f"{invented}{record['label']}，步行 {minutes} 分钟，候选点 {n} 处")
    if not record["curve"]:
        click.echo(f"{record['reason']}办法：{record['cure']}")
    for p in record["curve"]:
        bound = "已证明最优" if p["bound"] <= p["people"] * (1 + 1e-9) else f"上限 {p['bound']:,.0f}"
        click.echo(f"{p['k']:>3} 处　新增 {p['people']:,.0f} {unit}　占未覆盖 {p['share']:.1%}　{bound}")
    for note in record["notes"]:
        click.echo(f"说明：{note}")


def show_check(record: dict[str, Any]) -> None:
    """Whether a site will do, and why."""
    invented = "【虚构数据】" if record["is_invented"] else ""
    click.echo(f"{invented}{'可以' if record['answer'] == 'yes' else '不行'}：{record['sentence']}")
    for r in record["refused"]:
        click.echo(f"× {r['text']}")
    for w in record["warnings"]:
        click.echo(f"提醒：{w['text']}")
    for note in record["notes"]:
        click.echo(f"说明：{note}")
