"""Answers in → Mermaid flowcharts. Names stand in quoted labels, escaped; nodes have numbers of ours."""

from __future__ import annotations

from itertools import pairwise

from conduit.introspect.tables import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Answer = dict[str, Any]

#: What Mermaid would take for markup, or for the end of a label.
_MARKUP = frozenset('"#&<>;`\\%')


class Chart:
    """A flowchart: nodes by id, and arrows between them."""

    def __init__(self, direction: str = "LR") -> None:
        self._lines = [f"flowchart {direction}"]
        self._nodes: dict[str, str] = {}

    def node(self, id_: str, label: str, shape: str = "[]") -> str:
        """The node of an id, made where there is none."""
        known = self._nodes.get(id_)
        if known is None:
            known = self._nodes[id_] = f"n{len(self._nodes)}"
            self._lines.append(f'    {known}{shape[0]}"{escaped(label)}"{shape[1]}')
        return known

    def arrow(self, one: str, other: str, label: str = "", line: str = "-->") -> None:
        said = f'|"{escaped(label)}"|' if label else ""
        self._lines.append(f"    {one} {line}{said} {other}")

    def note(self, text: str) -> None:
        """A comment, which is not drawn."""
        self._lines.append(f"    %% {escaped(text)}")

    def text(self) -> str:
        return "\n".join(self._lines)


def escaped(text: str) -> str:
    """``text`` inside of a label: markup as entities, control characters as they would be typed."""
    return "".join(
        f"#{ord(c)};" if c in _MARKUP else c if c.isprintable() else ascii(c)[1:-1].replace("\\", "#92;")
        for c in text
    )


def routes(answer: Answer) -> str:
    """From the request through middleware to the handler."""
    chart = Chart()
    for row in answer["routes"]:
        name = f"{','.join(row['methods'])} {row['pattern']}" if row["pattern"] else "fallback"
        before = chart.node(row["id"], name, "()")
        for id_ in row["middleware"]:
            after = chart.node(f"{row['id']} {id_}", short(id_), "{}")
            chart.arrow(before, after)
            before = after
        chart.arrow(before, chart.node(row["handler"], short(row["handler"], 1)))
    return chart.text()


def depending(answer: Answer) -> str:
    """Each resource, joined to the one by which it was reached; arrows lead to what is needed."""
    chart, of = Chart(), answer["of"]
    reverse = answer.get("reverse", True)
    chart.node(of["id"], f"{of['kind']} {of['name']}", "()")
    for one in answer["resources"]:
        chart.node(one["id"], f"{one['kind']} {one['name']}")
    for one in answer["resources"]:
        by = one["by"]
        nearer = chart.node(by["id"], by["id"])
        here = chart.node(one["id"], one["name"])
        chart.arrow(*((here, nearer) if reverse and by["kind"] != "defines" else (nearer, here)), by["kind"])
    if not answer["complete"]:
        chart.note(f"not complete: {answer['reason']}")
    return chart.text()


def who_handles(answer: Answer) -> str:
    """The request, its route and layers; dotted, who does not answer."""
    chart = Chart()
    before = chart.node("", f"{answer['method']} {answer['path']}", "()")
    route = answer.get("route")
    name = answer["outcome"].replace("_", " ")
    if route is not None:
        name = f"{','.join(route['methods'])} {route['pattern']}" if route["pattern"] else "fallback"
    elif answer["status"]:
        name = f"{answer['status']} {name}"
    winner = chart.node("winner", name)
    chart.arrow(before, winner, line="==>")
    _layers(chart, winner, answer.get("stack", ()))
    for one in answer["losers"]:
        loser = chart.node(one["id"], f"{','.join(one['methods'])} {one['pattern']}")
        chart.arrow(before, loser, one["why"], "-.->")
    return chart.text()


def effective_stack(answer: Answer) -> str:
    """The layers, one after the other."""
    chart = Chart()
    _layers(
        chart, chart.node("", answer["route"].partition("#")[2] or answer["route"], "()"), answer["stack"]
    )
    return chart.text()


def _layers(chart: Chart, before: str, layers: Any) -> None:
    for one in layers:
        label = ", ".join(read["name"] for read in one.get("reads", ())) or short(one.get("id", ""), 1)
        after = chart.node(f"layer {one.get('id', '')}", f"{one['layer']}: {label}")
        chart.arrow(before, after)
        before = after


def tools(answer: Answer) -> str:
    """Each tool and its function."""
    chart = Chart()
    for one in answer["tools"]:
        name = chart.node(one["id"], f"{one['kind']} {one['name']}", "()")
        chart.arrow(name, chart.node(one["handler"], short(one["handler"], 1)))
    return chart.text()


def blocks(answer: Answer) -> str:
    """Pipelines as arrows between their blocks."""
    chart = Chart()
    for one in answer["blocks"]:
        chart.node(one["id"], one["name"])
    for pipeline in answer["pipelines"]:
        nodes = [chart.node(id_, short(id_)) for id_ in pipeline["blocks"]]
        if pipeline["form"] == ">>":
            for one, other in pairwise(nodes):
                chart.arrow(one, other, pipeline["name"])
            continue
        start = chart.node(pipeline["id"], pipeline["name"], "()")
        for one in nodes:
            chart.arrow(start, one)
    return chart.text()


DRAWINGS: dict[str, Callable[[Answer], str]] = {
    "blocks": blocks,
    "deps": depending,
    "effective_stack": effective_stack,
    "impact": depending,
    "routes": routes,
    "tools": tools,
    "who_handles": who_handles,
}
