"""`build --watch` among others: two on one folder, one that is killed, saves that never end."""

import json
import os
import signal
import time
from hashlib import sha256
from pathlib import Path

import pytest

from conduitc.places import MARK
from tests.build.test_watch import save, watching
from tests.build.trees import beside
from tests.cli.servers import until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
KILLS = 30 if os.environ.get("CONDUIT_SOAK") else 4


def whole(dist: Path) -> list[str]:
    """The paths that one build holds, all of them and as it made them; fails for a mixture."""
    outputs = json.loads((dist / MARK).read_bytes())["outputs"]
    found = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()} - {MARK}
    assert found == set(outputs)
    for path, digest in outputs.items():
        assert sha256((dist / path).read_bytes()).hexdigest() == digest, path
    text = (dist / "src" / "app.py").read_text()
    paths = list(json.loads((dist / "openapi.json").read_bytes())["paths"])
    resources = json.loads((dist / "metadata.json").read_bytes())["resources"]
    assert [one["name"] for one in resources if one["kind"] == "route"] == [f"GET {paths[0]}"]
    assert f'"{paths[0]}"' in text
    return paths


def test_two_on_one_folder(tmp_path: Path) -> None:
    save(tmp_path, "0")
    (tmp_path / "log").mkdir()
    with watching(tmp_path) as one:
        one.built(1)
        (tmp_path / "watch.log").rename(tmp_path / "log" / "one")
        with watching(tmp_path) as two:
            two.built(1)
            for version in range(1, 6):
                save(tmp_path, str(version))
                until(lambda: f"/{version}" in (tmp_path / "dist/openapi.json").read_text(), two.said)  # noqa: B023
            two.built(6)
            until(lambda: (tmp_path / "log" / "one").read_text().count("watching app.py") >= 6, two.said)
            assert one.process.poll() is two.process.poll() is None
            assert "Traceback" not in two.said() + (tmp_path / "log" / "one").read_text()
    assert whole(tmp_path / "dist") == ["/5"]


def test_killed_while_somebody_saves(tmp_path: Path) -> None:
    """Whenever: a whole build of some version is there, and the next command sweeps up."""
    save(tmp_path, "0")
    version = 0
    for kill in range(KILLS):
        with watching(tmp_path) as watch:
            watch.built(1)
            version += 1
            save(tmp_path, str(version))
            until(lambda: "changed: app.py" in watch.said(), watch.said)
            time.sleep(kill % 10 / 100)  # somewhere in the build
            watch.process.send_signal(signal.SIGKILL)
            watch.process.wait()
        assert whole(tmp_path / "dist")[0] in {f"/{one}" for one in range(version + 1)}
    with watching(tmp_path) as watch:
        watch.built(1)
    assert whole(tmp_path / "dist") == [f"/{version}"]
    assert not [name for name in beside(tmp_path / "dist") if name.startswith(".conduitc-")]
