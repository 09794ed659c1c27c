"""The policy part of ``assessment.json``: rule pack, norms and sources, 推定 where it is."""

from __future__ import annotations

from typing import Any

from yike.core.circle.plain import number
from yike.errors import message_of
from yike.reports.facts import ReportFacts
from yike.reports.rows import form_rows
from yike.standards.types import RulePack, Source


def plain_source(source: Source | None) -> dict[str, Any] | None:
    """A source as plain values; None without one."""
    if source is None:
        return None
    return {
        "document": source.document,
        "clause": source.clause,
        "text": source.text,
        "mark": source.mark,
        "mark_label": message_of(f"circle.mark.{source.mark}", {}),
        "is_inferred": source.is_inferred,
    }


def rule_pack_part(rules: RulePack) -> dict[str, Any]:
    """Which rule pack was applied."""
    return {
        "code": rules.code,
        "title": rules.title,
        "issuer": rules.issuer,
        "lineage": list(rules.lineage),
        "valid_from": rules.valid_from.isoformat() if rules.valid_from else None,
        "checked": rules.checked.isoformat() if rules.checked else None,
        "is_inferred": rules.is_inferred,
        "notes": list(rules.notes),
    }


def types_part(facts: ReportFacts) -> list[dict[str, Any]]:
    """Each row of the access table: norm, required share, sources, and whether the data can tell."""
    states = facts.extras.get("data_state")
    rows = form_rows(facts.types, facts.access.type_rows)
    out = []
    for col, type_idx in enumerate(facts.access.type_rows):
        kind = facts.types.types[int(type_idx)]
        rule = facts.rules.rule(kind.code)
        group = rule.group if rule else kind.group
        out.append(
            {
                "form_row": rows[col],
                "code": kind.code,
                "label": kind.label,
                "group": group,
                "group_label": message_of(f"circle.group.{group}", {}) if group else "",
                "is_required": bool(rule and rule.is_required),
                "norm_s": number(rule.within_s, 1) if rule else None,
                "share_required": number(rule.share) if rule else None,
                "data_state": states[col] if states else None,
                "source": plain_source(rule.source) if rule else None,
                "norm_source": plain_source(rule.within_source) if rule else None,
                "share_source": plain_source(rule.share_source) if rule else None,
            }
        )
    return out
