"""Answers in → text for people: aligned columns, nothing that a terminal would obey."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Answer = dict[str, Any]


def overview(answer: Answer) -> str:
    """The app, and how many there are of everything."""
    app = answer["app"]
    findings = [f"{n} {plural(kind, n)}" for kind, n in answer["diagnostics"].items() if n]
    lines = [[plural(kind, 2), str(number)] for kind, number in answer["resources"].items()]
    lines += [["edges", str(answer["edges"])], ["patterns", str(answer["patterns"])]]
    lines += [["diagnostics", ", ".join(findings) or "none"]]
    lines += [["unresolved", str(answer["unresolved"])]]
    head = f"{app['title']} {app['version']}: {app['module']}:{app['variable']} ({app['entry']})"
    if not app["variable"]:
        head = f"{app['module']} ({app['entry']}): no app"
    return f"{plain(head)}\n\n{table([], lines)}"


def resources(answer: Answer) -> str:
    """One line a resource."""
    lines = [[one["kind"], one["name"], where(one)] for one in answer["resources"]]
    return table(["KIND", "NAME", "WHERE"], lines)


def routes(answer: Answer) -> str:
    """One line a route; middleware from the outside to the inside, by its short name."""
    lines = [
        [
            ",".join(row["methods"]) or "any",
            row["pattern"] or "(fallback)",
            bare(row["handler"]),
            " > ".join(map(short, row["middleware"])) or "-",
        ]
        for row in answer["routes"]
    ]
    return table(["METHOD", "PATH", "HANDLER", "MIDDLEWARE"], lines)


def resource(body: Answer) -> str:
    """All that is known of one resource."""
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


def deps(answer: Answer) -> str:
    """One line a resource, nearest first."""
    verb = "needs" if not answer["reverse"] else "is needed by"
    return _reached(answer, f"{answer['of']['id']} {verb} {counted(answer['total'], 'resource')}")


def impact(answer: Answer) -> str:
    """What is affected, by kind; then one line a resource."""
    kinds = ", ".join(counted(number, kind) for kind, number in answer["kinds"].items())
    what = answer["of"]["id"] + (f", field {answer['field']}," if "field" in answer else "")
    return _reached(answer, f"{what} affects {kinds or 'nothing'}")


def _reached(answer: Answer, head: str) -> str:
    lines = []
    for one in answer["resources"]:
        by = one["by"]
        fields = f" ({', '.join(by['fields'])})" if "fields" in by else ""
        lines.append([str(one["depth"]), one["kind"], one["name"], f"{by['kind']}{fields}", where(by)])
    parts = [plain(head)]
    if lines:
        parts.append(table(["DEPTH", "KIND", "NAME", "BY", "WHERE"], lines))
    if answer["cycles"]:
        parts.append("\n".join(["cycles:", *(f"  {plain(_round(group))}" for group in answer["cycles"])]))
    if not answer["complete"]:
        parts.append(f"not complete: {answer['reason']}")
    return "\n\n".join(parts)


def _round(group: Sequence[str]) -> str:
    return f"{group[0]} needs itself" if len(group) == 1 else f"{', '.join(group)} need each other"


def who_handles(answer: Answer) -> str:
    """Who answers, what runs, who does not answer and why."""
    asked = f"{answer['method']} {answer['path']}"
    head = [plain(f"{asked} -> {_outcome(answer)}"), plain(f"  {answer['why']}")]
    if not answer["certain"]:
        head.append("  known only at run time: this is the answer where the conditions hold")
    parts = ["\n".join(head)]
    if answer.get("stack"):
        parts.append("runs\n" + _layers(answer["stack"]))
    if answer["losers"]:
        lines = [[f"  {','.join(one['methods'])} {one['pattern']}", one["why"]] for one in answer["losers"]]
        parts.append("not\n" + table([], lines))
    return "\n\n".join(parts)


def _outcome(answer: Answer) -> str:
    if "route" in answer and answer["route"] is not None:
        route = answer["route"]
        name = f"{','.join(route['methods'])} {route['pattern']}" if route["pattern"] else "the fallback"
        values = ", ".join(f"{key}={value!r}" for key, value in route["values"].items())
        return f"{name}, {short(route['handler'], 1)} at {where(route)}" + (f", {values}" if values else "")
    if answer["outcome"] == "mcp":
        return "MCP"
    allow = f", Allow: {', '.join(answer['allow'])}" if "allow" in answer else ""
    return f"{answer['status']} {answer['outcome'].replace('_', ' ')}{allow}"


def effective_stack(answer: Answer) -> str:
    """The layers, the outermost first."""
    parts = [plain(answer["route"]), _layers(answer["stack"])]
    if answer["exception_handlers"]:
        lines = [
            [f"  {one['catches']}", short(one["id"], 1), where(one)] for one in answer["exception_handlers"]
        ]
        parts.append("exceptions\n" + table([], lines))
    return "\n\n".join(parts)


def _layers(layers: Sequence[Answer]) -> str:
    lines = []
    for one in layers:
        if one["layer"] == "parameters":
            said = ", ".join(f"{read['name']} ({read['in']})" for read in one["reads"])
            lines.append(["  parameters", said, ""])
        else:
            runs = f" {one['runs']}" if "runs" in one else ""
            because = f" ({one['because']})" if "because" in one else ""
            level = f" ({one['level']})" if "level" in one else ""
            place = where(one) if "line" in one else "-"
            lines.append([f"  {one['layer']}", short(one["id"], 1) + level + runs + because, place])
    return table([], lines)


def tools(answer: Answer) -> str:
    """One line a tool: what it takes and gives."""
    lines = []
    for one in answer["tools"]:
        takes = ", ".join(
            f"{p['name']}: {p['type']}" if "type" in p else p["name"] for p in one["parameters"]
        )
        gives = (
            f"{takes and f'({takes})'} -> {one['response']}" if "response" in one else takes and f"({takes})"
        )
        lines.append([one["kind"], one["name"], gives or "-", one["doc"] or "-", where(one)])
    return table(["KIND", "NAME", "TAKES", "ABOUT", "WHERE"], lines)


def blocks(answer: Answer) -> str:
    """One line a block, and one a pipeline."""
    lines = [
        [
            "block",
            one["name"],
            f"{one.get('input', '-')} -> {one.get('output', '-')}",
            short(one["class"]),
            where(one),
        ]
        for one in answer["blocks"]
    ]
    for one in answer["pipelines"]:
        joint = " >> " if one["form"] == ">>" else ", "
        lines.append(
            ["pipeline", one["name"], joint.join(map(short, one["blocks"])), one["form"], where(one)]
        )
    return table(["KIND", "NAME", "TYPES OR BLOCKS", "FORM", "WHERE"], lines)


def unresolved(answer: Answer) -> str:
    """One line a thing that could not be proven."""
    if not answer["unresolved"]:
        return "everything was resolved"
    rows = [
        [
            f"{one['span']['file']}:{one['span']['line']}" if "span" in one else "-",
            one["what"],
            one["reason"] + (" (blocks a build)" if one["blocks_build"] else ""),
        ]
        for one in answer["unresolved"]
    ]
    return table(["WHERE", "WHAT", "REASON"], rows)


def stats(answer: Answer) -> str:
    """Figures, a section a kind of figure."""
    parts = [f"metadata.json {answer['schema']}, {answer['bytes']} bytes"]
    for section in ("resources", "methods", "edges", "facts"):
        rows = [[f"  {name}", str(number)] for name, number in answer[section].items()]
        parts.append(f"{section} {sum(answer[section].values())}" + (f"\n{table([], rows)}" if rows else ""))
    findings = sum(answer["diagnostics"].values())
    lines = [["documented", str(answer["documented"])], ["diagnostics", str(findings)]]
    lines += [["unresolved", str(answer["unresolved"])], ["patterns", str(answer["patterns"])]]
    parts.append(table([], lines))
    if answer["most_needed"]:
        rows = [
            [f"  {one['name']}", one["kind"], f"by {one['users']}", where(one)]
            for one in answer["most_needed"]
        ]
        parts.append(f"needed most\n{table([], rows)}")
    if answer["pattern_usage"]:
        rows = [
            [f"  {one['name']}", f"asked for {one['asked']}", f"suggested {one['suggested']}"]
            for one in answer["pattern_usage"]
        ]
        parts.append(f"patterns asked for\n{table([], rows)}")
    return "\n\n".join(parts)


# -- pieces --------------------------------------------------------------------------------------------------


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, two blanks apart."""
    lines = [[plain(cell) for cell in row] for row in ([header, *rows] if header else rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(cells).rstrip() for cells in padded)


def plain(line: str) -> str:
    """``line`` with control characters shown, so that no terminal obeys them."""
    return line if line.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def where(one: Mapping[str, Any]) -> str:
    """``file:line``, or ``-`` where a stripped build does not say."""
    return f"{one['file']}:{one['line']}" if one["file"] else "-"


def short(id_: str, dots: int = 0) -> str:
    """The last part of an id's name, or the last with the one before."""
    return ".".join(id_.partition(":")[2].split(".")[-1 - dots :]) if ":" in id_ else id_.rpartition(".")[2]


def bare(id_: str) -> str:
    """An id without its kind."""
    return id_.partition(":")[2] or id_


def plural(noun: str, number: int) -> str:
    return noun if number == 1 or noun in ("info", "middleware") else f"{noun}s"


def counted(number: int, noun: str) -> str:
    return f"{number} {plural(noun, number)}"


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


TABLES: dict[str, Callable[[Answer], str]] = {
    one.__name__: one
    for one in (
        *(overview, resources, resource, routes, deps, impact, who_handles, effective_stack),
        *(tools, blocks, unresolved, stats),
    )
}
