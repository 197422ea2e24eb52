"""Answers in → text for people (``table``) or programs (``json``; shapes in docs/introspection.md)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from conduit.introspect.store import Row, Store


def overview(store: Store, form: str) -> str:
    """The app, and how many there are of everything."""
    about = store.about
    counts: dict[str, int] = {}
    for row in store.rows:
        counts[row.kind] = counts.get(row.kind, 0) + 1
    counts = {kind: counts[kind] for kind in sorted(counts)}
    if form == "json":
        app = {"title": about.title, "version": about.version, "entry": about.entry}
        app |= {"module": about.module, "variable": about.variable}
        found = {"app": app, "resources": counts, "edges": about.edges}
        return _json({**found, "diagnostics": about.diagnostics, "unresolved": about.unresolved})
    findings = ", ".join(f"{n} {_plural(kind, n)}" for kind, n in about.diagnostics.items() if n)
    lines = [[_plural(kind, 2), str(number)] for kind, number in counts.items()]
    lines += [["edges", str(about.edges)], ["diagnostics", findings or "none"]]
    lines += [["unresolved", str(about.unresolved)]]
    head = f"{about.title} {about.version}: {about.module}:{about.variable} ({about.entry})"
    if not about.variable:
        head = f"{about.module} ({about.entry}): no app"
    return f"{plain(head)}\n\n{table([], lines)}"


def resources(rows: list[Row], form: str) -> str:
    """One line a resource."""
    if form == "json":
        keys = ("id", "kind", "name", "file", "line")
        return _json([{key: getattr(row, key) for key in keys} for row in rows])
    lines = [[row.kind, row.name, f"{row.file}:{row.line}" if row.file else "-"] for row in rows]
    return table(["KIND", "NAME", "WHERE"], lines)


def routes(rows: list[Row], form: str) -> str:
    """One line a route; middleware from the outside to the inside, by its short name."""
    if form == "json":
        keys = ("id", "methods", "pattern", "handler", "middleware", "tags", "file", "line")
        return _json([{key: getattr(row, key) for key in keys} for row in rows])
    lines = [
        [
            ",".join(row.methods) or "any",
            row.pattern or "(fallback)",
            row.handler.partition(":")[2],
            " > ".join(one.rpartition(".")[2] for one in row.middleware) or "-",
        ]
        for row in rows
    ]
    return table(["METHOD", "PATH", "HANDLER", "MIDDLEWARE"], lines)


def resource(body: dict[str, Any], form: str) -> str:
    """All that is known of one resource."""
    if form == "json":
        return _json(body)
    lines = [f"{body['kind']} {body['name']}", f"  {body['id']}"]
    if span := body.get("span"):
        lines.append(f"  {span['file']}:{span['line']}:{span['column']}")
    if "doc" in body:
        lines += ["", *(f"  {line}" for line in body["doc"].splitlines())]
    for section in ("parameters", "fields"):
        if section in body:
            listed = [[f"  {one['name']}", one.get("type", "-"), _about(one)] for one in body[section]]
            lines += ["", section, table([], listed)]
    for section in ("decorators", "comments"):
        if section in body:
            lines += ["", section, *(f"  {one}" for one in body[section])]
    known = sorted(body.get("facts", {}).items())
    facts = [[f"  {key}", _shown(fact["value"]), fact["provenance"]] for key, fact in known]
    lines += ["", "facts", table([], facts)] if facts else []
    return "\n".join(plain(line) for part in lines for line in part.split("\n"))


def unresolved(listed: list[dict[str, Any]], form: str) -> str:
    """One line a thing that could not be proven."""
    if form == "json":
        return _json(listed)
    if not listed:
        return "everything was resolved"
    rows = [
        [
            f"{one['span']['file']}:{one['span']['line']}" if "span" in one else "-",
            one["what"],
            one["reason"] + (" (blocks a build)" if one["blocks_build"] else ""),
        ]
        for one in listed
    ]
    return table(["WHERE", "WHAT", "REASON"], rows)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, two blanks apart."""
    lines = [[plain(cell) for cell in row] for row in ([header, *rows] if header else rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(cells).rstrip() for cells in padded)


def plain(line: str) -> str:
    """``line`` with control characters shown, so that no terminal obeys them."""
    return line if line.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def _about(value: dict[str, Any]) -> str:
    """``query, required, ge=1, default 3``."""
    said = [value["in"]] if "in" in value else []
    said += ["required"] if value["required"] else []
    said += [f"{key}={one!r}" for key, one in sorted(value.get("constraints", {}).items())]
    return ", ".join([*said, *([f"default {value['default']!r}"] if "default" in value else [])])


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, dict):
        return " = ".join(map(_shown, value.values()))
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 or noun in ("info", "middleware") else f"{noun}s"


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2, ensure_ascii=False)
