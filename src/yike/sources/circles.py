"""
Living circles (便民生活圈) from the list of the form: 序号, 便民生活圈名称, 包含社区, 建设年限.

A community named in a circle but not in the register is a fault with the nearest names; so is a community in
two circles. Whether the lead community in brackets belongs to its circle is a setting, because the form does
not say. Without a list each community is a circle; without communities the whole pack is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from yike.core.tables import Circles, Communities, FloatArray, IntArray, Places, Tri
from yike.sources.circle_cells import build_years, kind_of, layout, operators, platforms, split_lead
from yike.sources.intake import ReadContext
from yike.sources.located import read_rows, unique_ids
from yike.sources.names import match_name, split_names
from yike.sources.pack_spec import CirclesSpec
from yike.sources.tabular import Table


@dataclass(frozen=True, eq=False)
class CircleMembers:
    """Circles, and who belongs to which."""

    circles: Circles
    circle_of_community: IntArray  # shape (n_communities,), -1 none
    circle_of_place: IntArray  # shape (n_places,), -1 none
    communities: Communities  # with what the list of circles says of their area and households


@dataclass
class _Draft:
    """One circle while its list is read."""

    name: str
    row: int
    lead: str = ""
    members: list[int] = field(default_factory=list)


def no_communities() -> Communities:
    """An empty register."""
    none = np.empty(0)
    return Communities((), (), (), (), none, none, none, none, none, (), np.empty(0, np.int32), "none")


def read_circles(
    spec: CirclesSpec, ctx: ReadContext, communities: Communities, places: Places
) -> CircleMembers:
    """
    Read the living circles of a pack.

    Parameters
    ----------
    spec
        Section ``[circles]``.
    ctx
        Takes the faults; counts go to ``found["circles"]``.
    communities, places
        Read before; ``places.community_idx`` gives most homes their circle.

    Returns
    -------
    CircleMembers
        At least one circle. Polygons are unions of the communities' polygons, None where one has none.
    """
    if spec.source == "file" and spec.file:
        members = _from_list(spec, ctx, communities, places)
    elif spec.source == "column":
        members = _from_column(spec, ctx, communities, places)
    else:
        members = None
    if members is None:
        members = _by_community(ctx, communities, places) if len(communities) else _whole_pack(ctx, places)
    ctx.found["circles"] = {
        "rows": len(members.circles),
        "communities_in_circles": int((members.circle_of_community >= 0).sum()),
        "places_in_circles": int((members.circle_of_place >= 0).sum()),
    }
    return members


def _from_list(
    spec: CirclesSpec, ctx: ReadContext, communities: Communities, places: Places
) -> CircleMembers | None:
    table = read_rows(ctx, spec, "circles", "circle")
    if table is None or not len(table):
        return None
    drafts = _drafts(spec, ctx, table, communities)
    circle_of = _members_once(ctx, table, drafts, communities)
    _tell_left(ctx, table, communities, circle_of)
    circles = Circles(
        circle_id=unique_ids(ctx, table, "circle-"),
        name=tuple(d.name for d in drafts),
        lead_community=tuple(d.lead for d in drafts),
        build_year=build_years(ctx, table),
        polygons=joined_polygons(communities, circle_of, len(drafts)),
        n_centres=_whole(table.numbers("n_centres", ctx.faults, at_least=0, code="areas.circle.number")),
        operator_kinds=tuple(operators(ctx, table, i) for i in range(len(table))),
        layout_form=tuple(layout(ctx, table, i) for i in range(len(table))),
        has_platform=platforms(table.text("has_platform")),
    )
    communities = with_circle_totals(ctx, table, communities, circle_of)
    return CircleMembers(circles, circle_of, _of_places(places, circle_of), communities)


def _drafts(spec: CirclesSpec, ctx: ReadContext, table: Table, communities: Communities) -> list[_Draft]:
    drafts, rows_with_lead, seen = list[_Draft](), 0, dict[str, int]()
    for i, (full, listed, lead) in enumerate(
        zip(table.text("name"), table.text("communities"), table.text("lead"), strict=True)
    ):
        row = int(table.row_number[i])
        name, in_brackets = split_lead(full)
        draft = _Draft(name, row, lead or in_brackets)
        _tell_name(ctx, table, i, draft, seen)
        rows_with_lead += bool(in_brackets)
        wanted = split_names(listed)
        if draft.lead and (spec.lead_counts or lead):
            wanted = (draft.lead, *wanted)
        if not wanted:
            ctx.faults.append(table.fault("areas.circle.no_communities", i, "communities", circle=name))
        for community in wanted:
            idx = _find(ctx, table, i, community, name, communities)
            if idx >= 0 and idx not in draft.members:
                draft.members.append(idx)
        drafts.append(draft)
    if rows_with_lead:
        how = "属于本圈" if spec.lead_counts else "不计入本圈"
        ctx.add("areas.circle.lead_counts", file=table.file, level="note", count=rows_with_lead, how=how)
    return drafts


def _tell_name(ctx: ReadContext, table: Table, i: int, draft: _Draft, seen: dict[str, int]) -> None:
    if not draft.name:
        ctx.faults.append(table.fault("areas.circle.name_missing", i, "name"))
    elif draft.name in seen:
        ctx.faults.append(
            table.fault("areas.circle.duplicate", i, "name", found=draft.name, other_row=seen[draft.name])
        )
    seen.setdefault(draft.name, draft.row)


def _find(ctx: ReadContext, table: Table, i: int, name: str, circle: str, communities: Communities) -> int:
    match = match_name(name, communities.name, communities.community_id)
    if match.idx < 0:
        near = [f"{communities.name[r]}（{communities.street[r]}）" for r in match.rows]
        code = "areas.circle.community_ambiguous" if near else "areas.circle.community_unknown"
        ctx.faults.append(
            table.fault(
                code,
                i,
                "communities",
                found=name,
                circle=circle,
                near="、".join(near or match.suggestions) or "没有",
            )
        )
    return match.idx


def _members_once(
    ctx: ReadContext, table: Table, drafts: Sequence[_Draft], communities: Communities
) -> IntArray:
    circle_of = np.full(len(communities), -1, np.int32)
    for k, draft in enumerate(drafts):
        for c in draft.members:
            if circle_of[c] >= 0:
                ctx.faults.append(
                    table.fault(
                        "areas.circle.community_twice",
                        k,
                        "communities",
                        found=communities.name[c],
                        circle=drafts[circle_of[c]].name,
                        other=draft.name,
                    )
                )
            else:
                circle_of[c] = k
    return circle_of


def _tell_left(ctx: ReadContext, table: Table, communities: Communities, circle_of: IntArray) -> None:
    left = [communities.name[c] for c in np.flatnonzero(circle_of < 0)]
    if left:
        named = "、".join(left[:10]) + ("等" if len(left) > 10 else "")
        ctx.add("areas.circle.community_left", file=table.file, level="note", count=len(left), found=named)


def joined_polygons(communities: Communities, circle_of: IntArray, n_circles: int) -> tuple[object, ...]:
    """Union of the polygons of each circle's communities; None where any of them has none."""
    joined: list[object] = []
    for k in range(n_circles):
        shapes = [communities.polygons[c] for c in np.flatnonzero(circle_of == k)]
        is_whole = bool(shapes) and all(s is not None for s in shapes)
        joined.append(shapely.union_all(shapes) if is_whole else None)
    return tuple(joined)


def with_circle_totals(
    ctx: ReadContext, table: Table, communities: Communities, circle_of: IntArray
) -> Communities:
    """
    Communities with the households and areas that the list gives for whole circles.

    A circle's number is divided evenly among its communities where none of them has its own: the circle's sum
    and every ratio stay exact, and a ratio of a community is then that of its circle.
    """

    def shared(name: str) -> FloatArray:
        given = table.numbers(name, ctx.faults, at_least=0, code="areas.circle.number")
        column: FloatArray = getattr(communities, name).copy()
        for k in np.flatnonzero(~np.isnan(given)):
            mine = circle_of == k
            if mine.any() and np.isnan(column[mine]).all():
                column[mine] = given[k] / mine.sum()
                _tell_shared(ctx, table, int(k), name, given[k], int(mine.sum()))
        return column

    kinds = [kind_of(cell) for cell in table.text("kind")]
    kind = tuple(
        own or (kinds[k] if k >= 0 else "")
        for own, k in zip(communities.kind, circle_of.tolist(), strict=True)
    )
    return replace(
        communities,
        kind=kind,
        households=shared("households"),
        total_floor_m2=shared("total_floor_m2"),
        commercial_floor_m2=shared("commercial_floor_m2"),
        service_floor_m2=shared("service_floor_m2"),
    )


def _tell_shared(ctx: ReadContext, table: Table, k: int, name: str, given: float, n: int) -> None:
    if n > 1:
        ctx.faults.append(table.fault("areas.circle.shared", k, name, found=f"{given:g}", n=n, level="note"))


def _whole(numbers: FloatArray) -> IntArray:
    return np.where(np.isnan(numbers), -1, np.nan_to_num(numbers)).astype(np.int32)


def _from_column(
    spec: CirclesSpec, ctx: ReadContext, communities: Communities, places: Places
) -> CircleMembers | None:
    """Circles named in a column: of the communities' file, else of the homes' file."""
    for section, kind, file, n in (
        ("communities", "community", ctx.spec.communities, len(communities)),
        ("places", "place", ctx.spec.places, len(places)),
    ):
        cells = _cells(spec, ctx, section, kind, n) if file.file and n else None
        if cells is None:
            continue
        names = tuple(dict.fromkeys(c for c in cells if c))
        idx = np.array([names.index(c) if c else -1 for c in cells], np.int32)
        if section == "communities":
            circles = _plain(names, joined_polygons(communities, idx, len(names)))
            return CircleMembers(circles, idx, _of_places(places, idx), communities)
        no_circle = np.full(len(communities), -1, np.int32)
        return CircleMembers(_plain(names, (None,) * len(names)), no_circle, idx, communities)
    ctx.add("areas.circle.column_missing", file="pack.toml", column="[circles] column", found=spec.column)
    return None


def _cells(spec: CirclesSpec, ctx: ReadContext, section: str, kind: str, n: int) -> list[str] | None:
    """Cells of the circle column of the rows that were read, None when the file has no such column."""
    kept = ctx.settled.get(f"{section}_table")
    if not isinstance(kept, Table) or len(kept) > n:
        return None
    if spec.column in kept.headers:
        cells = kept.columns[kept.headers.index(spec.column)]
    elif not spec.column and kept.has("circle"):
        cells = kept.text("circle")
    else:
        return None
    return list(cells) + [""] * (n - len(cells))


def _plain(names: Sequence[str], polygons: tuple[object, ...]) -> Circles:
    """Circles of which only the name is known."""
    n = len(names)
    none = np.full(n, -1, np.int32)
    return Circles(
        tuple(f"circle-{k + 1}" for k in range(n)), tuple(names), ("",) * n, none, polygons, none,
        ((),) * n, ("",) * n, np.full(n, Tri.UNKNOWN, np.int8),
    )  # fmt: skip


def _by_community(ctx: ReadContext, communities: Communities, places: Places) -> CircleMembers:
    idx = np.arange(len(communities), dtype=np.int32)
    ctx.add("areas.circle.none_given", file="pack.toml", level="note")
    circles = _plain(communities.name, tuple(communities.polygons))
    return CircleMembers(circles, idx, _of_places(places, idx), communities)


def _whole_pack(ctx: ReadContext, places: Places) -> CircleMembers:
    """One circle over all streets, its polygon the network's box."""
    ctx.add("areas.circle.whole_pack", file="pack.toml", level="note", name=ctx.spec.pack.name)
    net, box = ctx.network, None
    if net is not None and net.n_vertices:
        box = shapely.box(
            net.vertex_lon.min(), net.vertex_lat.min(), net.vertex_lon.max(), net.vertex_lat.max()
        )
    circles = _plain((ctx.spec.pack.name,), (box,))
    nobody = np.empty(0, np.int32)
    return CircleMembers(circles, nobody, np.zeros(len(places), np.int32), no_communities())


def _of_places(places: Places, circle_of_community: IntArray) -> IntArray:
    if not len(circle_of_community):
        return np.full(len(places), -1, np.int32)
    idx = places.community_idx
    return np.where(idx >= 0, circle_of_community[idx], -1).astype(np.int32)
