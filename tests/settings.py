"""config.settings with what a test run needs different, and nothing else.

Child processes (a worker, a command) run on config.settings: see the fixture `child_environment`.
"""

import os

os.environ.setdefault("DEBUG", "1")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, VAR_DIR

# In this process nothing travels: what a test enqueues must not reach a worker of another test.
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all of them with every client
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

MAIL_UNDO_SECONDS = MAIL_COOLING_MINUTES = 0  # letters leave at the moment the test is at

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, so that child processes reach it; named by process, so that two runs do not.
    (VAR_DIR / "tests").mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests" / f"{os.getpid()}.sqlite3")}
else:
    # Many people at once are threads of this one process.
    DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 40
    # Tests kill processes and never the machine: no commit need wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
