"""Rows of areas and circles."""

from __future__ import annotations

from permission_rows.base import KEEP, NOW, Row, a_community, number
from yike.web.accounts.trace import Who
from yike.web.regions.actions import add_centre, add_operator, create_circle, enter_state
from yike.web.regions.models import Circle

KEEP_CIRCLES = KEEP - {"community"}
KEEP_AREAS = frozenset({"city", "admin"})


def an_area(branch):
    return {"key": a_community(branch).pk}


def a_circle(branch):
    community = a_community(branch)
    community.circle_memberships.all().delete()
    made = create_circle(
        who=Who(None), code=f"C{next(number)}", name="圈（虚构）", communities=[community], lead=community,
        fields={"people": 9000, "is_invented": True}, now=NOW,
    )  # fmt: skip
    return {"key": made.pk}


def a_surveyed_circle(branch):
    key = a_circle(branch)
    enter_state(who=Who(None), circle=Circle.objects.get(pk=key["key"]), state="surveying", now=NOW)
    return key


def of_circle(name, add, values):
    def make(branch):
        key = a_circle(branch)["key"]
        row = add(who=Who(None), circle=Circle.objects.get(pk=key), values=values, now=NOW)
        return {"key": key, name: row.pk}

    return make


a_centre = of_circle("centre", add_centre, {"name": "中心（虚构）"})
an_operator = of_circle("operator", add_operator, {"name": "公司（虚构）", "kind": "private"})

ROWS = {
    "regions:areas": Row(),
    "regions:area-new": Row(may=KEEP_AREAS),
    "regions:area": Row(make=an_area),
    "regions:area-names": Row(
        "post", may=KEEP_AREAS, make=an_area, ok=302, data={"name": "新名（虚构）", "begins_on": "2026-12-01"}
    ),
    "regions:area-end": Row("post", may=KEEP_AREAS, make=an_area, ok=302, data={"ends_on": "2026-12-01"}),
    "regions:profiles": Row(may=KEEP, make=an_area),
    "regions:circles": Row(),
    "regions:circles-map": Row(),
    "regions:circle-new": Row(may=KEEP_CIRCLES),
    "regions:schedule": Row(),
    "regions:circle-list": Row(),
    "regions:list-import": Row(may=KEEP_CIRCLES),
    "regions:list-application": Row("post", may=KEEP_CIRCLES, ok=409, data={"area": "411281"}),
    "regions:circle": Row(make=a_circle),
    "regions:circle-map": Row(make=a_circle),
    "regions:circle-edit": Row(may=KEEP_CIRCLES, make=a_circle),
    "regions:circle-communities": Row(may=KEEP_CIRCLES, make=a_circle),
    "regions:circle-boundary": Row(may=KEEP_CIRCLES, make=a_circle),
    "regions:transitions": Row(
        "post", may=KEEP, make=a_surveyed_circle, ok=302, data={"state": "needs_confirmed"}
    ),
    "regions:centres": Row("post", may=KEEP, make=a_circle, ok=302, data={"name": "中心（虚构）"}),
    "regions:centre-end": Row("post", may=KEEP, make=a_centre, ok=302, data={"on": "2026-12-01"}),
    "regions:operators": Row(
        "post", may=KEEP_CIRCLES, make=a_circle, ok=302, data={"name": "公司（虚构）", "kind": "private"}
    ),
    "regions:operator-end": Row(
        "post", may=KEEP_CIRCLES, make=an_operator, ok=302, data={"on": "2026-12-01"}
    ),
}
OPEN: set[str] = set()
