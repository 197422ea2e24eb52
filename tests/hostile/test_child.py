"""The process that runs libcst ends with the one that asked."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHILD = Path(__file__).parents[2] / "conduitc/frontend/rewrite_child.py"
PARENT = """\
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-I", sys.argv[1]], stdin=int(sys.argv[2]))
print(child.pid, flush=True)
sys.stdin.readline()
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the CPU limit ends it elsewhere")
def test_it_ends_with_its_parent() -> None:
    reading, writing = os.pipe()  # held here, so that the child waits for its work for ever
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(CHILD), str(reading)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=[reading],
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        while "rewrite_child" not in _command(pid):
            time.sleep(0.01)
        time.sleep(0.5)  # past its first lines
        parent.communicate("\n")
    while _command(pid):
        time.sleep(0.01)
    os.close(reading)
    os.close(writing)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
