"""What the pages of returns ask for beside the sheet itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from yike.web.returns.checks import Limit
from yike.web.ui.choices import offer

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # the only writing browsers take
LONGEST_NOTE = 400


class NoteForm(forms.Form):
    """A remark that goes with a step."""

    note = forms.CharField(
        label="说明", required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, label: str = "说明", is_must: bool = False, hint: str = "", **more: Any
    ) -> None:
        super().__init__(*args, **more)
        field = self.fields["note"]
        field.label, field.required, field.help_text = label, is_must, hint


class CellNoteForm(forms.Form):
    """A remark at a cell."""

    key = forms.ChoiceField(label="哪一格", required=False)
    text = forms.CharField(label="批注", max_length=LONGEST_NOTE)

    def __init__(self, cells: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "key", [("", "整张表"), *cells])


class WaveForm(forms.Form):
    """A new round."""

    area = forms.ChoiceField(label="辖区")
    title = forms.CharField(label="期次", max_length=80, help_text="如 2026年第4期、2026年11月。")
    as_of = forms.DateField(label="截至日期", widget=DATE, help_text="表头上的“截至日期”：填这一天的存量。")
    opens_on = forms.DateField(label="开始填报", widget=DATE)
    due_on = forms.DateField(label="填报截止", widget=DATE)
    remind_days = forms.IntegerField(label="提前几天提醒", min_value=0, max_value=60, initial=3)
    count_decimals = forms.TypedChoiceField(
        label="个、座的小数", coerce=int, initial=2,
        choices=[(2, "两位，如 12.00（表下说明的字面要求）"), (0, "不带小数，如 12（通常做法）")],
    )  # fmt: skip
    rounding = forms.ChoiceField(
        label="舍入", choices=[("half_up", "四舍五入"), ("half_even", "四舍六入五成双（GB/T 8170）")]
    )

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", areas)

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        told = super().clean() or {}
        opens, due = told.get("opens_on"), told.get("due_on")
        if opens and due and due < opens:
            self.add_error("due_on", "截止不能早于开始填报。")
        return told


class RuleSetForm(forms.Form):
    """Limits for rounds to come: one field for every number that a branch may set."""

    area = forms.ChoiceField(label="辖区")
    title = forms.CharField(label="口径名称", max_length=80, help_text="如 2027年口径。")
    begins_on = forms.DateField(
        label="起用日期", widget=DATE, help_text="截至日期在这一天及以后的新期次用它；已开的期次不变。"
    )
    basis = forms.CharField(label="依据", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, areas: Iterable[tuple[str, str]], limits: Iterable[Limit], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", areas)
        for limit in limits:
            self.fields[limit.name] = forms.IntegerField(
                label=limit.label, min_value=limit.least, max_value=limit.most,
                help_text=f"单位：{limit.unit}。{limit.hint}",
            )  # fmt: skip
        self.order_fields(["area", "title", "begins_on", *(limit.name for limit in limits), "basis"])


class FileForm(forms.Form):
    """A filled form that comes back."""

    file = forms.FileField(
        label="文件", help_text="下载后在 Excel、WPS 或 LibreOffice 里填好的表（xlsx、xls、docx）。"
    )


class UploadForm(FileForm):
    """The same, when it is not said yet for which return."""

    of = forms.ChoiceField(label="哪张表")

    def __init__(self, returns: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "of", [(str(pk), text) for pk, text in returns])
        self.order_fields(["of", "file"])
