"""App in → the text of deploy/manifest.json, version 1.0.0 (``manifest-1.0.0.json`` beside this file).

What a deployment needs to know: how to start the app, which models it uses, and the names (never the values)
of the environment variables that it reads. Memory estimates and the choice of a machine stay null until
``conduitc plan`` fills them.
"""

import msgspec

from conduitc.codegen.schema_json import Json
from conduitc.ir.nodes import App, Block, MLModel
from conduitc.ir.secrets import redact

VERSION = "1.0.0"
#: What an LM block reads where it runs, by the argument that asks for it.
_ALWAYS = ("CONDUIT_DB_URI", "CONDUIT_MODEL_PATH")
_BY_PROVIDER = {"RUNPOD": ("RUNPOD_API_KEY",)}
#: Defaults of ``LmModelConfig``.
_CONTEXT, _CONCURRENCY = 1024, 1
_LM_ENGINES = {"LM_LITE", "VLLM"}


def emit_manifest(app: App, target: str) -> str:
    """The manifest of a build for ``target``, as indented JSON."""
    blocks = [dict(_values(block)) for block in app.blocks]
    manifest: Json = {
        "schema": VERSION,
        "app": {
            "title": redact(app.settings.title),
            "version": redact(app.settings.version),
            "module": app.module,
        },
        "target": target,
        "entrypoint": "app:app",
        "models": [_model(model) for model in sorted(app.models, key=lambda one: one.id)],
        "constraints": sorted({str(one) for block in blocks for one in _listed(block.get("constraints"))}),
        "offering": None,
        "replicas": max((n for block in blocks if isinstance(n := block.get("replicas"), int)), default=1),
        "health_paths": [],
        "environment": _environment(app, blocks),
    }
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode() + "\n"


def _model(model: MLModel) -> Json:
    """One model; context and concurrency are a language model's, null for any other."""
    given = {name: constant.value for name, constant in model.arguments}
    is_lm = model.engine in _LM_ENGINES
    return {
        "id": redact(model.name),
        "engine": model.engine,
        "context": given.get("max_model_len", _CONTEXT) if is_lm else None,
        "concurrency": given.get("max_model_concurrency", _CONCURRENCY) if is_lm else None,
        "span": str(model.span),
        "estimate": None,
    }


def _values(block: Block) -> list[tuple[str, object]]:
    return [(name, constant.value) for name, constant in block.arguments]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _environment(app: App, blocks: list[dict[str, object]]) -> list[str]:
    names = set(_ALWAYS) if any(model.engine in _LM_ENGINES for model in app.models) else set()
    for block in blocks:
        names.update(_BY_PROVIDER.get(str(block.get("compute_provider")), ()))
    return sorted(names)
