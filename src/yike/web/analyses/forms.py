"""What a person says to start an analysis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from yike.standards.loader import list_rule_packs, load_rule_pack
from yike.web.analyses.models import KeptPack


class AnalysisForm(forms.Form):
    """Which pack, what it is called, under which rules."""

    pack = forms.ModelChoiceField(
        label="街道和人口", queryset=KeptPack.objects.none(), empty_label=None,
        help_text="街道、小区、人口取自城市包；网点取自登记册，以开始计算时为准。",
    )  # fmt: skip
    title = forms.CharField(label="名称", max_length=80)
    rule_pack = forms.ChoiceField(label="规则包", required=False)

    def __init__(self, packs: QuerySet[KeptPack], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].queryset = packs  # type: ignore[attr-defined]
        titles = [(code, load_rule_pack(code).title) for code in list_rule_packs()]
        self.fields["rule_pack"].choices = [("", "城市包自己的规则包"), *titles]  # type: ignore[attr-defined]
