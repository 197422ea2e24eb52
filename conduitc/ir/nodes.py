"""The nodes of the App, from their rooms.

The model is made by a frontend, enriched by passes and read by codegen. Every node has the span of the text
it came from. Fields marked *pass* are empty until that pass fills them.
"""

from conduitc.ir.app import (
    App,
    Edge,
    LazyGroup,
    Module,
    Settings,
    Unresolved,
)
from conduitc.ir.declared import (
    Computed,
    Constant,
    Declaration,
    Guard,
    Node,
    Provenance,
    SlotSite,
)
from conduitc.ir.features import (
    MCP_METHODS,
    WELL_KNOWN,
    Auth,
    Block,
    Completion,
    Endpoint,
    MLModel,
    Offer,
    Pipeline,
    Prompt,
    Resource,
    Tool,
)
from conduitc.ir.functions import (
    Effects,
    FieldUse,
    Function,
    Obstacle,
    Parameter,
    Provider,
    RequestUse,
)
from conduitc.ir.routes import (
    WEBSOCKET,
    Binding,
    Dynamic,
    Hook,
    Middleware,
    PathTemplate,
    Route,
    RouteOptions,
    Segment,
    Static,
)
from conduitc.ir.schemas import (
    Field,
    Schema,
)

__all__ = [
    "MCP_METHODS",
    "WEBSOCKET",
    "WELL_KNOWN",
    "App",
    "Auth",
    "Binding",
    "Block",
    "Completion",
    "Computed",
    "Constant",
    "Declaration",
    "Dynamic",
    "Edge",
    "Effects",
    "Endpoint",
    "Field",
    "FieldUse",
    "Function",
    "Guard",
    "Hook",
    "LazyGroup",
    "MLModel",
    "Middleware",
    "Module",
    "Node",
    "Obstacle",
    "Offer",
    "Parameter",
    "PathTemplate",
    "Pipeline",
    "Prompt",
    "Provenance",
    "Provider",
    "RequestUse",
    "Resource",
    "Route",
    "RouteOptions",
    "Schema",
    "Segment",
    "Settings",
    "SlotSite",
    "Static",
    "Tool",
    "Unresolved",
]
