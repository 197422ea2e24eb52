"""All of metadata.json in → one Markdown document for people: what there is, section by section."""

from __future__ import annotations

from conduit.introspect.tables import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    Json = dict[str, Any]

_MARKUP = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#|~"})


def document(metadata: Json) -> str:
    """The document, without a line end at its end."""
    app = metadata["app"]
    parts = [f"# {escaped(app['title'])} {escaped(app['version'])}"]
    parts += [escaped(app["description"])] if app["description"] else []
    known: dict[str, list[Json]] = {}
    for one in metadata["resources"]:
        known.setdefault(one["kind"], []).append(one)
    sections = {
        "Routes": _routes(known.get("route", ())),
        "Schemas": _schemas(known.get("schema", ())),
        "Tools": _offers([one for kind in _OFFERS for one in known.get(kind, ())]),
        "Blocks": _rows(("Name", "Kind", "Where"), _blocks(known)),
        "Middleware": _rows(
            ("Name", "Where"), ((_name(one), _where(one)) for one in known.get("middleware", ()))
        ),
        "Functions": _rows(
            ("Name", "About", "Where"),
            ((_code(short(one["id"], 1)), _first(one), _where(one)) for one in known.get("function", ())),
        ),
        "Modules": _rows(
            ("Name", "About", "Where"),
            ((_name(one), _first(one), _where(one)) for one in known.get("module", ())),
        ),
        "Conventions": _patterns(metadata.get("patterns", ())),
        "Findings": _rows(
            ("Code", "What", "Where"),
            ((one["code"], escaped(one["message"]), _where(one)) for one in metadata["diagnostics"]),
        ),
        "Not resolved": _rows(
            ("What", "Why", "Where"),
            ((_code(one["what"]), escaped(one["reason"]), _where(one)) for one in metadata["unresolved"]),
        ),
    }
    parts += [f"## {title}\n\n{text}" for title, text in sections.items() if text]
    return "\n\n".join(parts)


_OFFERS = ("tool", "resource", "prompt", "completion")


def escaped(text: str) -> str:
    """A person's words, without their markup; on one line."""
    return " ".join(_printed(text).split()).translate(_MARKUP)


def _code(text: str) -> str:
    """A name, as code. A bar would end a cell, also there."""
    shown = _printed(text).replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _printed(text: str) -> str:
    """Control characters, line ends aside, as they would be typed."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def _routes(routes: Sequence[Json]) -> str:
    def cells(one: Json) -> tuple[str, ...]:
        facts = {name: fact["value"] for name, fact in one.get("facts", {}).items()}
        around = ", ".join(_code(short(id_)) for id_ in facts.get("effective_middleware", ()))
        handler = _code(short(facts.get("handler", ""), 1))
        path = _code(facts["pattern"]) if "pattern" in facts else "fallback"
        methods = ", ".join(facts.get("methods", ()))
        return methods, path, handler, around, _first(one), _where(one)

    ordered = sorted(routes, key=lambda one: (one["name"].partition(" ")[2], one["name"]))
    return _rows(("Method", "Path", "Handler", "Middleware", "About", "Where"), map(cells, ordered))


def _schemas(schemas: Sequence[Json]) -> str:
    def text(one: Json) -> Iterator[str]:
        yield f"### {escaped(one['name'])}"
        about = [f"{_code(one['id'])}, {_where(one)}."]
        yield " ".join([*about, _first(one)]).strip()
        fields = (
            (
                _code(field["name"]),
                _code(field.get("type", "-")),
                "yes" if field["required"] else "no",
                _bounds(field),
            )
            for field in one.get("fields", ())
        )
        yield _rows(("Field", "Type", "Required", "Bounds"), fields)
        members = one.get("facts", {}).get("members", {}).get("value", ())
        yield ", ".join(f"{_code(member['name'])} = {_code(str(member['value']))}" for member in members)

    return "\n\n".join(part for one in schemas for part in text(one) if part)


def _offers(offers: Sequence[Json]) -> str:
    rows = (
        (
            one["kind"],
            _name(one),
            ", ".join(_code(p["name"]) for p in one.get("parameters", ())),
            _first(one),
            _where(one),
        )
        for one in offers
    )
    return _rows(("Kind", "Name", "Takes", "About", "Where"), rows)


def _blocks(known: dict[str, list[Json]]) -> Iterator[tuple[str, ...]]:
    for kind in ("block", "pipeline", "model", "endpoint"):
        yield from ((_name(one), kind, _where(one)) for one in known.get(kind, ()))


def _patterns(patterns: Sequence[Json]) -> str:
    ordered = sorted(patterns, key=lambda one: (one["category"], -one["confidence"], one["id"]))
    rows = (
        (
            one["category"],
            escaped(one["name"]),
            _code(one["template"]),
            f"{one['support']} of {one['n']}",
            one["state"],
            _where(one.get("example", {})),
        )
        for one in ordered
    )
    return _rows(("Category", "Convention", "Template", "Holds", "State", "Example"), rows)


def _bounds(field: Json) -> str:
    said = [f"{key}={value!r}" for key, value in sorted(field.get("constraints", {}).items())]
    return ", ".join(map(_code, said))


def _name(one: Json) -> str:
    return _code(one["name"])


def _first(one: Json) -> str:
    return escaped(one.get("doc", "").partition("\n")[0])


def _where(one: Json) -> str:
    span = one.get("span")
    return escaped(f"{span['file']}:{span['line']}") if span and span["file"] else "-"


def _rows(head: Sequence[str], rows: Any) -> str:
    """A table; nothing where it has no rows."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines]) if lines else ""
