"""The toolchain: what it says where it cannot work, and that nothing around it gets into what it makes."""

import os
import stat
from pathlib import Path

import pytest

from conduitc import toolchain
from conduitc.cache import Cache
from conduitc.diagnostics import CompileError
from tests.dispatch.conftest import native

TEXT = '''"""A module."""

def double(value: int, *, times=2):
    return value * times


class Thing:
    async def method(self):
        return self
'''


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("cc", "says"),
    [("no-such-compiler -O2", "no C compiler found (no-such-compiler)"), ("false", "does not compile")],
)
def test_a_missing_compiler_is_named(monkeypatch: pytest.MonkeyPatch, cc: str, says: str) -> None:
    monkeypatch.setenv("CC", cc)
    assert says in (toolchain.available() or "")


def test_a_stub_is_not_a_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CC", str(script(tmp_path / "cc", "echo 'install the developer tools' >&2; exit 1")))
    assert "does not compile" in (toolchain.available() or "")


def test_missing_headers_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiler = script(tmp_path / "cc", "exit 0")
    monkeypatch.setenv("CC", str(compiler))
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    assert "Python.h" in (toolchain.available() or "")


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "find_spec", lambda name: None)
    assert toolchain.available() == "Cython and setuptools not installed"


@pytest.mark.usefixtures("compiler")
def test_python_text_keeps_its_meaning(tmp_path: Path) -> None:
    module = native("plain", TEXT, tmp_path)
    assert module.double("a", times=3) == "aaa", "annotations must not become types"
    assert module.double.__kwdefaults__ == {"times": 2}
    assert module.double.__get__(module.Thing()), "functions bind as in Python"


@pytest.mark.usefixtures("compiler")
def test_nothing_around_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes from another folder, with a hostile setup.cfg, hash seed and Python path."""
    first = toolchain.compile_modules({"plain": TEXT})
    (tmp_path / "setup.cfg").write_text("[build_ext]\ndefine = X=broken\n[build]\nbuild_base = elsewhere\n")
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit('ran')\n")
    (tmp_path / "distutils.py").write_text("raise SystemExit('ran')\n")
    (tmp_path / "Cython.py").write_text("raise SystemExit('ran')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert toolchain.compile_modules({"plain": TEXT}) == first


@pytest.mark.usefixtures("compiler")
def test_no_symbols_no_paths() -> None:
    (data,) = toolchain.compile_modules({"plain": TEXT}).values()
    if data.startswith(b"\x7fELF"):
        assert b".symtab" not in data
        assert b".debug" not in data
    for private in (os.getcwd(), os.path.expanduser("~"), "conduitc-"):
        assert private == "/" or private.encode() not in data


@pytest.mark.usefixtures("compiler")
def test_what_cython_refuses_is_a_diagnostic() -> None:
    with pytest.raises(CompileError) as caught:
        toolchain.compile_modules({"good": TEXT, "bad": "def f(:\n"})
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.rule is toolchain.COMPILER_FAILED
    assert diagnostic.message.startswith("`_conduit.bad` could not be compiled: bad.pyx:1:6")


@pytest.mark.usefixtures("compiler")
def test_what_the_c_compiler_refuses_is_a_diagnostic() -> None:
    broken = 'cdef extern from *:\n    """\n    #error not here\n    """\n'
    with pytest.raises(CompileError, match="could not be compiled") as caught:
        toolchain.compile_modules({"bad": broken})
    assert "not here" in (caught.value.diagnostics[0].help or "")


@pytest.mark.usefixtures("compiler")
def test_the_cache_is_keyed_by_content_and_survives_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = toolchain.compile_modules({"plain": TEXT}, cache=Cache(tmp_path))
    (kept,) = (tmp_path / "native").iterdir()

    def unused(*arguments: object) -> bytes:
        raise AssertionError(f"compiled again: {arguments[0]}")

    with monkeypatch.context() as patch:
        patch.setattr(toolchain, "_compile", unused)
        assert toolchain.compile_modules({"plain": TEXT}, cache=Cache(tmp_path)) == first
        for other in ({"plain": TEXT + "\n"}, {"other": TEXT}):
            with pytest.raises(AssertionError, match="compiled again"):
                toolchain.compile_modules(other, cache=Cache(tmp_path))
        patch.setenv("CFLAGS", "-DOTHER")
        with pytest.raises(AssertionError, match="compiled again"):
            toolchain.compile_modules({"plain": TEXT}, cache=Cache(tmp_path))

    kept.write_bytes(kept.read_bytes()[:-1])
    assert toolchain.compile_modules({"plain": TEXT}, cache=Cache(tmp_path)) == first
    assert kept.read_bytes().endswith(next(iter(first.values())))


@pytest.mark.usefixtures("compiler")
def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert toolchain.compile_modules({"plain": TEXT}, cache=Cache(tmp_path / "file" / "cache"))
