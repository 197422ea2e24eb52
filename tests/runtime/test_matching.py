"""Which path counts: escapes, ``root_path``, absolute targets, paths that a middleware rewrote."""

import pytest

from tests.runtime.client import app, call


def show(request):
    return request.params


def static(request):
    return "static"


# the finder is linear: static routes stand first
SERVED = app(
    {"GET /x y/z": static, "GET //": static, "GET /é": static, "GET /{a}": show, "GET /{a}/{b}": show}
)


@pytest.mark.parametrize(
    ("target", "params"),
    [
        ("/a%2Fb", {"a": "a/b"}),
        ("/a%2fb/c", {"a": "a/b", "b": "c"}),
        ("/%25", {"a": "%"}),
        ("/%2525", {"a": "%25"}),
        ("/a+b", {"a": "a+b"}),
        ("/caf%C3%A9", {"a": "café"}),
        ("/..", {"a": ".."}),
        ("/%2E%2E/x", {"a": "..", "b": "x"}),
        ("/a;b=c", {"a": "a;b=c"}),
    ],
)
def test_segments_are_decoded_one_by_one(target, params):
    assert call(SERVED, "GET", target).json == params


def test_static_segments_match_decoded():
    assert call(SERVED, "GET", "/x%20y/z").json == "static"
    assert call(SERVED, "GET", "/x%20y/%7A").json == "static"
    assert call(SERVED, "GET", "/%C3%A9").json == "static"


@pytest.mark.parametrize(
    "target", ["/%", "/%2", "/%zz", "/a%2/b", "/%00", "/a%00b", "/%ff", "/%C3", "/%E2%82"]
)
def test_what_does_not_decode_is_400(target):
    got = call(SERVED, "GET", target)
    assert got.status == 400
    assert got.header("content-type") == "application/problem+json"


def test_what_does_not_decode_is_400_for_any_method_and_path():
    assert call(SERVED, "POST", "/%zz").status == 400
    assert call(SERVED, "BREW", "/nowhere/at/all/%zz").status == 400
    assert call(SERVED, "OPTIONS", "/%zz").status == 400


def test_without_raw_path_the_path_counts():
    assert call(SERVED, "GET", "/", path="/a b/c", raw_path=None).json == {"a": "a b", "b": "c"}
    scope_less = call(SERVED, "GET", "/", path="/100%", raw_path=None)
    assert scope_less.json == {"a": "100%"}


def test_a_rewritten_path_counts():
    assert call(SERVED, "GET", "/a%2Fb", path="/c/d").json == {"a": "c", "b": "d"}
    assert call(SERVED, "GET", "/%zz", path="/c").json == {"a": "c"}


@pytest.mark.parametrize(
    ("root", "target", "params"),
    [
        ("/api", "/api/a", {"a": "a"}),
        ("/api", "/api/a%2Fb", {"a": "a/b"}),
        ("/api/", "/api/a", {"a": "a"}),
        ("/api", "/apix", {"a": "apix"}),
        ("/api", "/apix/y%20z", {"a": "apix", "b": "y z"}),
        ("/my api", "/my%20api/a", {"a": "a"}),
        ("/api/v1", "/api/v1/a/b%3F", {"a": "a", "b": "b?"}),
    ],
)
def test_root_path_is_taken_away(root, target, params):
    assert call(SERVED, "GET", target, root_path=root).json == params


def test_root_path_alone_is_the_root():
    served = app({"GET /": static})
    assert call(served, "GET", "/api", root_path="/api").status == 200
    assert call(served, "GET", "/api/", root_path="/api").status == 200


def test_scheme_and_authority_are_taken_away():
    assert call(SERVED, "GET", "http://example.com/a").json == {"a": "a"}
    assert call(SERVED, "GET", "http://example.com:80/a%2Fb/c").json == {"a": "a/b", "b": "c"}
    assert call(app({"GET /": static}), "GET", "http://example.com").status == 200


def test_empty_segments_are_segments():
    assert call(SERVED, "GET", "//").json == "static"
    assert call(SERVED, "GET", "//a").status == 404
    assert call(SERVED, "GET", "/a/").status == 404


def test_a_path_that_is_none():
    assert call(SERVED, "GET", "/", path="", raw_path=b"").status == 404
    assert call(SERVED, "GET", "/", path="a", raw_path=b"a").status == 404
