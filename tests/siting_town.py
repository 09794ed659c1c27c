"""
A small town for siting: crossings 100 m apart, 90 s on foot each; every point lies on a crossing.

::

    D . F R3 C      D 80 people, F nobody knows how many, C 40
    . . . .  .
    . . R6 . .      R6 is let
    . . .  . R1
    A . .  . B      A 10 people beside the only open pharmacy, B 20

R2 stands at D, R5 at C (for convenience stores only), R4 and the home E (1,000 people) lie far away. The
pharmacies at C are closed, suspended and planned.
"""

from __future__ import annotations

from pathlib import Path

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, at, small_pack

PREMISES = '[premises]\nfile = "premises.csv"\ndatum = "wgs84"\n'
OUTLET_HEADER = "编号,名称,业态,经度,纬度,状态"
PREMISES_HEADER = "编号,名称,类型,面积,经度,纬度,现状,可用业态,改造费用（万元）"

OUTLET_ROWS = (
    f"W1,平安药房,药店,{at(0, 0)},营业",
    f"W2,关门药房,药店,{at(400, 400)},关闭",
    f"W3,停业药房,药店,{at(400, 400)},停业",
    f"W4,筹建药房,药店,{at(400, 400)},筹建",
    f"W5,老王修鞋,修鞋,{at(400, 0)},营业",
)
HOME_ROWS = (
    f"A,{at(0, 0)},10",
    f"B,{at(400, 0)},20",
    f"C,{at(400, 400)},40",
    f"D,{at(0, 400)},80",
    f"E,{at(9000, 9000)},1000",
    f"F,{at(200, 400)},",
)
PREMISES_ROWS = (
    f"R1,一号房,闲置用房,60,{at(400, 100)},闲置,不限,3",
    f"R2,二号房,闲置用房,80,{at(0, 400)},空置,,5",
    f"R3,三号房,车棚,20,{at(300, 400)},,,4",
    f"R4,四号房,厂房,900,{at(5000, 0)},闲置,,1",
    f"R5,五号房,门面,50,{at(400, 400)},闲置,便利店,2",
    f"R6,六号房,门面,50,{at(200, 200)},已出租,,2",
)


def siting_town(
    folder: Path, *, outlets: tuple[str, ...] = OUTLET_ROWS, homes: tuple[str, ...] = HOME_ROWS,
    premises: tuple[str, ...] = PREMISES_ROWS, more: str = "", **files: str,
) -> Path:  # fmt: skip
    """Write the town; other rows where asked for, further sections of ``pack.toml`` as ``more``."""
    written = {
        "outlets.csv": "\n".join((OUTLET_HEADER, *outlets)) + "\n",
        "places.csv": "\n".join(("编号,经度,纬度,人口", *homes)) + "\n",
        "premises.csv": "\n".join((PREMISES_HEADER, *premises)) + "\n",
        **files,
    }
    toml = HEAD + NETWORK + OUTLETS + PLACES + PREMISES + more + SOURCE
    return small_pack(folder, toml=toml, files=written)
