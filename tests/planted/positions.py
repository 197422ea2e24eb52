"""Where a secret may stand in a program: one block of source for secret number ``N``, literal ``V``."""

HEAD = """\
import os
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Literal

import msgspec
from conduit import Conduit, Cookie, Header, HTTPError, Query, Response, Router
from conduit.blocks import Block
from conduit.ml import NumpyModel
from msgspec import Meta

"""
APP = "app = Conduit()\n\n"

_GET = "@app.get('/p{N}')\n"

# Blocks are read as they are, however long.
# ruff: noqa: E501
POSITIONS = {
    "default": _GET + "def h{N}(q: str = {V}):\n    return q\n",
    "default of a body": "@dataclass\nclass A{N}:\n    a: str = {V}\n\n\n@app.post('/p{N}')\ndef h{N}(b: A{N}):\n    return b.a\n",
    "default of a field": (
        "class A{N}(msgspec.Struct):\n    a: list[str] = msgspec.field(default_factory=lambda: [{V}])\n\n\n"
        "@app.post('/p{N}')\ndef h{N}(b: A{N}):\n    return b.a\n"
    ),
    "docstring": _GET + "def h{N}():\n    {V}\n    return 1\n",
    "docstring of a class": "@dataclass\nclass A{N}:\n    {V}\n\n    a: str\n\n\n@app.post('/p{N}')\ndef h{N}(b: A{N}):\n    return b.a\n",
    "comment": "# the key is {L}\n" + _GET + "def h{N}():\n    # until May: {L}\n    return 1  # {L}\n",
    "summary": "@app.get('/p{N}', summary='Use ' + {V})\ndef h{N}():\n    return 1\n",
    "description": "@app.get('/p{N}', description={V})\ndef h{N}():\n    return 1\n",
    "tag": "@app.get('/p{N}', tags=[{V}])\ndef h{N}():\n    return 1\n",
    "name": "@app.get('/p{N}', name={V})\ndef h{N}():\n    return 1\n",
    "tool": "@app.tool(name='t{N}', description={V})\ndef h{N}(q: str = {V}):\n    return q\n",
    "docstring of a tool": "@app.tool(name='t{N}')\ndef h{N}(q: str):\n    {V}\n    return q\n",
    "tool schema": (
        "@app.tool(name='t{N}', description='d', schema={{'type': 'object', 'properties': {{'q': {{'type': 'string', "
        "'default': {V}, 'description': {V}, 'enum': [{V}], 'examples': [{V}]}}}}}})\ndef h{N}(q: str):\n    return q\n"
    ),
    "meta": (
        _GET + "def h{N}(q: Annotated[str, Meta(title={V}, description={V}, examples=[{V}], "
        "extra_json_schema={{'x': {V}}}, extra={{'y': {V}}})]):\n    return q\n"
    ),
    "pattern": "import re\n\n\n" + _GET + "def h{N}(q: Annotated[str, Meta(pattern={V})]):\n    return q\n",
    "enum": "class E{N}(Enum):\n    A = {V}\n    B = 'b'\n\n\n"
    + _GET
    + "def h{N}(q: E{N}, p: E{N} = E{N}.A):\n    return 1\n",
    "literal": _GET + "def h{N}(q: Literal[{V}, 'b'] = {V}) -> Literal[{V}]:\n    return {V}\n",
    "model": (
        "app.register_model({V}, NumpyModel('m.npz'))\n\n\n"
        "@app.ml_endpoint('/p{N}', {V})\ndef h{N}(q: list[float]):\n    return q\n"
    ),
    "block": "class B{N}(Block[int, int]):\n    {V}\n\n    key = {V}\n\n\nb{N} = B{N}({V})\n",
    "middleware": (
        "class M{N}:\n    def __init__(self, app, secret):\n        self.app = app\n\n\napp.use(M{N}, secret={V})\n"
        "\n\n" + _GET + "def h{N}():\n    return 1\n"
    ),
    "environment": "K{N} = os.environ.get('K', {V})\n\n\n"
    + _GET
    + "def h{N}(q: str = K{N}, p: str = os.getenv('P', {V})):\n    return q\n",
    "constant": "K{N} = {V}\n\n\n" + _GET + "def h{N}(q: str = K{N}):\n    return q + K{N}\n",
    "answer": _GET + "def h{N}():\n    return {V}\n",
    "part of an answer": "K{N} = 'x' + {V}\n\n\n"
    + _GET
    + "def h{N}():\n    return {{'a': [K{N}], {V}: 1, 'b': {{'c': {V}}}}}\n",
    "detail": _GET + "def h{N}():\n    raise HTTPError(409, {V})\n",
    "exception": _GET + "def h{N}(n: int = 0):\n    return [1 / n, {V}]\n",
    "decorator": "def d{N}(text):\n    return lambda function: function\n\n\n"
    + _GET
    + "@d{N}({V})\ndef h{N}():\n    return 1\n",
    "unresolved": "r{N} = Router(prefix='/p{N}')\n\n\n@r{N}.get('/x', tags=[str({V}.strip())])\ndef h{N}():\n    return 1\n\n\napp.include(r{N})\n",
    "annotation": _GET + "def h{N}(b: 'Literal[{L}] | int' = 1):\n    return b\n",
    "hook": "@app.on_startup\ndef h{N}(app={V}):\n    {V}\n",
    "app": "app = Conduit(title={V}, version={V}, description={V})\n",
    "module": "{V}\n",
}
#: One program for each secret.
ALONE = ("app", "module")
#: What clients must say or hear cannot be kept from generated code: such a program is refused.
PUBLIC = {
    "path": "@app.get('/p{N}/' + {V})\ndef h{N}():\n    return 1\n",
    "prefix": "r{N} = Router(prefix='/' + {V})\n\n\n@r{N}.get('/x')\ndef h{N}():\n    return 1\n\n\napp.include(r{N})\n",
    "query": _GET + "def h{N}(q: Annotated[str, Query({V})]):\n    return q\n",
    "header": _GET + "def h{N}(q: Annotated[str, Header({V})]):\n    return q\n",
    "cookie": _GET + "def h{N}(q: Annotated[str, Cookie({V})]):\n    return q\n",
    "struct tag": "class A{N}(msgspec.Struct, tag={V}):\n    a: str\n\n\n@app.post('/p{N}')\ndef h{N}(b: A{N}):\n    return b.a\n",
    "endpoint": (
        "app.register_model('m{N}', NumpyModel('m.npz'))\n\n\n"
        "@app.ml_endpoint('/p{N}/' + {V}, 'm{N}')\ndef h{N}(q: list[float]):\n    return q\n"
    ),
}
