"""Apps with ML models: declared here and checked by the compiler; what serves them is not there yet."""

from __future__ import annotations

import os
from typing import Any

from conduit.app import Conduit as _Conduit
from conduit.unserved import not_served


class ConduitML(_Conduit):
    """A ``Conduit`` for apps whose purpose is their models."""


class NumpyModel:
    """A model whose layers and weights stand in an ``.npz`` file, named relative to the declaring module."""

    def __init__(self, name: str, path: str | os.PathLike[str], **options: Any) -> None:
        self.name = name
        self.path = os.fspath(path)
        self.options = options

    def load(self) -> None:
        """Read the weights."""
        raise not_served("loading a model")

    def predict(self, batch: Any) -> Any:
        """Run the model."""
        raise not_served("running a model")
