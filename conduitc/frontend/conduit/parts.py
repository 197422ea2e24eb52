"""Blocks, pipelines and the models of LM blocks, found among the names of modules → their nodes."""

from __future__ import annotations

from conduitc.frontend.annotations import Reader
from conduitc.frontend.conduit.blocks import BASES, LIBRARY, Pipe, is_block
from conduitc.frontend.conduit.tools import arguments_of
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import Class, External, Instance, Sequence, TypeForm, ancestry, derives
from conduitc.ir import types as t
from conduitc.ir.nodes import Block, Constant, MLModel, Pipeline

_ENGINES = {
    "conduit.conduit_types.LmLiteModelConfig": "LM_LITE",
    "conduit.conduit_types.VllmModelConfig": "VLLM",
    "conduit.conduit_types.LmModelConfig": "LM",
}
_POSITIONS = {
    "conduit.blocks.HttpGetBlock": ("url",),
    "conduit.blocks.HttpPostBlock": ("input", "url"),
    "conduit.blocks.FileSystemReadBlock": ("path",),
    "conduit.blocks.FileSystemWriteBlock": ("input", "path"),
    "conduit.blocks.SystemCommandBlock": ("input",),
    "conduit.runtime.LMLiteBlock": ("models", "compute_provider"),
}


class Parts:
    """All blocks and pipelines of a program. Every instance has one id, by the first name it is bound to."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pipelines: list[Pipeline] = []
        self.models: list[MLModel] = []
        self._ids: dict[int, str] = {}

    def collect(self, scope: Scope) -> None:
        """Everything one module binds to a name."""
        for cls in scope.classes:
            if derives(cls, *BASES, *LIBRARY):
                self._class(cls)
        for name, value in scope.names.items():
            if isinstance(value, Instance) and is_block(value) and self._home(value) in (None, scope):
                self._instance(value, name, scope)

    @staticmethod
    def _home(value: Instance) -> Scope | None:
        if isinstance(value.state, Pipe):
            return value.state.scope
        return value.call.scope if value.call else None

    def _class(self, cls: Class) -> None:
        input_, output = _of_bases(cls)
        span = cls.scope.span(cls.node)
        kind = derives(cls, *BASES, *LIBRARY) or BASES[0]
        self.blocks.append(Block(f"block:{cls.full_name}", cls.name, kind, input_, output, (), span))

    def _instance(self, value: Instance, name: str, scope: Scope) -> str:
        known = self._ids.get(id(value))
        if known is not None:
            return known
        if isinstance(value.state, Pipe):
            return self._pipeline(value, value.state, name, scope)
        call = value.call
        assert call is not None
        id_ = scope.project.identify("block", scope.name, name, call.node)
        self._ids[id(value)] = id_
        kind, input_, output = _signature(value.cls, call)
        arguments = arguments_of(call, _POSITIONS.get(kind, ()))
        listed = self._listed_models(call, id_, scope)
        if listed:
            names = [model.name for model in listed]
            arguments = (*arguments, ("models", Constant(names, repr(names))))
            self.models.extend(listed)
        self.blocks.append(Block(id_, name, kind, input_, output, arguments, call.span))
        return id_

    def _pipeline(self, value: Instance, pipe: Pipe, name: str, scope: Scope) -> str:
        id_ = scope.project.identify("pipeline", scope.name, name, pipe.node)
        self._ids[id(value)] = id_
        inner = tuple(self._instance(part, _unnamed(part, name, scope), scope) for part in pipe.parts)
        self.pipelines.append(Pipeline(id_, name, pipe.kind, inner, pipe.scope.span(pipe.node)))
        return id_

    def _listed_models(self, call: Call, block: str, scope: Scope) -> list[MLModel]:
        """The model configurations in ``models=[...]``."""
        listed = call.argument("models", 0)
        found = []
        for one in listed.items if isinstance(listed, Sequence) else ():
            if (
                isinstance(one, Instance)
                and isinstance(one.cls, External)
                and one.cls.name in _ENGINES
                and one.call
            ):
                arguments = arguments_of(one.call, ("id", "max_model_len", "max_model_concurrency"))
                name = next((str(given.value) for key, given in arguments if key == "id"), "")
                id_ = f"model:{block.partition(':')[2]}.{name}"
                engine = _ENGINES[one.cls.name]
                found.append(MLModel(id_, name, engine, None, arguments, None, one.call.span))
        return found


def _unnamed(part: Instance, inside: str, scope: Scope) -> str:
    """The name a part of a pipeline is known by: its own, else the pipeline's with its class."""
    for name, value in scope.names.items():
        if value is part:
            return name
    cls = part.cls
    last = cls.name.rpartition(".")[2] if isinstance(cls, External | Class) else "part"
    return f"{inside}.{last}"


def _signature(cls: object, call: Call) -> tuple[str, t.Type | None, t.Type | None]:
    """The full name of a block's class, and the types it takes and gives."""
    if isinstance(cls, Class):
        return cls.full_name, *_of_bases(cls)
    assert isinstance(cls, External)
    input_, output = LIBRARY[cls.name]
    if input_ == "argument":
        given = call.argument("input", 0)
        taken = call.scope.project.schemas.reference(given) if isinstance(given, Class) else None
    else:
        taken = t.External(input_) if input_ else None
    return cls.name, taken, t.External(output) if output else None


def _of_bases(cls: Class) -> tuple[t.Type | None, t.Type | None]:
    """What ``class X(Block[In, Out])`` says, here or above."""
    for one in ancestry(cls):
        for base in one.bases if isinstance(one, Class) else ():
            if isinstance(base, TypeForm) and isinstance(base.base, External) and base.base.name in BASES:
                inner = getattr(getattr(base.node, "slice", None), "elts", [])
                reader = Reader(base.scope)
                types = [reader.type(node) for node in inner]
                return (types[0], types[1]) if len(types) == 2 else (None, None)
    return None, None
