"""What both desks share. Values an operator may set come from `declarant.desk.configuration`."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from declarant.desk.configuration import Configuration
from declarant.desk.settings.sign_in import *  # noqa: F403 - settings are layered this way
from declarant.desk.settings.sign_in import providers
from declarant.desk.site import policy

DESK = Configuration.read(os.environ)
HERE = Path(__file__).resolve().parent.parent

SECRET_KEY = DESK.secret()
DEBUG = False
ALLOWED_HOSTS = (
    [DESK.host, "127.0.0.1", "localhost", "[::1]"] if not DESK.production else [DESK.host]
)
CSRF_TRUSTED_ORIGINS = [DESK.public_url]

INSTALLED_APPS = [
    "declarant.desk.site",
    "declarant.desk.accounts",
    "declarant.desk.audit",
    "declarant.desk.vault",
    "declarant.desk.work",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "declarant.desk.site.policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "declarant.desk.accounts.middleware.SignedInLongEnough",
    "declarant.desk.accounts.middleware.SecondFactorRequired",
    "declarant.desk.access.AccessMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "declarant.desk.site.context.desk",
            ],
        },
    }
]
FORM_RENDERER = "declarant.desk.site.forms.UswdsRenderer"

_sqlite = f"sqlite:///{DESK.home / 'desk.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DESK.database or _sqlite, conn_max_age=60)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # a writer takes its lock at once, so that none finds out at its end that it came too late
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # `change` opens the transaction of each change

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DESK.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files go to the vault
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
WHITENOISE_IMMUTABLE_FILE_TEST = policy.is_immutable

CACHES = {
    "default": {  # limits on attempts hold for all processes of a desk
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DESK.home / "cache",
    },
    "plots": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DESK.home / "plots",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},  # NIST SP 800-63B-4, 3.1.1.2
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SOCIALACCOUNT_PROVIDERS = providers(DESK)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not DESK.production  # localhost, without TLS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; idle sessions end earlier
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
for _name, _value in policy.SECURITY_SETTINGS.items():
    globals()[_name] = _value
if DESK.production:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for _name, _value in policy.PRODUCTION_SETTINGS.items():
        globals()[_name] = _value
CONTENT_SECURITY_POLICY = policy.CONTENT_SECURITY_POLICY

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if DESK.mail.host
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DESK.home / "mail"
EMAIL_HOST = DESK.mail.host or ""
EMAIL_PORT = DESK.mail.port
EMAIL_HOST_USER = DESK.mail.user
EMAIL_HOST_PASSWORD = DESK.mail.password
EMAIL_USE_TLS = DESK.mail.encryption == "starttls"
EMAIL_USE_SSL = DESK.mail.encryption == "tls"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = DESK.mail.sender

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"declarant": {"level": "INFO"}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
