"""Facilities and premises of the demonstration: invented, marked, in their communities, loaded once."""

from yike.web.audit.chain import Who, verify_chain
from yike.web.config.demo.directory import load_directory
from yike.web.config.demo.people import Cast
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.directory.actions import create_entry
from yike.web.outlets.directory.kinds import PREMISES
from yike.web.outlets.models import Facility, Premises
from yike.web.regions.actions import create_circle
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

NOBODY = Who(None)


def a_circle(now):
    load_divisions("411281", who=NOBODY, now=now)
    communities = list(Area.objects.filter(branch__in=["411281001005", "411281001006"]).order_by("branch"))
    for i, area in enumerate(communities):
        values = {"name": f"店{i}", "type_code": "laundry", "area_code": area.branch, "community_id": area.pk,
                  "lon": 111.88 + i / 100, "lat": 34.74}  # fmt: skip
        create_outlet(who=NOBODY, values=values, now=now)
    return create_circle(
        who=NOBODY, code="YM-1", name="某圈", communities=communities, lead=communities[0], now=now, fields={}
    )


def test_every_community_gets_what_is_marked_as_invented(db, now):
    circle = a_circle(now)

    load_directory([circle], Cast({}), now=now)
    load_directory([circle], Cast({}), now=now)

    facilities, premises = Facility.objects.all(), Premises.objects.all()
    assert facilities.filter(type_code="service_centre").count() == 2  # one in each community
    assert facilities.filter(is_movable=True).count() == 1
    assert len(facilities.get(is_movable=True).stops) == 3
    assert premises.count() >= 2
    for entry in [*facilities, *premises]:
        assert (entry.is_invented, "虚构" in entry.name, entry.community_id is not None) == (True,) * 3
    assert list(verify_chain()) == []


def test_premises_of_a_pack_come_into_the_nearest_community(db, now):
    circle = a_circle(now)
    values = {
        "name": "空房（虚构）",
        "area_code": "411281",
        "lon": 111.8895,
        "lat": 34.74,
        "is_invented": True,
    }
    create_entry(who=NOBODY, kind=PREMISES, values=values, now=now)

    load_directory([circle], Cast({}), now=now)

    assert Premises.objects.get().area_code == "411281001006"
