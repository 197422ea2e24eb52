"""wins_over: what it says, and that every claim is witnessed by a path."""

import random
from itertools import product

from conduitc.codegen.metadata.precedence import winners
from tests.metadata.apps import route


def won(*routes: str) -> dict[str, list[str]]:
    """``{path: paths it wins over}`` for routes written ``METHOD /path``."""
    made = [route(*one.split(" ", 1), "h", 1) for one in routes]
    names = {one.id: f"{','.join(one.methods)} {one.path.text}" for one in made}
    return {names[id_]: sorted(names[b] for b in beaten) for id_, beaten in winners(made).items()}


def test_by_kind_of_segment() -> None:
    assert won("GET /a/new", "GET /a/{id:int}", "GET /a/{slug}", "GET /{rest:path}", "POST /a/new") == {
        "GET /a/new": ["GET /a/{slug}", "GET /{rest:path}"],
        "GET /a/{id:int}": ["GET /a/{slug}", "GET /{rest:path}"],
        "GET /a/{slug}": ["GET /{rest:path}"],
    }


def test_only_where_some_path_fits_both() -> None:
    assert won("GET /a", "GET /{x}/b", "GET /c/{y}/d") == {}
    assert won("GET /7", "GET /{n:int}", "GET /x7") == {"GET /7": ["GET /{n:int}"]}
    assert won("GET /{u:uuid}", "GET /{n:int}") == {}
    assert won("GET /files", "GET /files/{rest:path}") == {}
    assert won("GET /files/", "GET /files/{rest:path}", "GET /files/{x}") == {
        "GET /files/": ["GET /files/{rest:path}"],
        "GET /files/{x}": ["GET /files/{rest:path}"],
    }


def test_the_first_difference_decides() -> None:
    assert won("GET /a/{x}", "GET /{y}/b") == {"GET /a/{x}": ["GET /{y}/b"]}
    assert won("GET /a/{rest:path}", "GET /{x}/b/c") == {"GET /a/{rest:path}": ["GET /{x}/b/c"]}


def test_any_method_competes_with_each() -> None:
    assert won("* /{x}", "GET /a", "POST /b") == {"GET /a": ["* /{x}"], "POST /b": ["* /{x}"]}


def test_a_thousand_segments_and_a_thousand_routes() -> None:
    assert won("GET /" + "/".join(["a"] * 2000), "GET /{rest:path}") != {}
    assert won(*(f"GET /r{n}/{{id:int}}" for n in range(1000))) == {}


def test_against_all_paths() -> None:
    """Random small tables: every short path is matched, and segments are compared one by one."""
    source = random.Random(3)
    parts = ("a", "1", "{x}", "{x:int}", "{x:path}")
    rank = {"a": 0, "1": 0, "{x:int}": 1, "{x}": 2, "{x:path}": 3}
    paths = [path for n in (1, 2, 3) for path in product(("a", "1", "b", "2", ""), repeat=n)]

    def fits(template: tuple[str, ...], path: tuple[str, ...]) -> bool:
        if not template or not path:
            return template == path
        head = template[0]
        if head == "{x:path}":
            return True
        one = path[0]
        taken = one == head if not head.startswith("{") else one.isdigit() if "int" in head else one != ""
        return taken and fits(template[1:], path[1:])

    def beats(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        ranks = next(((rank[a], rank[b]) for a, b in zip(one, other, strict=False) if a != b), (0, 0))
        return ranks[0] < ranks[1]

    for _ in range(150):
        templates = set()
        for _ in range(source.randint(2, 6)):
            segments = [*source.choices(parts[:4], k=source.randint(0, 2)), source.choice(parts)]
            templates.add(tuple(segments))
        expected = {
            one: sorted(
                o for o in templates if beats(one, o) and any(fits(one, p) and fits(o, p) for p in paths)
            )
            for one in templates
        }
        text = {template: "/" + "/".join(template) for template in templates}
        got = won(*(f"GET {text[template]}" for template in sorted(templates)))
        assert got == {
            f"GET {text[one]}": sorted(f"GET {text[o]}" for o in beaten)
            for one, beaten in expected.items()
            if beaten
        }
