"""
Columns that lie sealed in the database and are plain in Python: a text, and some keys inside JSON.

They cannot be searched or sorted, only asked whether they are empty: keep a ``mark_of`` beside a text to find
the same one again. Inside ``as_stored`` both are read and written as they lie: backups need no key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.lookups import Exact, IsNull

from yike.web.accounts.secrets import SUITES, BrokenSealError, seal, unseal

MARK_HEX = 32
LEAST_BODY = 40
"""Characters that nonce, seal and one byte of text take at least."""

_AS_STORED = ContextVar("as_stored", default=False)


@contextmanager
def as_stored() -> Iterator[None]:
    """Read and write sealed columns as they lie in the database."""
    token = _AS_STORED.set(True)
    try:
        yield
    finally:
        _AS_STORED.reset(token)


class SealedField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """
    Text of at most ``most`` characters, sealed under ``purpose``; "" stays "".

    What was written before the column was sealed reads as it is and is sealed with its next write.
    """

    def __init__(self, *args: Any, purpose: str = "", most: int = 40, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.most = purpose, most
        self.max_length = most  # of the plain text: forms and imports look at it, the database does not
        self.validators.append(MaxLengthValidator(most))

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, {**kwargs, "purpose": self.purpose, "most": self.most}

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in."""
        text = super().get_prep_value(value)
        return closed(text, self.purpose) if text and not _AS_STORED.get() else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Open on the way out."""
        return opened(value, self.purpose) if value and not _AS_STORED.get() else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether it is empty can be asked."""
        return {"exact": EmptyOnly, "isnull": IsNull}.get(lookup_name)

    def formfield(self, **kwargs: Any) -> Any:
        """One line, as long as the plain text may be."""
        from django import forms

        return models.Field.formfield(self, form_class=forms.CharField, max_length=self.most, **kwargs)


class SealedJSONField(models.JSONField):
    """An object in JSON whose texts under ``keys`` (also lists of old and new) lie sealed."""

    def __init__(self, *args: Any, keys: tuple[str, ...] = (), purpose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys, self.purpose = tuple(keys), purpose

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "keys": self.keys, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in."""
        value = super().get_prep_value(value)
        if _AS_STORED.get():
            return value
        return _each_text(value, self.keys, lambda text: closed(text, self.purpose) if text else text)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open on the way out."""
        told = super().from_db_value(value, expression, connection)
        if _AS_STORED.get():
            return told
        return _each_text(told, self.keys, lambda text: opened(text, self.purpose))


def _each_text(value: Any, keys: tuple[str, ...], change: Callable[[str], str]) -> Any:
    """The same JSON with the texts under ``keys`` changed; what has none is given back as it is."""
    # Looking into everything below took 15 µs a row of an import, this takes one.
    told = [k for k in keys if k in value] if isinstance(value, dict) else ()
    return value | {k: _every(value[k], change) for k in told} if told else value


def _every(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    return [_every(v, change) for v in value] if isinstance(value, list | tuple) else value


def opened(text: str, purpose: str) -> str:
    """The plain text of a sealed one; as it lies where the key does not fit, so that nothing is lost."""
    try:
        return unseal(text, purpose) if is_sealed(text) else text
    except BrokenSealError:
        return text


def closed(text: str, purpose: str) -> str:
    """Sealed; what could not be opened stays as it lay."""
    return text if is_sealed(text) else seal(text, purpose)


class EmptyOnly(Exact):
    """``= ''``; any other text would never be found."""

    def get_prep_lookup(self) -> Any:
        """Refuse what can never match."""
        if self.rhs not in ("", None):
            raise ValueError("a sealed column can only be asked whether it is empty")
        return self.rhs


def is_sealed(text: str) -> bool:
    """Whether a text looks like a sealed one."""
    suite, dot, body = text.partition(".")
    return bool(dot) and suite in SUITES and len(body) >= LEAST_BODY


def mark_of(text: str, purpose: str) -> str:
    """The same for the same text, and of no use without the installation's key; "" for ""."""
    if not text:
        return ""
    key = hashlib.sha256(f"yike:mark:{settings.SEAL_KEY}".encode()).digest()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()[:MARK_HEX]


def mark_of_digits(text: str, purpose: str) -> str:
    """The mark of a telephone number, however it is written; "" where there are no digits."""
    return mark_of(re.sub(r"\D", "", text), purpose)


class DigitsMarkField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """The mark of the digits in the column ``of``, set whenever its row is saved."""

    def __init__(self, *args: Any, of: str = "", purpose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": MARK_HEX, "blank": True, "editable": False} | kwargs)
        self.of, self.purpose = of, purpose

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "purpose": self.purpose}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Mark anew."""
        text = getattr(model_instance, self.of) or ""
        kept = str(getattr(model_instance, self.attname))
        mark = kept if is_sealed(text) else mark_of_digits(text, self.purpose)
        setattr(model_instance, self.attname, mark)
        return mark


def closed_columns() -> list[str]:
    """Sealed columns, in words, whose oldest or newest value the installation's key does not open."""
    columns = [
        (m, f) for m in apps.get_models() for f in m._meta.concrete_fields if isinstance(f, SealedField)
    ]
    with as_stored():
        return [f"{m._meta.verbose_name}的{f.verbose_name}" for m, f in columns if not _opens(m, f)]


def _opens(model: type[models.Model], field: SealedField) -> bool:
    held = model._default_manager.exclude(**{field.name: ""}).order_by("pk")
    ends = (held.values_list(field.name, flat=True).first(), held.values_list(field.name, flat=True).last())
    try:
        return all(unseal(text, field.purpose) is not None for text in ends if text and is_sealed(text))
    except BrokenSealError:
        return False
