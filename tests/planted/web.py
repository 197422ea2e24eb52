"""Where a secret may stand in programs of other frameworks: blocks for secret number ``N``, literal ``V``."""

FASTAPI = """\
import os
from enum import Enum
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, File, Form, Header, HTTPException, Path, Query
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import Column, String
from sqlalchemy.orm import DeclarativeBase

app = FastAPI()


class Base(DeclarativeBase):
    pass


"""
_GET = "@app.get('/p{N}')\n"

# Blocks are read as they are, however long.
# ruff: noqa: E501
IN_FASTAPI = {
    "default": _GET
    + "def h{N}(q: str = {V}, p: str = Query({V}), c: str = Cookie(default={V})):\n    return q\n",
    "alias": _GET
    + "def h{N}(q: str = Query('x', alias={V}), p: str = Header('x', alias={V})):\n    return q\n",
    "constraints": (
        _GET + "def h{N}(q: Annotated[str, Query(title={V}, description={V}, pattern={V}, examples=[{V}], "
        "openapi_examples={{'a': {{'value': {V}, 'summary': {V}}}}}, json_schema_extra={{'x': {V}}})]):\n    return q\n"
    ),
    "field": (
        "class M{N}(BaseModel):\n    '''See {L}.'''\n\n    model_config = ConfigDict(title={V}, json_schema_extra={{'example': {V}}})\n"
        "    a: str = Field({V}, title={V}, description={V}, pattern={V}, examples=[{V}], alias={V})\n"
        "    b: Literal[{V}, 'b'] = {V}\n    c: list[str] = Field(default_factory=lambda: [{V}])\n\n\n"
        "@app.post('/p{N}', response_model=M{N})\ndef h{N}(b: M{N} = Body(..., examples=[{V}])):\n    return b\n"
    ),
    "docstring": _GET + "def h{N}():\n    {V}\n    return 1\n",
    "comment": "# the key is {L}\n" + _GET + "def h{N}():\n    # until May: {L}\n    return 1  # {L}\n",
    "texts": (
        "@app.get('/p{N}', summary={V}, description={V}, response_description={V}, "
        "responses={{404: {{'description': {V}}}}}, openapi_extra={{'x': {V}}})\ndef h{N}():\n    return 1\n"
    ),
    "names": "@app.get('/p{N}', name={V}, operation_id={V}, tags=['a', {V}])\ndef h{N}():\n    return 1\n",
    "path": "@app.post('/hook{N}/' + {V})\ndef h{N}(q: int):\n    return 1\n",
    "prefix": "r{N} = APIRouter(prefix='/a{N}/' + {V}, tags=[{V}])\n\n\n@r{N}.get('/x')\ndef h{N}():\n    return 1\n\n\napp.include_router(r{N}, prefix='/b')\n",
    "unknown path": "@app.get('/a{N}' + os.environ['X'] + {V})\ndef h{N}():\n    return 1\n",
    "enum": "class E{N}(str, Enum):\n    A = {V}\n    B = 'b'\n\n\n@app.get('/p{N}/{{q}}')\ndef h{N}(q: E{N}, p: E{N} = E{N}.A):\n    return 1\n",
    "literal": _GET + "def h{N}(q: Literal[{V}, 'b'] = {V}) -> Literal[{V}]:\n    return {V}\n",
    "dependency": (
        "def d{N}(x: str = {V}):\n    {V}\n    return x\n\n\nk{N} = APIKeyHeader(name={V}, description={V})\n\n\n"
        "@app.get('/p{N}', dependencies=[Depends(d{N})])\ndef h{N}(q: str = Depends(k{N}), r=Depends(lambda: {V})):\n    return q\n"
    ),
    "middleware": "class W{N}:\n    def __init__(self, app, secret_key):\n        self.app = app\n\n\napp.add_middleware(W{N}, secret_key={V})\n",
    "exception": (
        "class X{N}(Exception):\n    {V}\n\n\n@app.exception_handler(X{N})\ndef e{N}(request, error):\n    return JSONResponse({{'e': {V}}}, headers={{'x': {V}}})\n\n\n"
        + _GET
        + "def h{N}():\n    raise HTTPException(403, detail={V}, headers={{'X': {V}}})\n"
    ),
    "constant": "K{N} = {V}\n\n\n"
    + _GET
    + "def h{N}(q: str = K{N}, p: str = os.getenv('P', {V})):\n    return q + K{N}\n",
    "decorator": "def d{N}(text):\n    return lambda function: function\n\n\n"
    + _GET
    + "@d{N}({V})\ndef h{N}():\n    return 1\n",
    "annotation": _GET + "def h{N}(b: 'Nothing[\"{L}\"]' = 1, c: unknown({V}) = 1):\n    return b\n",
    "table": "class T{N}(Base):\n    __tablename__ = {V}\n    a = Column(String, primary_key=True, default={V}, comment={V}, doc={V})\n\n\n"
    + _GET
    + "def h{N}() -> None:\n    T{N}(a={V})\n",
    "validator": (
        "class M{N}(BaseModel):\n    a: str\n\n    @field_validator('a')\n    @classmethod\n    def v(cls, value):\n        if value == {V}:\n            raise ValueError({V})\n        return value\n\n\n"
        "@app.post('/p{N}')\ndef h{N}(b: M{N}):\n    return b\n"
    ),
    "loop": "for p{N} in ['/l{N}/' + {V}, '/m{N}']:\n    app.add_api_route(p{N}, lambda: {V}, name={V})\n",
    "mount": "app.mount('/s{N}/' + {V}, FastAPI(title={V}), name={V})\n",
    "method": "@app.api_route('/p{N}', methods=[{V}, 'GET'])\ndef h{N}():\n    return 1\n",
    "form": "@app.post('/p{N}')\ndef h{N}(a: str = Form({V}), f: bytes = File(description={V}), p: str = Path({V})):\n    return a\n",
}
#: One program for each secret.
FASTAPI_ALONE = {
    "app": "app = FastAPI(title={V}, version={V}, description={V}, openapi_tags=[{{'name': {V}, 'description': {V}}}], root_path={V}, contact={{'name': {V}}})\n",
    "module": "{V}\n",
}

FLASK = """\
import os

from flask import Blueprint, Flask, abort, jsonify, redirect, request
from flask.views import MethodView

app = Flask(__name__)


"""
_ROUTE = "@app.route('/p{N}')\n"
IN_FLASK = {
    "config": "app.config['SECRET_KEY'] = {V}\napp.secret_key = {V}\napp.config.update(SECRET_KEY={V})\n",
    "docstring": _ROUTE + "def h{N}():\n    {V}\n    return 'a'\n",
    "comment": "# the key is {L}\n" + _ROUTE + "def h{N}():\n    # until May: {L}\n    return 'a'  # {L}\n",
    "endpoint": "@app.route('/p{N}', endpoint={V}, defaults={{'q': {V}}})\ndef h{N}(q):\n    return q\n",
    "path": "@app.route('/hook{N}/' + {V}, methods=['POST'])\ndef h{N}():\n    return 'a'\n",
    "prefix": "b{N} = Blueprint('b{N}', __name__, url_prefix='/b{N}/' + {V})\n\n\n@b{N}.route('/x')\ndef h{N}():\n    return 'a'\n\n\napp.register_blueprint(b{N})\n",
    "error": "@app.errorhandler(404)\ndef e{N}(error):\n    return jsonify(error={V}), 404\n\n\n"
    + _ROUTE
    + "def h{N}():\n    abort(403, {V})\n",
    "view": "class V{N}(MethodView):\n    {V}\n\n    decorators = [str({V})]\n\n    def get(self, q={V}):\n        {V}\n        return {V}\n\n\napp.add_url_rule('/v{N}', view_func=V{N}.as_view({V}))\n",
    "before": "@app.before_request\ndef a{N}():\n    if request.headers.get('X') != {V}:\n        return redirect({V})\n",
    "rule": "@app.route('/<any({L}):q>/<regex({L}):p>')\ndef h{N}(q, p):\n    return q\n",
    "constant": "K{N} = os.environ.get('K', {V})\n\n\n@app.route('/k{N}/' + K{N})\ndef h{N}():\n    return K{N}\n",
}
