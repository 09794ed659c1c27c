"""A small town of returns: two streets, three circles of invented communities, outlets, a wave."""

import datetime as dt

from yike.web.accounts.models import Account, Duty
from yike.web.audit.chain import Who
from yike.web.outlets.actions import create_outlet
from yike.web.regions.actions import create_area, create_circle
from yike.web.returns.actions import open_wave

PROGRAM = Who(None)
CITY = "9901"
DISTRICT = "990101"
STREETS = {"990101001": "东街", "990101002": "西街"}
COMMUNITIES = {
    "990101001001": "东一社区", "990101001002": "东二社区", "990101001003": "东三社区",
    "990101002001": "西一社区",
}  # fmt: skip
CIRCLES = {
    "C1": ("东一圈", ["990101001001", "990101001002"]),
    "C2": ("东三圈", ["990101001003"]),
    "C3": ("西一圈", ["990101002001"]),
}
SHOPS = [  # row, community, staff, chain
    ("convenience_store", "990101001001", 3, True),
    ("convenience_store", "990101001002", 4, False),
    ("convenience_store", "990101001002", None, None),
    ("convenience_store", "990101001003", 2, False),
    ("convenience_store", "990101002001", 5, True),
]


def build_town(now):
    """Areas, circles and outlets; every name is invented."""
    areas = {}
    names = {"99": "虚构省", "9901": "虚构市", "990101": "虚构区"} | STREETS | COMMUNITIES
    for branch in sorted(names, key=len):
        areas[branch] = create_area(
            who=PROGRAM, code=branch.ljust(12, "0"), name=names[branch], now=now, is_invented=True
        )
    for code, (name, members) in CIRCLES.items():
        create_circle(
            who=PROGRAM, code=code, name=name, communities=[areas[m] for m in members], now=now,
            lead=areas[members[0]], fields={"people": 1000, "is_invented": True},
        )  # fmt: skip
    for i, (kind, community, staff, chain) in enumerate(SHOPS):
        create_outlet(
            who=PROGRAM, now=now,
            values={"name": f"店{i}（虚构）", "type_code": kind, "area_code": community, "staff": staff,
                    "is_chain": chain, "is_invented": True},
        )  # fmt: skip
    return areas


def open_town(now, area_code=CITY, **more):
    """A wave over the town."""
    return open_wave(
        who=PROGRAM, area_code=area_code, title="2026年第一期", as_of=dt.date(2026, 11, 30),
        opens_on=dt.date(2026, 11, 1), due_on=dt.date(2026, 12, 10), now=now, **more,
    )  # fmt: skip


def clerk(role, area_code, name=None):
    """Somebody with a role in a branch."""
    account = Account.objects.create_user(name or f"{role}{area_code}", "长城长城1234", display_name=role)
    Duty.objects.create(account=account, role=role, area_code=area_code, begins_on=dt.date(2026, 1, 1))
    return Who(account, "127.0.0.1")


def complete(of, now, who=PROGRAM, **more):
    """What a form needs before it can be submitted."""
    from yike.web.returns.actions import fill_cells

    values = {"operators": ("private",), "layouts": ("street",), "has_platform": False} | more
    return fill_cells(who=who, of=of, values=values, comments={"": "核对过"}, seen=None, now=now)
