"""``yike returns``: survey forms of the workbench, out to a file and back in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yike.web.config.commands.opening import data_option, open_data

if TYPE_CHECKING:
    from yike.web.returns.models import Return

KINDS = click.Path(dir_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def returns() -> None:
    """
    调查表：导出成表格、文档或 PDF，填好后导入。

    \b
    示例：
      yike returns export --data 数据 --circle TS2023-1 -o 大城.xlsx
    """


@returns.command()
@data_option
@click.option("--circle", default="", help="生活圈编号；不写是全部生活圈，每圈一张，只能写成 .xlsx。")
@click.option("--wave", default="", help="期次名称；不写取最近一期。")
@click.option("--revision", type=int, default=None, help="第几次修订；不写取最新的。")
@click.option(
    "-o", "--output", "path", type=KINDS, required=True, help="写到哪里：以 .xlsx、.docx 或 .pdf 结尾。"
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出写了什么。")
def export(data: Path, circle: str, wave: str, revision: int | None, path: Path, as_json: bool) -> None:
    """
    导出一个生活圈（或一期全部生活圈）的调查表，结构与附件5相同。

    \b
    示例：
      yike returns export --data 数据 --circle TS2023-1 --wave 2026年第一期 -o 大城.docx
    """
    open_data(data)
    from yike.web.returns.papers import write_paper
    from yike.web.returns.queries import doc_of

    found = [find_return(circle, wave)] if circle else find_wave(wave)
    docs = [doc_of(of, revision if circle else None) for of in found]
    write_paper(docs, path)
    title = found[0].wave.title
    if as_json:
        forms = [
            {"circle": of.circle.code, "code": of.code, "revision": doc.revision}
            for of, doc in zip(found, docs, strict=True)
        ]
        told = {"file": str(path), "wave": title, "forms": forms}
        click.echo(json.dumps(told, ensure_ascii=False))
    what = f"{found[0].circle.name}，{found[0].code}" if len(found) == 1 else f"{len(found)} 张"
    click.echo(f"● {path}：{title}，{what}", err=True)


@returns.command("import")
@data_option
@click.argument("file", type=FILE)
@click.option("--circle", default="", help="生活圈编号；文件带表号时不用写。")
@click.option("--wave", default="", help="期次名称；文件带表号时不用写。")
@click.option("--dry-run", is_flag=True, help="只看差异，不写入。")
@click.option("--comment", default="", help="与登记册不同的格的说明。")
@click.option(
    "--answer",
    type=click.Choice(["keep", "suggested"]),
    default=None,
    help="对所有疑问：照表填写，或按建议。",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.pass_context
def import_(ctx: click.Context, /, data: Path, file: Path, circle: str, wave: str, **options: Any) -> None:
    """
    导入填好的调查表：只有改过的格会写入；有错误或没有回答的疑问时什么也不写，退出码为 1。

    \b
    示例：
      yike returns import --data 数据 大城.xlsx --dry-run --json
    """
    open_data(data)
    from django.utils import timezone

    from yike.web.returns.bringing import bring_in

    found = bring_in(
        file,
        find=lambda code: find_return(circle, wave, code, str(file.name)),
        is_dry=options["dry_run"],
        comment=options["comment"],
        answer=options["answer"],
        now=timezone.now(),
    )
    if options["as_json"]:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _say(found, is_dry=options["dry_run"])
    ctx.exit(1 if found["errors"] or (found["questions"] and not options["answer"]) else 0)


def find_return(circle: str, wave: str, code: str = "", file: str = "") -> Return:
    """The return of a page code, or of a circle in a wave (the newest without one)."""
    from yike.errors import RefusedError
    from yike.web.regions.models import Circle
    from yike.web.returns.models import Return

    found = Return.objects.select_related("wave", "circle")
    if code and not circle:
        named = found.filter(code=code).first()
        if named is None:
            raise RefusedError("returns.no_return", found=code)
        return named
    if not circle:
        raise RefusedError("returns.no_return", found=file)
    if not Circle.objects.filter(code=circle).exists():
        raise RefusedError("returns.no_circle", found=circle)
    own = found.filter(circle__code=circle, **({"wave__title": wave} if wave else {}))
    newest = own.order_by("-wave__as_of", "-wave__id").first()
    if newest is None:
        raise RefusedError("returns.no_wave", found=wave or circle)
    return newest


def find_wave(title: str) -> list[Return]:
    """Every return of a wave, the newest without a title."""
    from yike.errors import RefusedError
    from yike.web.returns.models import Wave
    from yike.web.returns.queries import returns_of_branch

    named = Wave.objects.filter(**({"title": title} if title else {})).order_by("-as_of", "-id").first()
    found = list(returns_of_branch(named, named.area_code)) if named else []
    if not found:
        raise RefusedError("returns.no_wave", found=title or "本数据文件夹")
    return found


def _say(found: dict[str, Any], *, is_dry: bool) -> None:
    for line in found["errors"]:
        click.echo(f"! {line['cell']} {line['old']} → {line['new']}：{line['reason']}{line['cure']}")
    for line in found["warnings"]:
        click.echo(f"· {line['cell']}：{line['reason']}{line['cure']}")
    for line in found["questions"]:
        click.echo(f"? {line['cell']} {line['found']}：{line['reason']}")
    for line in found["changed"]:
        click.echo(f"· {line['cell']} {line['name']}：{line['old'] or '空'} → {line['new'] or '空'}")
    changed = len(found["changed"])
    done = "" if is_dry or not found["applied"] else "，已写入"
    click.echo(f"{changed} 处差异{done}；{found['same']} 格相同。")
