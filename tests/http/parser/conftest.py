"""The shim around the parser, compiled once."""

import ctypes

import pytest

from tests.http.parser.reading import Read, built, reader


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return built(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def read(shim: ctypes.CDLL) -> Read:
    return reader(shim)
