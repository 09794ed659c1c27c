"""
A text column that lies sealed in the database and is plain in Python.

It cannot be searched or sorted, only asked whether it is empty: keep a ``mark_of`` beside it to find the same
number again.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.lookups import Exact, IsNull

from yike.web.accounts.secrets import SUITES, seal, unseal

MARK_HEX = 32


class SealedField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """
    Text of at most ``most`` characters, sealed under ``purpose``; "" stays "".

    What was written before the column was sealed reads as it is and is sealed with its next write.
    """

    def __init__(self, *args: Any, purpose: str = "", most: int = 40, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.most = purpose, most
        self.validators.append(MaxLengthValidator(most))

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose, "most": self.most}

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in."""
        text = super().get_prep_value(value)
        return seal(text, self.purpose) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Open on the way out."""
        return unseal(value, self.purpose) if value and is_sealed(value) else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether it is empty can be asked."""
        return {"exact": EmptyOnly, "isnull": IsNull}.get(lookup_name)

    def formfield(self, **kwargs: Any) -> Any:
        """One line, as long as the plain text may be."""
        from django import forms

        return models.Field.formfield(self, form_class=forms.CharField, max_length=self.most, **kwargs)


class EmptyOnly(Exact):
    """``= ''``; any other text would never be found."""

    def get_prep_lookup(self) -> Any:
        """Refuse what can never match."""
        if self.rhs not in ("", None):
            raise ValueError("a sealed column can only be asked whether it is empty")
        return self.rhs


def is_sealed(text: str) -> bool:
    """Whether a text looks like a sealed one."""
    return text.partition(".")[0] in SUITES and "." in text


def mark_of(text: str, purpose: str) -> str:
    """The same for the same text, and of no use without the installation's key; "" for ""."""
    if not text:
        return ""
    key = hashlib.sha256(f"yike:mark:{settings.SEAL_KEY}".encode()).digest()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()[:MARK_HEX]
