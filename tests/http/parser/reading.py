"""The parser as a Python function: bytes and cuts in, a transcript out."""

import ctypes
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEADERS = ROOT / "runtime" / "conduit" / "server"
#: Bytes of the head, fields, bytes of the target, bytes of extensions and trailers.
LIMITS = (65536, 100, 8192, 16384)

Read = Callable[..., list[str]]


def built(folder: Path) -> ctypes.CDLL:
    """The shim, compiled; a warning is an error."""
    made = folder / "shim.so"
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC"]
    found = [f"-I{HEADERS}", f"-I{ROOT / 'tests' / 'fuzz'}"]
    source = Path(__file__).with_name("shim.c")
    subprocess.run([os.environ.get("CC", "cc"), *flags, *found, source, "-o", made], check=True)
    return ctypes.CDLL(str(made))


def reader(shim: ctypes.CDLL) -> Read:
    transcript = shim.conduit_transcript
    transcript.restype = None

    def read(raw: bytes, cuts: Sequence[int] = (), limits: Sequence[int] = LIMITS) -> list[str]:
        room = len(raw) * 20 + 4096
        text = ctypes.create_string_buffer(room)
        places = (ctypes.c_uint32 * len(cuts))(*cuts)
        size = ctypes.c_size_t
        bounds = (ctypes.c_uint32 * 4)(*limits)
        transcript(raw, size(len(raw)), places, size(len(cuts)), bounds, text, size(room))
        return text.value.decode("ascii").splitlines()

    return read
