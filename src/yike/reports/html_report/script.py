"""Joins the page's ES modules into one classic script, so that a file opened from disk may run it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

IMPORT = re.compile(r"^import (\{[^}]*\}) from '\./([a-z_]+)\.js';$", re.M)
EXPORT = re.compile(r"^export (?=(?:function|class|const|let) (\w+))", re.M)


@cache
def module_text(name: str) -> str:
    """Source of one module."""
    return (files(__package__) / "js" / f"{name}.js").read_text("utf-8")


def module_order(first: str = "main") -> tuple[str, ...]:
    """
    Modules in the order in which they must run: what is imported comes before what imports it.

    Raises
    ------
    ValueError
        Modules import each other in a ring.
    """
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"modules import each other in a ring: {' -> '.join((*above, name))}")
        if name not in order:
            for _, other in IMPORT.findall(module_text(name)):
                visit(other, (*above, name))
            order.append(name)

    visit(first, ())
    return tuple(order)


def joined_script(first: str = "main") -> str:
    """
    All modules, each in a function of its own that gives back what it exports; then ``start()``.

    Where the data is packed the modules wait for it; where it is not they run while the page loads.
    """
    modules = "\n".join(_enclosed(name) for name in module_order(first))
    return (
        f"(function () {{\n'use strict';\n{module_text('unpack')}\n"
        f"function begin() {{\n{modules}\nin_{first}.start();\n}}\n"
        "const holder = document.getElementById('yike-data');\n"
        "if (holder.dataset.packed) unpack(holder).then(begin);\nelse begin();\n})();\n"
    )


def _enclosed(name: str) -> str:
    text = module_text(name)
    given = ", ".join(EXPORT.findall(text))
    body = EXPORT.sub("", IMPORT.sub(r"const \1 = in_\2;", text)).strip()
    return f"const in_{name} = (function () {{\n{body}\nreturn {{ {given} }};\n}})();"
