"""What holds for every test."""

import os
import signal
from collections.abc import Iterator

import pytest

from conduitc import toolchain

# A shell that starts a command in the background lets it ignore interrupts, and so would all it starts: the
# tests that interrupt a command would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands that are tested neither read nor fill the cache of who runs the tests."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What builds the Cython target cannot run where there is no C compiler."""
    why = toolchain.available()
    for item in items if why else ():
        parameters = getattr(item, "callspec", None)
        if item.get_closest_marker("native") or (
            parameters and "cython" in map(str, parameters.params.values())
        ):
            item.add_marker(pytest.mark.skip(reason=str(why)))
