"""The fuzzer of the parser: its corpus again, and mutants of it, under the sanitizers.

``CONDUIT_SOAK=1`` runs ten million. A finding prints the input that led to it, escaped as in ``corpus.txt``.
To keep what a run has grown: ``fuzz RUNS SEED corpus.new < corpus.txt``.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.fuzz.planted import PLANTED, SAMPLE
from tests.http.parser.written import cases

pytestmark = pytest.mark.native

HERE = Path(__file__).parent
HEADERS = HERE.parents[1] / "runtime" / "conduit" / "server"
CORPUS = HERE / "corpus.txt"
SOAK = bool(os.environ.get("CONDUIT_SOAK"))
RUNS = 10_000_000 if SOAK else 20_000
FLAGS = ["-std=gnu99", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
STRICT = {
    "ASAN_OPTIONS": "quarantine_size_mb=1:malloc_context_size=0:handle_abort=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}


def built(folder: Path, headers: Path = HEADERS) -> Path:
    """The fuzzer, around the parser in a folder."""
    compiler = [
        os.environ.get("CC", "cc"),
        *FLAGS,
        f"-I{headers}",
        f"-I{HERE}",
        "-Wall",
        "-Wextra",
        "-Werror",
    ]
    objects = [folder / "target.o", folder / "driver.o"]
    traced = ["-fsanitize-coverage=trace-pc"]
    for made, more in zip(objects, (traced, []), strict=True):
        subprocess.run([*compiler, *more, "-c", HERE / f"{made.stem}.c", "-o", made], check=True)
    subprocess.run([*compiler, *objects, "-o", folder / "fuzz"], check=True)
    return folder / "fuzz"


def run(fuzzer: Path, runs: int, seed: int, corpus: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [fuzzer, str(runs), str(seed), "-"],
        input=corpus,
        capture_output=True,
        env={**os.environ, **STRICT},
        check=False,
    )


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    probe = folder / "probe.c"
    probe.write_text(
        "#include <sanitizer/common_interface_defs.h>\n"
        "__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_pc(void) {}\n"
        "int main(void) { return 0; }\n"
    )
    flags = [*FLAGS, "-fsanitize-coverage=trace-pc", probe, "-o", folder / "probe"]
    made = subprocess.run([os.environ.get("CC", "cc"), *map(str, flags)], capture_output=True, check=False)
    if made.returncode or subprocess.run([folder / "probe"], capture_output=True, check=False).returncode:
        pytest.skip("the C compiler has no sanitizers with trace-pc")
    return built(folder)


def escaped(raw: bytes) -> bytes:
    names = {13: b"\\r", 10: b"\\n", 92: b"\\\\"}
    return b"".join(
        names.get(byte) or (bytes([byte]) if 32 <= byte < 127 else b"\\x%02x" % byte) for byte in raw
    )


def seeds() -> bytes:
    """The corpus, and the cases that stand beside the parser's tests."""
    return CORPUS.read_bytes() + b"".join(escaped(case.raw) + b"\n" for case in cases())


def test_nothing_is_found(fuzzer: Path) -> None:
    done = run(fuzzer, RUNS, 1, seeds())
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-6000:]
    told = re.search(rb"runs (\d+) edges (\d+)", done.stdout)
    assert told and int(told[1]) == RUNS and int(told[2]) > 1000, done.stdout
    if SOAK:
        print(done.stdout.decode())


@pytest.mark.parametrize("name", PLANTED if SOAK else SAMPLE)
def test_planted_faults_are_found(fuzzer: Path, tmp_path: Path, name: str) -> None:
    which, right, wrong = PLANTED[name]
    for header in HEADERS.glob("*.h"):
        text = header.read_text("utf-8")
        if header.name == which:
            assert text.count(right) == 1, name
            text = text.replace(right, wrong)
        (tmp_path / header.name).write_text(text, "utf-8")
    done = run(built(tmp_path, tmp_path), 500_000 if SOAK else 20_000, 1, seeds())
    assert done.returncode != 0 and b"INPUT " in done.stderr
