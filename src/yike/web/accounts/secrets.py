"""
Small texts that must not be read in a copied database: sealed with a key that lies outside of it.

AES-256-GCM; the key is derived from a file of the data folder (``SEAL_KEY`` in the settings). A sealed text
begins with the name of its suite, so that another cipher can be added beside the first: ``SUITES["s2"] = …``.
The purpose is bound in: what was sealed for one purpose does not open for another.

Example: ``unseal(seal("JBSWY3DP", "totp:7"), "totp:7") == "JBSWY3DP"``
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class Cipher(Protocol):
    """Authenticated encryption."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Encrypt."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Decrypt; raises InvalidTag."""


SUITES: dict[str, Callable[[bytes], Cipher]] = {"s1": AESGCM}
SUITE = "s1"


class BrokenSealError(ValueError):
    """The text was changed, sealed with another key, or for another purpose."""


def seal(text: str, purpose: str) -> str:
    """The text, readable only with the installation's key and for the same purpose."""
    nonce = os.urandom(NONCE_BYTES)
    body = _cipher(SUITE, settings.SEAL_KEY).encrypt(nonce, text.encode(), purpose.encode())
    return f"{SUITE}.{base64.urlsafe_b64encode(nonce + body).decode()}"


def unseal(sealed: str, purpose: str) -> str:
    """
    The text again.

    Raises
    ------
    BrokenSealError
        It cannot be opened.
    """
    suite, _, body = sealed.partition(".")
    try:
        raw = base64.urlsafe_b64decode(body)
        cipher = _cipher(suite, settings.SEAL_KEY)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as wrong:
        raise BrokenSealError(purpose) from wrong


@lru_cache(maxsize=8)
def _cipher(suite: str, secret: str) -> Cipher:
    # The file holds 48 random bytes as text: nothing to stretch, one hash per suite keeps the keys apart.
    return SUITES[suite](hashlib.sha256(f"yike:{suite}:{secret}".encode()).digest())
