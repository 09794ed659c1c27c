"""Django's settings. What differs between installations comes from the environment; the rest is fixed."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from yike.web.accounts.limits import sign_in_limits
from yike.web.config.paths import data_folder, secret_of

DATA = data_folder()
SECRET_KEY = secret_of(DATA, "secret.key")
SEAL_KEY = secret_of(DATA, "seal.key")  # opens what accounts.secrets has sealed; keep it apart from backups
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("YIKE_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "yike.web.ui",
    "yike.web.accounts",
    "yike.web.audit",
    "yike.web.jobs",
    "yike.web.personal",
    "yike.web.regions",
    "yike.web.units",
    "yike.web.outlets",
    "yike.web.voices",
    "yike.web.analyses",
    "yike.web.returns",
    "yike.web.publicmap",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yike.web.ui.policy.ContentPolicy",
    "yike.web.ui.sizes.BodySizes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yike.web.accounts.gate.Gate",
    "yike.web.ui.faults.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "yike.web.config.urls"
WSGI_APPLICATION = "yike.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yike.web.accounts.context.desk",
            ],
        },
    }
]

# Writers queue instead of failing: with deferred transactions 85 % of racing writers found it locked.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-65536;",
}
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA / 'yike.sqlite3'}", conn_max_age=600, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("YIKE_TEST_SQLITE") or str(DATA / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = [  # the first makes new ones; the other reads those of before, until the next sign-in
    "yike.web.accounts.hashing.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": sign_in_limits().password_least},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/desk/"
CSRF_FAILURE_VIEW = "yike.web.ui.faults.stale_form"
SESSION_COOKIE_AGE = int(sign_in_limits().session.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if os.environ.get("YIKE_HTTPS") == "1":  # a proxy in front speaks HTTPS and says so in the header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS if h != "*"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # ui.policy sends it, over HTTPS

MAP_REVIEW_NO = os.environ.get("YIKE_MAP_REVIEW_NO", "")  # 审图号, shown on every map

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(DATA) / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise looks into it at the start
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_TEMP_DIR = None

# What goes wrong is told on the server's own screen; requests themselves are not logged, they carry names.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"screen": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["screen"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["screen"], "level": "ERROR", "propagate": False}},
}
