"""Accounts and duties."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What a person is for; who may do what with what is in each app's ``rules``."""

    COMMUNITY = "community", "社区工作者"
    SUBDISTRICT = "subdistrict", "街道（乡镇）"
    DISTRICT = "district", "区县商务部门"
    CITY = "city", "市商务局（专班办公室）"
    DEPARTMENT = "department", "成员单位"
    INSPECTOR = "inspector", "验收检查员"
    PLANNER = "planner", "规划人员"
    AUDITOR = "auditor", "审计员"
    SECURITY = "security", "安全管理员"
    ADMIN = "admin", "系统管理员"


class Accounts(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """A new account; without a password nobody can sign in with it."""
        account = self.model(username=self.model.normalize_username(username), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """By user name, whatever the case."""
        return self.get(username__iexact=username)


class RosterBatch(models.Model):
    """Accounts made from one workbook; the whole of it can be taken back from who has never signed in."""

    file_name = models.CharField("文件名", max_length=200)
    count = models.PositiveIntegerField("账号数")
    made_at = models.DateTimeField("建立时间")
    made_by = models.ForeignKey("Account", models.PROTECT, null=True, related_name="+", verbose_name="建立人")
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "账号导入批次"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class Account(AbstractBaseUser):
    """A person who signs in. Nobody is deleted: who leaves is given a last day, and the trace stays."""

    username = models.CharField(
        "用户名",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-zA-Z0-9_.@-]+\Z", "只能用字母、数字和 _ . @ -")],
    )
    display_name = models.CharField("姓名", max_length=40)
    unit_name = models.CharField("单位", max_length=80, blank=True)
    is_active = models.BooleanField("可以登录", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("改密码时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    left_on = models.DateField("离岗日期", null=True, blank=True)
    batch = models.ForeignKey(RosterBatch, models.SET_NULL, null=True, blank=True, related_name="accounts")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]
    objects = Accounts()

    class Meta:
        """Names and constraints."""

        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="account_username_any_case"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class Duty(models.Model):
    """
    A role in a branch, from a day to a day.

    ``area_code`` is the code of the branch without its trailing zeros: "411281" sees everything whose
    12-digit code begins so; "" sees all branches.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="duties", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role)
    area_code = models.CharField(
        "辖区代码", max_length=12, blank=True, validators=[RegexValidator(r"^\d*\Z")]
    )
    begins_on = models.DateField("开始")
    ends_on = models.DateField("结束", null=True, blank=True)
    given_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="duties_given", verbose_name="授予人"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        """Names and constraints."""

        verbose_name = verbose_name_plural = "职责"
        ordering = ["account", "begins_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="duty_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}：{self.get_role_display()} {self.area_code}"


class SignInTries(models.Model):
    """Wrong sign-ins in a row for a name as typed, known or not; see ``sign_in``."""

    name = models.CharField("用户名", max_length=40, unique=True)
    wrong = models.PositiveSmallIntegerField("连续失败", default=0)
    last_at = models.DateTimeField("最近一次")

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = "登录失败"

    def __str__(self) -> str:
        return f"{self.name}：{self.wrong}"


class SecondFactor(models.Model):
    """A person's one-time codes. ``secret`` is sealed; it counts once ``confirmed_at`` is set."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="second_factor")
    secret = models.CharField("密钥（加密）", max_length=200)
    confirmed_at = models.DateTimeField("启用时间", null=True)
    last_step = models.BigIntegerField("最近用过的时段", default=0)  # a code is good once

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = "动态口令"

    def __str__(self) -> str:
        return f"{self.account}：动态口令"
