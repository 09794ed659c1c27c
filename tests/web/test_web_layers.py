"""What the import rules cannot see: views ask queries, they do not talk to the database themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import yike.web

WEB = Path(yike.web.__file__).parent
VIEWS = sorted([*WEB.glob("*/views.py"), *WEB.glob("*/views/*.py")])
ASKS = {
    "objects", "select_related", "prefetch_related", "annotate", "values_list", "filter", "exclude",
    "aggregate", "bulk_create", "get_or_create", "update_or_create", "save",
}  # fmt: skip


def asked_in(path):
    """Lines of a file that talk to the database."""
    tree = ast.parse(path.read_text("utf-8"))
    return [f"{n.lineno} {n.attr}" for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in ASKS]


@pytest.mark.parametrize("path", VIEWS, ids=lambda p: str(p.relative_to(WEB)))
def test_a_view_talks_to_no_database(path):
    assert asked_in(path) == []


def test_talking_to_the_database_is_seen(tmp_path):
    (tmp_path / "views.py").write_text("def one(k):\n    return Outlet.objects.filter(pk=k)\n", "utf-8")

    assert asked_in(tmp_path / "views.py") == ["2 filter", "2 objects"]
