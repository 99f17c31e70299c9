"""The one settings file. Every value comes from the environment through a strict reader or stands here with its reason."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from mydata import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# -- Where it runs ----------------------------------------------------------------------------------------------------
PROFILE = environment.choice("MYDATA_PROFILE", "sandbox", ("sandbox", "production"))
SANDBOX = PROFILE == "sandbox"
PORT = environment.port("MYDATA_PORT", 8000)
SANDBOX_PORT = environment.port("MYDATA_SANDBOX_PORT", 9000)
SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
ISSUER = environment.text("MYDATA_ISSUER", f"http://127.0.0.1:{PORT}").rstrip("/")
# Whose word on who called is believed; unset, nobody's. (mydata.gunicorn_conf reads it for the scheme.)
PROXIES = environment.networks("MYDATA_PROXIES")

# -- What it writes, and where ----------------------------------------------------------------------------------------
DATA_DIR = environment.path("MYDATA_DATA_DIR", BASE_DIR / "var")
SPOOL_DIR = DATA_DIR / "spool"
SECRETS_DIR = environment.path("MYDATA_SECRETS_DIR", BASE_DIR / "var-secrets")
TRUST_DIR = environment.path("MYDATA_TRUST_DIR", SECRETS_DIR / "trust")
KEY_URL = os.environ.get("MYDATA_KEY_URL", "")
KEY_DIR = environment.path(
    "MYDATA_KEY_DIR",
    Path(f"/dev/shm/mydata-{os.getuid()}-{hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:12]}"),  # noqa: S108 - memory, not a temporary directory
)
NOTICE_DIR = environment.path("MYDATA_NOTICE_DIR", DATA_DIR) if os.environ.get("MYDATA_NOTICE_DIR") else None

# -- How long (seconds) -----------------------------------------------------------------------------------------------
PARCEL_TTL = environment.seconds("MYDATA_PARCEL_TTL", 28800)
CODE_TTL = environment.seconds("MYDATA_CODE_TTL", 1200)
OTP_TTL = environment.seconds("MYDATA_OTP_TTL", 120)
RESUME_WINDOW = environment.seconds("MYDATA_RESUME_WINDOW", 120)
SWEEP_EVERY = environment.seconds("MYDATA_SWEEP_EVERY", 5)
VERIFICATION_TTL = 600
DRAFT_TTL = 1800
SESSION_IDLE = 900
SESSION_ABSOLUTE = 3600

# -- Who vouches for whom: addresses of the authorities; their keys are pinned in TRUST_DIR ------------------------------
AUTHORITIES = {
    "ca": environment.text("MYDATA_CA_URL", f"{SANDBOX_URL}/authorities/ca" if SANDBOX else ""),
    "health_insurance": environment.text(
        "MYDATA_HEALTH_INSURANCE_URL", f"{SANDBOX_URL}/authorities/health-insurance" if SANDBOX else ""
    ),
    "household": environment.text("MYDATA_HOUSEHOLD_URL", f"{SANDBOX_URL}/authorities/household" if SANDBOX else ""),
}
CARD_COMPONENT = environment.text("MYDATA_CARD_COMPONENT", SANDBOX_URL if SANDBOX else "http://127.0.0.1:16888")

# -- How citizens are told ---------------------------------------------------------------------------------------------
NOTICE_BACKENDS = environment.text("MYDATA_NOTICE_BACKENDS", "post" if SANDBOX else "").split(",")
SMTP_URL = environment.address("MYDATA_SMTP_URL", ("smtp+starttls", "smtps", "smtp"))
MAIL_FROM = environment.text("MYDATA_MAIL_FROM", "")
SMS_URL = environment.address("MYDATA_SMS_URL", ("https", "http"))
NOTICE_POST_URL = f"{SANDBOX_URL}/post"

# -- Django ------------------------------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY_FILE = SECRETS_DIR / "session"
HTTPS = ISSUER.startswith("https://")
ALLOWED_HOSTS = environment.text("MYDATA_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
ROOT_URLCONF = "mydata.urls"
WSGI_APPLICATION = "mydata.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "audit",
    "identity",
    "dataproviders",
    "consent",
    "personal_cloud",
    "portal",
    "portal.notices",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.problems.TraceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.design.language.SpokenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "identity.gates.SessionGate",
    "portal.design.voices.ChineseVoice",
    "portal.problems.ProblemMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "portal.design.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.design.tags"],
        },
    }
]

DATABASES = {"default": environment.database("DATABASE_URL", DATA_DIR / "portal.sqlite3")}

# Sign-in is a row, so that ending one is one delete; the cookie carries nothing but its random name.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "mydata_session" if SANDBOX else "__Host-session"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "mydata_csrf" if SANDBOX else "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "portal.problems.csrf_failed"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "mydata_language" if SANDBOX else "__Host-language"
USE_TZ = True
TIME_ZONE = "Asia/Taipei"

STATIC_DIR = BASE_DIR / "static"
STATICFILES_DIRS = [STATIC_DIR]
# Where the image's build collected them; without it they are found where they stand.
STATIC_ROOT = environment.path("MYDATA_STATIC_ROOT", DATA_DIR) if os.environ.get("MYDATA_STATIC_ROOT") else None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = False
# All of it may be kept for ever: a changed file changes the address, STATIC_URL at the end of this file.
WHITENOISE_IMMUTABLE_FILE_TEST = "."

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.SessionCookie"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.Nobody"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.errors.answer",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MyData portal",
    "DESCRIPTION": "個人化資料自主運用: the acts of the portal's pages, for programs.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVERS": [{"url": "/api/v1"}],
}

# -- The queue: unset, the worker and the beat live inside the portal process -------------------------------------------
REDIS_URL = os.environ.get("REDIS_URL", "")
EMBEDDED_WORKER_THREADS = 16

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own request log would print the path and, on errors, frames with values.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL"},
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
    },
}


def _secret_key() -> str:
    """Return Django's key from the secrets directory; in the sandbox profile it is made on first use."""
    if not SECRET_KEY_FILE.exists():
        if not SANDBOX:
            message = "production needs its own 'session' key in MYDATA_SECRETS_DIR"
            raise ImproperlyConfigured(message)
        SECRET_KEY_FILE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(os.urandom(32))
        except FileExistsError:
            pass
    return SECRET_KEY_FILE.read_bytes().hex()


def _digest_of(folder: Path) -> str:
    """Return a short name for the files below a folder as they are now: names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _refuse_unfit_production() -> None:
    """Refuse to start `production` with the sandbox's parts. Raises ImproperlyConfigured."""
    problems = [
        (not HTTPS, "MYDATA_ISSUER must be an https address"),
        (not all(AUTHORITIES.values()), "every authority needs its address"),
        (
            any("127.0.0.1" in url or "localhost" in url for url in AUTHORITIES.values()),
            "an authority is the sandbox's",
        ),
        (not KEY_URL and not str(KEY_DIR).startswith(("/dev/shm/", "/run/")), "the key directory must be in memory"),  # noqa: S108 - memory
        (KEY_DIR.is_relative_to(DATA_DIR), "the key directory is on the data volume"),
        (SECRETS_DIR.is_relative_to(DATA_DIR), "the secrets are on the data volume"),
        ("" in NOTICE_BACKENDS or "post" in NOTICE_BACKENDS, "MYDATA_NOTICE_BACKENDS names no real channel"),
        (
            "console" not in NOTICE_BACKENDS and not {"smtp", "sms"} <= set(NOTICE_BACKENDS),
            "MYDATA_NOTICE_BACKENDS needs both smtp and sms",
        ),
        (
            "smtp" in NOTICE_BACKENDS and not (SMTP_URL.startswith(("smtps:", "smtp+starttls:")) and MAIL_FROM),
            "smtp needs MYDATA_SMTP_URL with TLS, and MYDATA_MAIL_FROM",
        ),
        ("sms" in NOTICE_BACKENDS and not SMS_URL.startswith("https:"), "sms needs MYDATA_SMS_URL with https"),
    ]
    wrong = "; ".join(sentence for is_wrong, sentence in problems if is_wrong)
    if wrong:
        raise ImproperlyConfigured(wrong)


DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = _secret_key()
STATIC_URL = f"/static/{_digest_of(STATIC_DIR)}/"
if not SANDBOX:
    _refuse_unfit_production()
