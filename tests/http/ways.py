"""Which ways of serving a test is run in: all of them where everything long is asked for."""

import os

import pytest

SOAK = bool(os.environ.get("CONDUIT_SOAK"))

#: For tests with a server of their own, which takes a second to start.
OURS = ("python", "cython") if SOAK else ("cython",)
#: uvicorn's own protocol beside ours shows that a test asks for what is usual.
EVERY = ("asgi", *OURS) if SOAK else OURS

both = pytest.mark.parametrize("way", ["python", "cython"])
ours = pytest.mark.parametrize("way", OURS)
every = pytest.mark.parametrize("way", EVERY)
