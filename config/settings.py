"""One file of settings, fed by the environment. `docs/operations.md` lists every variable."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.schedule import SCHEDULE
from config.theme import UNFOLD as THEME

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text, or DEBUG=1 for a trial here.")
    SECRET_KEY = "not-a-secret-only-for-a-trial-on-this-machine"  # noqa: S105
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEMO = env.bool("DEMO", default=False)

# Every link in a letter starts with SITE_URL; the Host header of a request is never trusted for that.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
HTTPS = SITE_URL.startswith("https://")

FIRM_NAME = env.str("FIRM_NAME", default="Northgate Travel")
# Stands at the head of letters on paper; lines divided by semicolons.
FIRM_ADDRESS = [line.strip() for line in env.str("FIRM_ADDRESS", default="").split(";") if line.strip()]
FIRM_PHONE = env.str("FIRM_PHONE", default="0800 000 000")
FIRM_POLICY_PACK = env.str("FIRM_POLICY_PACK", default="house")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "djmoney",
    "simple_history",
    "csp",
    "config",
    "complaints.policies",
    "complaints.mailroom",
    "complaints.resolution",
    "complaints.intake",
    "complaints.followups",
    "escalations",
    "reporting",
    "complaints.desk",
]

MIDDLEWARE = [
    # First, so that every answer carries the headers, refusals and error pages included.
    "config.security.PolicyMiddleware",
    "config.security.ClientAddress",
    "config.security.OneAlphabet",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'redress.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # IMMEDIATE: a deferred transaction that reads, then writes, cannot wait for its turn and fails instead.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 10}
    # Compiling a report's query takes longer than running it.
    DATABASES["default"]["OPTIONS"] = {"pool": pool, "options": "-c jit=off"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": env.cache_url("CACHE_URL", default=REDIS_URL)}
if "redis" in CACHES["default"]["BACKEND"].lower():
    CACHES["default"]["BACKEND"] = "config.caching.ForgivingCache"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/London")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
# The image runs collectstatic with STATIC_MANIFEST=1 and serves with it; without, files come from the apps.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=False)
STATIC_ROOT = BASE_DIR / "staticfiles" if STATIC_MANIFEST else None
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# More files than the forms take: so that who chose forty pictures is told by the form, with all that was typed.
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Sieve",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# All that customers' pages take in documents within a day, whoever sends it.
DOCUMENTS_MB_A_DAY = env.int("DOCUMENTS_MB_A_DAY", default=5000)

_mail = env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://127.0.0.1:25")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"] or "127.0.0.1"
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"] or None
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"complaints@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Mailboxes that also take what is written to `mailbox+anything`: there answers and bounces name their letter.
MAIL_REPLY_ADDRESS = env.str("MAIL_REPLY_ADDRESS", default="")
MAIL_BOUNCE_ADDRESS = env.str("MAIL_BOUNCE_ADDRESS", default="")
IMAP_URLS = env.list("IMAP_URLS", default=[])
MAIL_SPOOL = env.str("MAIL_SPOOL", default="")
# What a colleague wrote can be taken back for so long.
MAIL_UNDO_SECONDS = env.int("MAIL_UNDO_SECONDS", default=60)
# What sounds heated lies longer, for its writer to cool off.
MAIL_COOLING_MINUTES = env.int("MAIL_COOLING_MINUTES", default=10)
# Letters that bring their own sheet along as a PDF.
MAIL_AS_PDF = env.list("MAIL_AS_PDF", default=[])
# A mailbox that gets a copy of every letter, and can be asked whether a doubtful one went.
MAIL_JOURNAL_ADDRESS = env.str("MAIL_JOURNAL_ADDRESS", default="")
MAIL_JOURNAL_URL = env.str("MAIL_JOURNAL_URL", default="")

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked by machines inside, where there is no TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# How many proxies of ours stand in front: so many addresses from the right of X-Forwarded-For are to be believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Only behind a proxy that strips this header from outside: whoever may set it may call plain HTTP secure.
if env.bool("TRUST_X_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # what the firm's other subdomains do is not ours to promise
    "security.W021",  # nor is the browsers' preload list
]
X_FRAME_OPTIONS = "DENY"
# Not no-referrer: browsers then send "Origin: null" with a form, which the CSRF check rightly refuses.
SECURE_REFERRER_POLICY = "same-origin"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handlers would print the same again, or only under DEBUG.
    # Whoever calls us by another name has been refused, all day long; that is no news.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Names every kind of bounce it tries on every mail.
        "flufl.bounce": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
    },
}

# Celery carries primary keys only; the database owns the work.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A web request rings the doorbell and goes on; the sweep finds the work when nobody heard it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    # kombu's default of 10 makes the look for a killed worker's tasks ten times rarer.
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
CELERY_BEAT_SCHEDULE = SCHEDULE

SIMPLE_HISTORY_REVERT_DISABLED = True

UNFOLD = THEME
