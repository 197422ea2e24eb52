"""What importing costs: each part only itself."""

import os
import subprocess
import sys

import pytest
from conduit import compute_provider, conduit_types
from conduit.compute_provider.runpod.runpod_types import GPUS


def loaded(code):
    """The modules that a fresh interpreter has after ``code``, and had not before."""
    made = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; before = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(made.stdout.split())


HEAVY = {
    "asyncio",
    "dataclasses",
    "logging",
    "ssl",
    "uvicorn",
    "starlette",
    "numpy",
    "conduitc",
    "http.client",
}


def test_an_app_that_is_only_declared():
    code = "from conduit import Conduit, Router\napp = Conduit()\napp.get('/')(print)"
    assert not loaded(code) & (HEAVY | {"msgspec", "inspect", "conduit.http"})


def test_an_app_that_is_bound():
    assert not loaded("from conduit import Conduit, JSON, HTTPError\nimport conduit._abi") & HEAVY


def test_introspection_costs_no_runtime():
    assert not {one for one in loaded("import conduit") if one.startswith("conduit.")}


@pytest.mark.parametrize("enum", [
    conduit_types.DeploymentStatus,
    conduit_types.NodeStatus,
    conduit_types.Runtime,
    conduit_types.ComputeProvider,
    conduit_types.DeploymentType,
    conduit_types.DeploymentConstraint,
    GPUS,
])  # fmt: skip
def test_each_value_is_its_name(enum):
    assert all(member.value == member.name == member for member in enum)


def test_the_words_of_deployments():
    assert [one.name for one in conduit_types.NodeStatus] == [
        "PROVISIONING",
        "PROVISIONED",
        "DEPLOYED",
        "STOPPED",
    ]
    assert len(GPUS) == 38
    assert compute_provider.__doc__
    lite = conduit_types.LmLiteModelConfig("org/name", max_model_len=5000)
    assert (lite.id, lite.max_model_len, lite.max_model_concurrency) == ("org/name", 5000, 1)
    assert lite.model_batch_execute_timeout_ms == 500
    assert isinstance(lite, conduit_types.LmModelConfig)
