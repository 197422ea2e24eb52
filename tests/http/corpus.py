"""The cases of HTTP that stand outside the project, and the judge that comes with them."""

import base64
import importlib.util
import json
import os
import random
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.http.serving import ROOT

CORPORA = Path(os.environ.get("CONDUIT_CORPORA") or ROOT.parent / "shared" / "corpora")
RUNNER = CORPORA / "run_http_cases.py"
needs_corpora = pytest.mark.skipif(
    not RUNNER.exists(), reason="the corpora are not here: set CONDUIT_CORPORA"
)

_TOKENS = (
    b"\r\n", b"\r", b"\n", b"\0", b":", b"\t", b" ", b";", b",", b"chunked", b"0", b"-", b"+", b"\x0b",
    b"\xa0",
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: 3\r\n", b"Host: b\r\n", b"%00", b"/../", b"//", b"?",
)  # fmt: skip


def runner() -> Any:
    """The corpus's own runner, as a module."""
    spec = importlib.util.spec_from_file_location("run_http_cases", RUNNER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((CORPORA / "http_cases.json").read_text("utf-8"))["cases"]
    return found


def raw_of(case: dict[str, Any]) -> bytes:
    if "raw_b64" in case:
        return base64.b64decode(case["raw_b64"])
    return zlib.decompress(base64.b64decode(case["raw_z64"]))


def mutants(count: int, seed: int) -> list[tuple[str, bytes, bool]]:
    """``count`` cases with one to three faults each, made as ``diff_http.py`` makes them."""
    dice = random.Random(seed)
    plain = [case for case in cases() if "raw_b64" in case]
    made = []
    for number in range(count):
        case = dice.choice(plain)
        raw = mutated(base64.b64decode(case["raw_b64"]), dice)
        made.append((f"{number}:{case['id']}", raw, raw.lstrip(b"\r\n").startswith(b"HEAD ")))
    return made


def mutated(raw: bytes, dice: random.Random) -> bytes:
    found = bytearray(raw)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        kind = dice.randrange(5)
        at = dice.randrange(len(found) + 1) if found else 0
        if kind == 0 and found:
            del found[min(at, len(found) - 1)]
        elif kind == 1 and found:
            found[min(at, len(found) - 1)] = dice.randrange(256)
        elif kind == 2:
            found[at:at] = dice.choice(_TOKENS)
        elif kind == 3 and len(found) > 2:
            end = min(len(found), at + dice.randrange(1, 8))
            found[at:at] = found[at:end]
        else:
            found[at:at] = bytes([dice.randrange(256)])
    return bytes(found)


def in_memory(dist: Path, http: str, jobs: list[dict[str, Any]]) -> list[list[Any]]:
    """What ``memory.py`` tells of the jobs, bytes decoded."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("memory.py")), str(dist), http],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        cwd=dist,
        env={**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: list[list[Any]] = json.loads(done.stdout.splitlines()[-1])
    return [[[base64.b64decode(one[0]), *one[1:]] for one in job] for job in found]


def job(raw: bytes, cuts: Any = ()) -> dict[str, Any]:
    return {"raw": base64.b64encode(raw).decode(), "cuts": list(cuts)}


def seen(module: Any, written: bytes, head: bool, closed: bool) -> dict[str, Any]:
    """A connection as the judge wants it."""
    answers, rest = module.parse(written, head)
    final = [one for one in answers if one[0] >= 200 or one[0] == 101]
    return {
        "fin": final,
        "oks": [one for one in final if one[0] < 400],
        "errs": [one for one in final if one[0] >= 400],
        "closed": closed,
        "rest": rest,
    }
