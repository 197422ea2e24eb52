"""Tables in which nothing is wrong: specific routes before general ones, as real services have them.

A table is ``METHODS /path annotation…`` a line, the most specific first, so it is right in either precedence.
"""

from itertools import combinations, pairwise

RESOURCES = ("users", "orders", "team-members", "files", "v1/books", "x.y", "ünits", "s p")

CRUD = """
GET /{r}
POST /{r}
GET /{r}/me
GET /{r}/{{id}} id=int
PUT /{r}/{{id}} id=int
PATCH /{r}/{{id}} id=int
DELETE /{r}/{{id}} id=int
GET /{r}/{{name}} name=str
"""
NESTED = """
GET /{r}/{{id}}/items id=int
GET /{r}/{{id}}/items/latest id=int
GET /{r}/{{id}}/items/{{item}} id=int item=int
GET /{r}/{{id}}/items/{{item}} id=int item=uuid
GET /{r}/{{id}}/items/{{item}} id=int item=str
GET /{r}/{{slug}}/posts slug=str
GET /{r}/{{slug}}/posts/{{n}} slug=str n=int
"""
FILES = """
GET /{r}/files/index.html
GET /{r}/files/{{name}} name=str
GET /{r}/files/{{name}}/raw name=str
GET /{r}/files/{{rest:path}} rest=str
POST /{r}/files/{{rest:path}} rest=str
GET /{{rest:path}} rest=str
"""
VALUES = """
GET /{r}/by/{{color}} color=color
GET /{r}/by/{{date}} date=date
GET /{r}/by/{{id}} id=uuid
GET /{r}/page/{{n}} n=low
GET /{r}/page/{{n}} n=high
GET /{r}/page/{{n}} n=uuid
GET /{r}/page/{{kind}} kind=short
GET /{r}/page/{{kind}} kind=long
"""
METHODS = """
GET /{r}
HEAD /{r}
* /{r}
POST,PUT /{r}/{{id}} id=int
GET,DELETE /{r}/{{id}} id=int
* /{r}/{{id}} id=int
OPTIONS /{r}/{{id}} id=int
"""
SLASHES = """
GET /{r}
GET /{r}/
GET /{r}/{{id}} id=int
GET /{r}/{{id}}/ id=int
GET /{r}//{{id}} id=str
GET /{r}/{{id}}// id=str
"""
VERSIONS = """
GET /v1/{r}/{{id}} id=int
GET /v2/{r}/{{id}} id=int
GET /v2/{r}/{{id}}/full id=str
GET /{{version}}/{r}/{{id}} version=str id=int
GET /{{version}}/{r} version=str
GET /{{version}}/{{rest:path}} version=str rest=str
"""
SHAPES = (CRUD, NESTED, FILES, VALUES, METHODS, SLASHES, VERSIONS)


def tables() -> list[list[str]]:
    """Each shape for each resource, and each two of them for two: more than 200."""
    single = [[shape.format(r=one)] for shape in SHAPES for one in RESOURCES]
    double = [
        [first.format(r=one), second.format(r=other)]
        for first, second in combinations(SHAPES, 2)
        for one, other in pairwise(RESOURCES)
    ]
    return [[line for text in texts for line in text.strip().splitlines()] for texts in single + double]
