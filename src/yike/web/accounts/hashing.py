"""How passwords are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """
    Argon2id with the costs of the OWASP password storage guide: 19 MiB, two rounds, one thread.

    Django's own costs (100 MiB, eight threads) keep a small server busy for a fifth of a second a sign-in;
    fifty people who come at nine would wait for one another.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
