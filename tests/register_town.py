"""A street with two communities of 义马 as a pack, put into the register and analysed."""

from __future__ import annotations

from tiny_pack import PACK_TOML, write_tiny_pack
from yike.sources.pack import read_pack
from yike.web.accounts.trace import Who
from yike.web.analyses.actions import ask_analysis, keep_pack
from yike.web.analyses.intake import load_register
from yike.web.jobs.worker import run_one

PROGRAM = Who(None, "测试")
BRANCH = "411281"
COMMUNITIES = "id,name,lon,lat,people\n411281001001,民安社区,116.303,40.0,300\n,兴苑,116.322,40.0,\n"
CIRCLES = "序号,便民生活圈名称,包含社区,建设年限\n1,民安便民生活圈,民安社区、兴苑,2025年\n"


def town(folder, communities=COMMUNITIES):
    """The tiny pack's street with two communities of 义马 and one circle."""
    write_tiny_pack(folder)
    (folder / "communities.csv").write_text(communities, "utf-8")
    (folder / "circles.csv").write_text(CIRCLES, "utf-8")
    sections = '[communities]\nfile = "communities.csv"\ndatum = "wgs84"\n\n[circles]\nfile = "circles.csv"\n'
    (folder / "pack.toml").write_text(PACK_TOML.replace("[[source]]", f"{sections}\n[[source]]"), "utf-8")
    return folder


def taken_in(folder, now):
    pack = read_pack(folder)
    load_register(who=PROGRAM, pack=pack, folder=folder, branch=BRANCH, now=now)
    return keep_pack(who=PROGRAM, pack=pack, folder=folder, area_code=BRANCH, now=now)


def done_analysis(kept, now):
    made = ask_analysis(who=PROGRAM, pack=kept, title="试算", now=now)
    job = run_one("w", lambda: now)
    made.refresh_from_db()
    assert job is not None
    job.refresh_from_db()
    assert job.state == "done", job.log
    return made
