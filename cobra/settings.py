"""All settings, from the environment, safe by default. The names are listed in the README."""

import os
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from cobra import addresses
from cobra.logs import logging_settings
from cobra.media import origin, storage
from cobra.rates import Rate, duration
from cobra.secrets import secret_key

# Lets `ModelAdmin[Post]` be written, which the type checker wants and Django itself does not know.
django_stubs_ext.monkeypatch()

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything the running site writes: database, key, collected files. Ignored by git.
VAR_DIR = addresses.folder(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK)
PORT = addresses.port(env.str("PORT", default="8000"))
IS_PUBLIC = any(host not in LOOPBACK for host in ALLOWED_HOSTS)
IS_EMBEDDED = "DATABASE_URL" not in os.environ
SITE_URL = addresses.site(
    env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if IS_PUBLIC else f"http://localhost:{PORT}")
)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SECRET_KEY = secret_key(VAR_DIR, may_be_made=IS_EMBEDDED and not IS_PUBLIC)

# --- Parts ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "board",
    "rooms",
    "accounts",
    "cobra",
    "whitenoise.runserver_nostatic",
    "accounts.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "cobra.apps.StaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_eventstream",
    "django_htmx",
    "ninja",
    "taggit",
]
# Sign-in by GitHub: with both of its keys there are its addresses and buttons, else there are none.
GITHUB = {name: env.str(f"GITHUB_CLIENT_{name.upper()}", default="") for name in ("id", "secret")}
HAS_GITHUB = all(GITHUB.values())
if HAS_GITHUB:
    INSTALLED_APPS.append("allauth.socialaccount.providers.github")

MIDDLEWARE = [
    "cobra.middleware.request_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cobra.middleware.reader_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "cobra.middleware.MembersOnlyMiddleware",
]

ROOT_URLCONF = "cobra.urls"
ASGI_APPLICATION = "cobra.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.ease.ease",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "cobra.templatetags.look",
                "rooms.templatetags.reading",
            ],
        },
    }
]
FORM_RENDERER = "cobra.forms.FieldRenderer"

# --- Data ----------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOCK_TIMEOUT = 5  # seconds somebody waits for SQLite's write lock before hearing 503; PostgreSQL has its `lock_timeout`

SQLITE_OPTIONS = {
    # Every atomic() takes the write lock at its start: without it a third of concurrent sends fail as "locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": LOCK_TIMEOUT,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-8000;"
    ),
}

DATABASES = {"default": addresses.database(env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'cobra.sqlite3'}"))}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = SQLITE_OPTIONS
    _database["CONN_MAX_AGE"] = None
    # Threads of a server cannot share an in-memory database without "table is locked".
    _database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    from cobra import postgres

    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), **postgres.OPTIONS}

# The same for all processes of this site and no other: what it calls its own in a Redis that others use as well.
SITE_KEY = "cobra-" + salted_hmac("cobra.site", str(_database["NAME"]), SECRET_KEY, algorithm="sha256").hexdigest()[:12]
REDIS_URL = addresses.redis(env.str("REDIS_URL", default=""))
CACHES = {
    "default": (
        {"BACKEND": "cobra.cache.SharedCache", "LOCATION": REDIS_URL, "KEY_PREFIX": SITE_KEY}
        if REDIS_URL
        # What is in it are counts of attempts: thrown away early, they would let more in.
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    )
}

# --- Languages -----------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
# The second rewords what Django and allauth say; makemessages writes to the first only.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "upstream"]
TIME_ZONE = "Asia/Seoul"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_SOURCES = BASE_DIR / "static"
STATICFILES_DIRS = [("img", STATIC_SOURCES / "img")]
# Source maps are for a debugger only; compressing them took most of the time of collecting.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # no page asks for the others
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
STATICFILES_FINDERS = [
    "cobra.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": storage(env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage")),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # People's downloads of all that is theirs: at no address, read by one view for its owner alone.
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "exports",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = env.str("MEDIA_URL", default="/media/")
# Where pictures come from another host, pages may show what is there.
_media = origin(MEDIA_URL)

# --- Safety --------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, *([_media] if _media else [])],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    # The button of a sign-in by GitHub is a form, and browsers hold the redirect that follows to this as well.
    "form-action": [CSP.SELF, *(["https://github.com"] if HAS_GITHUB else [])],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cobra.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Mail ----------------------------------------------------------------------------------------

MAIL_URL = env.str("MAIL_URL", default="consolemail://")
MAIL_FROM = env.str("MAIL_FROM", default=f"Cobra Space <no-reply@{urlsplit(SITE_URL).hostname}>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# Where people write to who object to what the staff did, or have found a hole.
CONTACT_MAIL = env.str("CONTACT_MAIL", default=parseaddr(MAIL_FROM)[1])
MAILERS = {"default": addresses.mail(MAIL_URL)}
HAS_OUTGOING_MAIL = not MAILERS["default"]["BACKEND"].endswith(("console.EmailBackend", "dummy.EmailBackend"))
# Slow work never runs on the threads that answer requests.
TASKS = {"default": {"BACKEND": "cobra.tasks.ThreadBackend"}}

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "board:post_list"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.signup.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "EMAIL_VERIFICATION",
    default="mandatory" if HAS_OUTGOING_MAIL else "optional",
    choices=("mandatory", "optional", "none"),
)
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION == "mandatory"
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # the server has put who asks where allauth looks then, whatever proxies there are
ACCOUNT_FORMS = {"reauthenticate": "accounts.forms.second_factor.AskedPasswordForm"}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.AskedCodeForm",
    "reauthenticate": "accounts.forms.second_factor.AskedAgainCodeForm",
    "activate_totp": "accounts.forms.second_factor.FirstCodeForm",
    "add_webauthn": "accounts.forms.second_factor.PasskeyForm",
    "edit_webauthn": "accounts.forms.second_factor.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PUBLIC
MFA_TOTP_ISSUER = "Cobra Space"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds a telephone's clock may be off
# Where nobody's address is ever confirmed, a second factor cannot wait for it.
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write on every page a member reads
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAdapter"
# The form is shown to everybody: it names the nickname to be, and says who may find them by e-mail.
SOCIALACCOUNT_AUTO_SIGNUP = False
_github = {"client_id": GITHUB["id"], "secret": GITHUB["secret"], "key": ""}
SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": [_github], "SCOPE": ["user:email"]}} if HAS_GITHUB else {}
if (AUTH_RATE := env.str("AUTH_RATE", default="")) == "0":
    ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False
    MFA_RATE_LIMITS = False
elif AUTH_RATE and Rate.parse(AUTH_RATE):  # allauth reads it only when somebody signs in
    ACCOUNT_RATE_LIMITS = dict.fromkeys(("login", "signup", "reset_password"), f"{AUTH_RATE}/ip")

# The JSON API's tokens. Each belongs to a session, so that whatever ends the session ends the token; allauth's own
# addresses for them are not open, `accounts.tokens` asks its views.
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy"  # noqa: S105  a class
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_PRIVATE_KEY = salted_hmac("cobra.tokens", "jwt", SECRET_KEY, algorithm="sha256").hexdigest()
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 5 * 60  # seconds
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = 24 * 60 * 60
HEADLESS_JWT_ROTATE_REFRESH_TOKEN = True
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True

# --- Limits --------------------------------------------------------------------------------------

try:
    LINE_RATE = Rate.parse(env.str("LINE_RATE", default="20/10s"))
    POST_RATE = Rate.parse(env.str("POST_RATE", default="5/10m"))
    SEARCH_RATE = Rate.parse(env.str("SEARCH_RATE", default="60/1m"))
    STREAM_RATE = Rate.parse(env.str("STREAM_RATE", default="30/1m"))
    # Until somebody has been here for so long they speak more slowly, and what they link to is looked at first.
    NEWCOMER_FOR = duration(env.str("NEWCOMER_FOR", default="1d"))
    NEWCOMER_LINE_RATE = Rate.parse(env.str("NEWCOMER_LINE_RATE", default="6/1m"))
    NEWCOMER_LINKS = env.str("NEWCOMER_LINKS", default="hold")
    # So long nobody says the same long thing twice.
    REPEAT_FOR = duration(env.str("REPEAT_FOR", default="10m"))
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
if NEWCOMER_LINKS not in ("hold", "allow"):
    raise ImproperlyConfigured("NEWCOMER_LINKS is hold or allow.")

# --- Live ----------------------------------------------------------------------------------------

# Pushpin, which then holds the streams of rooms (`cobra.grip`).
EDGE_URL = env.str("GRIP_URL", default="")
EVENTSTREAM_STORAGE_CLASS = "rooms.doorbell.LogStorage"
EVENTSTREAM_CHANNELMANAGER_CLASS = "rooms.doorbell.RoomChannels"

# --- Tags ----------------------------------------------------------------------------------------

TAGGIT_TAGS_FROM_STRING = "board.tags.split_tags"

SITE_NAME = _("Cobra Space")
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
try:
    LOGGING = logging_settings(LOG_FORMAT)
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
# What Prometheus says as its bearer token; without it there is no /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
