"""A town with enough in it to look at: shops of many rows, answers, people, a wave, clerks of every level."""

import datetime as dt

from returns_town import CITY, PROGRAM, build_town, open_town
from yike.web.accounts.models import Account, Duty
from yike.web.outlets.actions import create_outlet
from yike.web.returns.models import Return

PASSWORD = "长城长城1234"
CLERKS = {
    "shequ": ("community", "990101001001", "王社工（虚构）", "东一社区居委会"),
    "jiedao": ("subdistrict", "990101001", "李街道（虚构）", "东街街道办事处"),
    "quxian": ("district", "990101", "赵区县（虚构）", "虚构区商务局"),
    "shi": ("city", CITY, "钱市局（虚构）", "虚构市商务局"),
}


def look_town(now):
    """The town of returns with more shops in it; gives the return of 东一圈."""
    from yike.standards.loader import load_types

    build_town(now)
    rows = {}
    for kind in load_types().types:
        rows.setdefault(kind.form_row, kind.code)
    for i, (row, code) in enumerate(sorted(rows.items())):
        if row in ("", "B02", "Q05"):
            continue
        for n in range(1 + (i * 7) % 11):
            create_outlet(
                who=PROGRAM, now=now,
                values={"name": f"{code}{n}（虚构）", "type_code": code, "area_code": "990101001001",
                        "staff": 1 + (i * n) % 9, "is_chain": n % 4 == 1, "is_invented": True},
            )  # fmt: skip
    open_town(now, is_invented=True)
    return Return.objects.get(circle__code="C1")


def look_clerks():
    """One account a level."""
    made = {}
    for username, (role, area, name, unit) in CLERKS.items():
        account = Account.objects.create_user(
            username, PASSWORD, display_name=name, unit_name=unit, must_change_password=False
        )
        Duty.objects.create(account=account, role=role, area_code=area, begins_on=dt.date(2026, 1, 1))
        made[username] = account
    return made
