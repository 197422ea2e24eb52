"""Builds killed at random moments: the old tree or the new one, nothing beside it, nobody left at work."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conduitc import output
from tests.build.trees import SOAK, beside, build_command, conduitc, tree
from tests.cli.servers import environment, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
APP = 'from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get("/{}")\ndef index():\n    return "old"\n'


def at_work(sign: str) -> list[int]:
    """Processes whose environment says that they are of that build."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if sign.encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("target", "kills"), [("python", 100 if SOAK else 4), ("cython", 20 if SOAK else 1)])
def test_killed_at_random_moments(tmp_path: Path, target: str, kills: int) -> None:
    seed = random.Random(target)
    sources = {name: tmp_path / name / "app.py" for name in ("old", "new")}
    trees = {}
    for name, source in sources.items():
        source.parent.mkdir()
        source.write_text(APP.format(name))
        start = time.monotonic()
        done = conduitc("build", source, "-o", name + "-dist", "--target", target, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        length = time.monotonic() - start
        trees[name] = tree(tmp_path / f"{name}-dist")
    dist = tmp_path / "out" / "dist"
    shutil.copytree(tmp_path / "old-dist", dist)
    (tmp_path / "temporary").mkdir()
    killed = 0
    while killed < kills:
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        given = {
            **environment(),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "TMPDIR": str(tmp_path / "temporary"),
        }
        command = build_command(sources[seed.choice(("old", "new"))], dist, "--target", target)
        process = subprocess.Popen(command, env=given, stderr=subprocess.PIPE, text=True)
        time.sleep(seed.uniform(0, length * 1.1))
        process.send_signal(signal.SIGKILL)
        _, said = process.communicate()
        assert said == "" and process.returncode in (0, -signal.SIGKILL)
        killed += process.returncode != 0
        assert tree(dist) in trees.values()
        until(lambda: not at_work(f"TMPDIR={tmp_path}/temporary"))
        output.check_folder(dist)
        assert beside(dist) == set()
    done = conduitc("build", sources["new"], "-o", dist, "--target", target, folder=tmp_path)
    assert done.returncode == 0 and tree(dist) == trees["new"]


@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_the_compilers_process_ends_with_who_started_it(tmp_path: Path) -> None:
    """Also where it is busy itself: here Cython, before there is a C compiler."""
    (tmp_path / "app.py").write_text(APP.format(""))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    given = {**environment(), "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(temporary)}
    command = build_command(tmp_path / "app.py", tmp_path / "dist", "--target", "cython", "-j", "1")
    process = subprocess.Popen(command, env=given)
    until(lambda: any(temporary.glob(".conduitc-*/*.pyx")) or process.poll() is not None)
    assert process.poll() is None or not at_work(str(temporary))
    process.kill()
    process.wait()
    until(lambda: not at_work(f"TMPDIR={temporary}"))
    assert not any(temporary.glob(".conduitc-*/*.so"))
