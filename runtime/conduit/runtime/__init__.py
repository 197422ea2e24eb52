"""Blocks that chat with a language model. They are declared here; what serves the models is not there yet."""

from __future__ import annotations

from typing import Any

from conduit.blocks import Block


class LMLiteBlock(Block[Any, Any]):
    """Models on LM_LITE: ``LMLiteBlock(models=[...], compute_provider=...)``."""


class VLLMBlock(Block[Any, Any]):
    """As ``LMLiteBlock``, on vLLM."""


class OpenAIBlock(Block[Any, Any]):
    """A server that speaks OpenAI's protocol."""
