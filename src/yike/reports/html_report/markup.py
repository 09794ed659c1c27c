"""HTML as nested calls: everything that is not already markup is escaped."""

from __future__ import annotations

from html import escape

VOID = frozenset({"br", "hr", "img", "input", "meta", "col"})


class Html(str):
    """A string that is markup already."""

    __slots__ = ()


def text(value: object) -> Html:
    """Escape a value unless it is markup; None becomes nothing."""
    if value is None:
        return Html("")
    return value if isinstance(value, Html) else Html(escape(str(value)))


def join(parts: object) -> Html:
    """Markup of a sequence of parts, escaped where needed."""
    if isinstance(parts, str):
        return text(parts)
    return Html("".join(text(part) for part in parts))  # type: ignore[attr-defined]


def tag(name: str, *children: object, **attributes: object) -> Html:
    """
    One element.

    ``class_`` and ``for_`` lose their underscore, others turn it into a dash (``data_gap`` -> ``data-gap``);
    True is a bare attribute, None and False leave it out. Lists of children are flattened one level.
    """
    head = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{head}>")
    inner = "".join(join(c) if isinstance(c, list | tuple) else text(c) for c in children)
    return Html(f"<{head}>{inner}</{name}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
