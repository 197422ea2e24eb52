"""What binding a build looks up in the user's own objects: annotations, defaults, the app's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ForwardRef, get_args, get_type_hints

from conduit.table import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from conduit.app import Conduit


def bind_build(app: Conduit, bind: Callable[[Conduit], Any]) -> None:
    """Serve ``app`` by what ``bind`` (a build's ``wiring.bind``) makes of it."""
    try:
        made = bind(app)
    except Exception as error:
        from conduit.http.traces import told

        raise told(error)  # noqa: B904  # the same one
    options = app._options
    made.adopt(app, options["lifespan"], options["max_body"])
    app._serve, app._served = made.serve, made


def annotation_of(handler: Any, name: str) -> Any:
    """The annotation object of a parameter; text is evaluated in the handler's module."""
    if handler is ABSENT:
        return Any
    function = _function(handler)
    return _evaluated(function.__annotations__[name], function)


def return_of(handler: Any) -> Any:
    """The annotation object of what a handler returns."""
    return annotation_of(handler, "return")


def _evaluated(annotation: Any, function: Any) -> Any:
    names = function.__globals__
    if isinstance(annotation, str):
        known = names.get(annotation)  # the usual case, a plain name
        if known is not None and not isinstance(known, str):
            return known
    elif not _holds_text(annotation):
        return annotation
    holder = type("_Holder", (), {"__annotations__": {"it": annotation}})
    return get_type_hints(holder, names, include_extras=True)["it"]


def _holds_text(annotation: Any) -> bool:
    return any(isinstance(one, str | ForwardRef) or _holds_text(one) for one in get_args(annotation))


def default_of(handler: Any, name: str) -> Any:
    """The object that a parameter defaults to."""
    if handler is ABSENT:
        return None
    function = _function(handler)
    keywords = function.__kwdefaults__
    if keywords and name in keywords:
        return keywords[name]
    code, defaults = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    return defaults[positional.index(name) - len(positional)]


def _function(handler: Any) -> Any:
    """The function whose text the compiler read: below wrappers and partial applications."""
    while True:
        if hasattr(handler, "__wrapped__"):
            handler = handler.__wrapped__
        elif hasattr(handler, "func") and hasattr(handler, "keywords"):
            handler = handler.func
        else:
            return handler if hasattr(handler, "__code__") else type(handler).__call__
