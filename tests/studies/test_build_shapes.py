"""Shapes of circles: what each fits by hand, mixed where several do, none where nobody said."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from yike.core.tables import OutletStatus
from yike.standards.build_shapes import load_shapes
from yike.studies.build_shapes import shapes_of
from yike.studies.pipeline import base_of
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch


@pytest.fixture(scope="module")
def base(yima_pack):
    return base_of(StudySpec(yima_pack, with_isochrones=False), Watch(silent))


def project(name, circle, site):
    """As much of a project as a shape looks at: where people gain, and on what it stands."""
    gains = (SimpleNamespace(communities=[SimpleNamespace(circle=circle, people=10.0, places=1)]),)
    return SimpleNamespace(project_id=name, gains=gains, mode=SimpleNamespace(sites=(site,)))


def town(base, kind, with_market):
    """The made-up town with every community of one kind, with or without its markets."""
    joined = base.joined
    communities = replace(joined.communities, kind=(kind,) * len(joined.communities))
    outlets = joined.outlets
    if not with_market:
        outlets = replace(outlets, status=np.full_like(outlets.status, OutletStatus.CLOSED))
    return replace(base, joined=replace(joined, communities=communities, outlets=outlets))


def circle_with_a_market(base):
    rows = base.joined.outlets.type_idx == base.types.idx("food_market")
    return base.joined.circles.name[int(base.joined.outlets.circle_idx[rows][0])]


@pytest.mark.parametrize(("kind", "with_market", "site", "label"), [
    ("new", True, "outlet", "邻里中心型"),
    ("old", True, "outlet", "农贸市场型"),
    ("old", False, "premises", "腾笼换鸟型"),
    ("old", True, "premises", "混合型"),
    ("old", False, "outlet", ""),
    ("", True, "stop", ""),  # nobody said whether the communities are new
])  # fmt: skip
def test_shape_follows_estates_market_and_rooms(base, kind, with_market, site, label):
    name = circle_with_a_market(base)
    (shape,) = shapes_of(town(base, kind, with_market), [project("P01", name, site)])

    assert (shape.circle, shape.label, shape.projects) == (name, label, ("P01",))
    assert bool(shape.why) == bool(label)


def test_only_circles_with_projects_get_a_shape(base):
    assert shapes_of(base, []) == ()


def test_labels_are_the_documents_and_limits_ours():
    policy = load_shapes()

    assert {s.source.mark for s in (*policy.shapes, policy.mixed)} == {"official"}
    assert {s.limit_source.mark for s in policy.shapes} == {"inferred"}
