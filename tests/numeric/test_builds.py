"""Builds with numeric loops: every way of running a program answers the same; what a build says of them."""

from pathlib import Path

import pytest

from conduitc import driver, toolchain
from conduitc.cli.summary import summary
from tests.service.ways import WAYS, answers, ask, request

APP = """
from conduit import Conduit
from shop.prices import compound, primes

app = Conduit(title="Loops")


@app.get("/compound/:years")
def get_compound(years: int, rate: float = 0.05) -> dict:
    return {"value": compound(years, rate)}


@app.get("/factorial/:n")
async def factorial(n: int):
    product = 1
    for i in range(2, n + 1):
        product *= i
    return {"product": str(product)}


@app.get("/primes/:n")
def get_primes(n: int):
    return {"primes": primes(n)}


@app.get("/inverse/:n")
def inverse(n: int):
    total = 0.0
    for i in range(-2, n):
        total += 1 / i
    return {"total": total}
"""
PRICES = '''
def compound(years: int, rate: float) -> float:
    """A sum of money after some years."""
    value = 100
    while years > 0:
        value = value * (1.0 + rate)
        years -= 1
    return value


def primes(n: int) -> int:
    found = 0
    for one in range(2, n):
        for other in range(2, one):
            if other * other > one:
                found += 1
                break
            if one % other == 0:
                break
        else:
            found += 1
    return found


def label(n: int) -> float:
    total = 0.0
    for i in range(n):
        total += weight(i) * 2
    return total


def weight(i):
    return i
'''
FILES = {"app.py": APP, "shop/__init__.py": "", "shop/prices.py": PRICES}
REQUESTS = [
    request("GET", path)
    for path in ("/compound/30", "/compound/0", "/compound/5?rate=1", "/factorial/10", "/factorial/40",
                 "/primes/1000", "/primes/1", "/inverse/-2", "/inverse/5")
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_answers_the_same(way: str, tmp_path: Path) -> None:
    found = answers(way, FILES, REQUESTS, tmp_path)
    bodies = [answer[2] for answer in found]
    assert [answer[0] for answer in found] == [200] * 8 + [500]
    assert bodies[0] == '{"value":432.1942375150668}'
    assert bodies[1] == '{"value":100}'
    assert bodies[4] == '{"product":"815915283247897734345611269596115894272000000000"}'
    assert bodies[5:7] == ['{"primes":168}', '{"primes":0}']


@pytest.mark.skipif(toolchain.available() is not None, reason="no C compiler")
def test_what_a_build_says_and_writes(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    built = driver.build(tmp_path / "app.py", tmp_path / "dist", kind="cython")
    said = summary(built)
    assert "app.py:16 factorial — 2 locals typed (i: int, product: int)" in said.replace(", n: int", "")
    assert "left as Python: shop/prices.py:27 label — calls `weight`" in said
    assert (tmp_path / "dist/_conduit/loops.pyx").is_file()
    assert "LOOPS = True" in (tmp_path / "dist/app.py").read_text()
    untyped = driver.build(
        tmp_path / "app.py", tmp_path / "untyped", kind="cython", options=driver.Options(typed=False)
    )
    python = driver.build(tmp_path / "app.py", tmp_path / "python", kind="python")
    for one in (untyped, python):
        assert one.loops.modules == one.loops.left == ()
        assert (one.folder / "src/shop/prices.py").read_text() == PRICES
        assert not list((one.folder / "_conduit").glob("loops*"))
    stripped = driver.build(
        tmp_path / "app.py",
        tmp_path / "stripped",
        kind="cython",
        options=driver.Options(strip=True, lazy=True),
    )
    assert ask(stripped.folder, REQUESTS) == ask(untyped.folder, REQUESTS)
