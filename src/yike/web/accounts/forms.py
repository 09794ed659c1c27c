"""Forms: what people type, checked field by field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from yike.web.accounts.actions import NewAccount
from yike.web.accounts.branches import branch_from
from yike.web.accounts.limits import sign_in_limits
from yike.web.accounts.models import Account, Role

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LEAST = sign_in_limits().password_least


WEAK = {
    "password_too_short": f"太短，至少 {LEAST} 个字符。请再加几个。",
    "password_too_similar": "与用户名太像，容易猜到。请换一个。",
    "password_too_common": "是常见密码，容易猜到。请换一个。",
    "password_entirely_numeric": "不能全是数字。请加上字母或汉字。",
}


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="用户名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A one-time code."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*\Z",
        label="动态口令",
        help_text="手机验证器上显示的 6 位数字。",
        error_messages={"invalid": "动态口令是 6 位数字。"},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class PasswordForm(forms.Form):
    """The password in use, and a new one twice."""

    old = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        help_text=f"至少 {LEAST} 个字符，不能全是数字，不能是常见密码，不能与姓名、用户名相近。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_old(self) -> str:
        """The password in use is asked for again: the screen may have been left open."""
        old: str = self.cleaned_data["old"]
        if not self.account.check_password(old):
            raise forms.ValidationError("与现在的密码不符，请重输。")
        return old

    def clean_new(self) -> str:
        """Long and uncommon enough, and new."""
        new: str = self.cleaned_data["new"]
        try:
            validate_password(new, self.account)
        except forms.ValidationError as weak:
            raise forms.ValidationError(
                [WEAK.get(w.code or "", w.messages[0]) for w in weak.error_list]
            ) from None
        if self.account.check_password(new):
            raise forms.ValidationError("新密码与现在的相同，请换一个。")
        return new

    def clean(self) -> dict[str, Any] | None:
        """Both new ones are the same."""
        typed = self.cleaned_data
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", "两次输入不一致，请重输。")
        return typed


class BranchField(forms.CharField):
    """A branch, as a code of 2 to 12 digits."""

    def clean(self, value: Any) -> str:
        """The code without trailing zeros."""
        text = super().clean(value) or ""
        try:
            return branch_from(text)
        except ValueError:
            raise forms.ValidationError("应为 2、4、6、9 或 12 位数字，如 411281 或 411281001000。") from None


class DutyForm(forms.Form):
    """A role in a branch from a day on."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)
    area_code = BranchField(
        label="辖区代码", max_length=12, required=False, help_text="统计用区划代码；留空表示全部辖区。"
    )
    begins_on = forms.DateField(label="开始", widget=DATE, initial=timezone.localdate)


class AccountForm(forms.Form):
    """A new account with its first duty."""

    username = Account._meta.get_field("username").formfield(help_text="登录用，字母、数字和 _ . @ -。")
    display_name = forms.CharField(label="姓名", max_length=40)
    unit_name = forms.CharField(label="单位", max_length=80, required=False)
    role = forms.ChoiceField(label="角色", choices=Role.choices)
    area_code = BranchField(
        label="辖区代码", max_length=12, required=False, help_text="统计用区划代码；留空表示全部辖区。"
    )

    def clean_username(self) -> str:
        """Free, whatever the case."""
        name: str = self.cleaned_data["username"]
        if Account.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("这个用户名已经有人用了，请换一个。")
        return name

    def wanted(self) -> NewAccount:
        """What was typed."""
        return NewAccount(**{k: self.cleaned_data[k] for k in NewAccount.__dataclass_fields__})


class EditForm(forms.Form):
    """What may change about an account."""

    display_name = forms.CharField(label="姓名", max_length=40)
    unit_name = forms.CharField(label="单位", max_length=80, required=False)
    is_active = forms.BooleanField(label="可以登录", required=False)


class LastDayForm(forms.Form):
    """A last day."""

    last_day = forms.DateField(label="最后一天", widget=DATE, initial=timezone.localdate)


class LeaveForm(LastDayForm):
    """A last day and who takes over."""

    successor = forms.ModelChoiceField(
        Account.objects.none(),
        label="接替人",
        required=False,
        empty_label="暂无（职责到期即止）",
        help_text="次日起接下全部在任职责。",
    )


class RosterForm(forms.Form):
    """A workbook of accounts."""

    file = forms.FileField(
        label="账号表", help_text="xlsx、xls 或 csv；表头：用户名、姓名、单位、角色、辖区代码。"
    )


class AccountFilter(forms.Form):
    """What narrows the list."""

    q = forms.CharField(label="姓名、用户名、单位", required=False, max_length=40)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("in", "在岗"), ("off", "停用"), ("left", "离岗")],
    )
