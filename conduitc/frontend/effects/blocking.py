"""Calls known to block, and what to write instead in async code.

``blocking(name)`` takes the full name of a call outside the project.
"""

_THREAD = "make the handler a plain `def`, which runs in a thread, or `await asyncio.to_thread(...)`"
_HTTP = "use `httpx.AsyncClient` and await it, or make the handler a plain `def`"
_DATABASE = "use an asynchronous driver, or make the handler a plain `def`, which runs in a thread"
_SOCKET = "use `asyncio.open_connection`, or make the handler a plain `def`"
_PROCESS = "use `asyncio.create_subprocess_exec`, or make the handler a plain `def`"

#: Whole modules and single names, by the longest prefix that fits.
_HELP: dict[str, str] = {
    "time.sleep": "write `await asyncio.sleep(...)`",
    "builtins.open": _THREAD, "builtins.input": _THREAD, "io.open": _THREAD, "tempfile": _THREAD,
    "glob": _THREAD, "shutil": _THREAD, "fileinput": _THREAD, "getpass.getpass": _THREAD,
    "select.select": _THREAD, "queue.Queue.get": "use `asyncio.Queue`", "webbrowser.open": _THREAD,
    "requests": _HTTP, "urllib.request": _HTTP, "urllib3": _HTTP, "http.client": _HTTP,
    "socket": _SOCKET, "ssl": _SOCKET, "smtplib": _THREAD, "ftplib": _THREAD, "imaplib": _THREAD,
    "poplib": _THREAD, "telnetlib": _THREAD, "paramiko": _THREAD,
    "subprocess": _PROCESS, "pty.spawn": _PROCESS,
    "sqlite3": _DATABASE, "psycopg2": _DATABASE, "psycopg.connect": _DATABASE, "pymysql": _DATABASE,
    "MySQLdb": _DATABASE, "pymongo": _DATABASE, "boto3": _DATABASE, "redis.Redis": _DATABASE,
    "redis.StrictRedis": _DATABASE, "redis.from_url": _DATABASE, "cx_Oracle": _DATABASE, "pyodbc": _DATABASE,
    "psycopg2.extras": _DATABASE, "memcache": _DATABASE,
    **{f"httpx.{name}": _HTTP for name in (
        "Client", "delete", "get", "head", "options", "patch", "post", "put", "request", "stream",
    )},
    **{f"os.{name}": _PROCESS for name in ("popen", "system", "wait", "waitpid")},
    **{f"os.{name}": _THREAD for name in (
        "access", "chmod", "chown", "fdopen", "fsync", "link", "listdir", "lstat", "makedirs", "mkdir",
        "open",
        "path.exists", "path.getmtime", "path.getsize", "path.isdir", "path.isfile", "path.islink",
        "path.realpath", "path.samefile", "read", "readlink", "remove", "removedirs", "rename", "renames",
        "replace", "rmdir", "scandir", "stat", "symlink", "truncate", "unlink", "utime", "walk", "write",
    )},
    **{f"pathlib.Path.{name}": _THREAD for name in (
        "chmod", "cwd", "exists", "expanduser", "glob", "hardlink_to", "home", "is_dir", "is_file",
        "is_symlink",
        "iterdir", "lstat", "mkdir", "open", "read_bytes", "read_text", "readlink", "rename", "replace",
        "resolve", "rglob", "rmdir", "samefile", "stat", "symlink_to", "touch", "unlink", "walk",
        "write_bytes",
        "write_text",
    )},
}  # fmt: skip

#: Of blocking modules, what only computes.
_HARMLESS = (
    "http.client.responses", "requests.exceptions", "socket.AF_", "socket.SOCK_", "socket.error",
    "socket.gaierror",
    "socket.timeout", "sqlite3.Error", "sqlite3.IntegrityError", "sqlite3.OperationalError", "ssl.SSLError",
    "subprocess.CalledProcessError", "subprocess.PIPE", "subprocess.TimeoutExpired", "urllib.request.Request",
    "sqlite3.Row",
)  # fmt: skip


def blocking(name: str) -> str | None:
    """What to do instead of calling ``name``, where that blocks; else None."""
    if name.startswith(_HARMLESS):
        return None
    prefix = name
    while prefix:
        help_ = _HELP.get(prefix)
        if help_ is not None:
            return help_
        prefix = prefix.rpartition(".")[0]
    return None


#: What cannot be proven for a reason worth telling, by its module.
REASONS = {
    "asyncio": "touches asyncio", "anyio": "touches anyio", "sniffio": "touches sniffio",
    "contextvars": "touches contextvars", "decimal.getcontext": "touches contextvars",
    "decimal.localcontext": "touches contextvars", "decimal.setcontext": "touches contextvars",
    "threading": "touches threads", "multiprocessing": "touches processes", "logging": "writes a log",
    "builtins.print": "writes to the standard output", "conduit.File": "looks at the disk",
}  # fmt: skip


def reason(name: str) -> str:
    """Why a call of ``name`` is not proven."""
    known = REASONS.get(name) or REASONS.get(name.partition(".")[0])
    shown = name.removeprefix("builtins.")
    return f"{shown} {known}" if known else f"{shown} is not known not to block"
