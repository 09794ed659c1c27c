"""Fields that several forms have."""

from __future__ import annotations

from django import forms

Groups = list[tuple[str, list[tuple[int, str]]]]  # subdistrict, its communities

THREE = [("", "不清楚"), ("True", "是"), ("False", "否")]

BLANK = [("", "全部")]


def date() -> forms.DateInput:
    """A day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def ticks() -> forms.CheckboxSelectMultiple:
    """Boxes to tick."""
    return forms.CheckboxSelectMultiple(attrs={"class": "choices"})


def three(label: str, help_text: str = "") -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=label, required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None,
        help_text=help_text,
    )  # fmt: skip


def many(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.MultipleChoiceField:
    """Any of a list."""
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=ticks(), help_text=help_text
    )


def offer_communities(form: forms.Form, communities: Groups) -> None:
    """Offer communities, by subdistrict, in both fields."""
    several, one = form.fields["communities"], form.fields["lead"]
    if isinstance(several, forms.ChoiceField) and isinstance(one, forms.ChoiceField):
        several.choices = communities
        one.choices = [("", "请选择"), *communities]
