"""Who may call by MCP: what is known of ``auth=`` can work, and scopes are asked of somebody.

In: the whole App. Out: the same App. Most settings come from the environment; these are looked at when the
program starts.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App, Auth, Offer
from conduitc.passes import auth_rules as rules

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    enabled = [one for one in app.declarations if one.kind == "enable_mcp"]
    found = [rules.TWICE.at(one.span, help="one app offers MCP at one place") for one in enabled[1:]]
    over_http = app.offer("transport") in ("http", "sse")
    if app.mcp_auth is not None:
        found += [rules.CANNOT_WORK.at(app.mcp_auth.span, why=why) for why in _faults(app.mcp_auth)]
    elif over_http:
        for offer in app.offers:
            if scopes := scopes_of(offer):
                found.append(_nobody(offer, scopes))
    for offer in app.offers:
        bad = [one for one in scopes_of(offer) if not _is_scope(one)]
        found += [rules.NO_SCOPE.at(offer.span, scope=one) for one in bad]
    return app, tuple(found)


def scopes_of(offer: Offer) -> tuple[str, ...]:
    """What a token must be good for; completions need what they complete."""
    found: tuple[str, ...] = getattr(offer, "scopes", ())
    return found


def _nobody(offer: Offer, scopes: tuple[str, ...]) -> Diagnostic:
    name = getattr(offer, "name", offer.id)
    help_ = "give `app.enable_mcp(...)` an `auth=`, or leave `scopes=` out"
    return rules.UNASKED.at(offer.span, name=name, scopes=" ".join(scopes), help=help_)


def _faults(auth: Auth) -> Iterator[str]:
    known = {name: one.value for name, one in auth.facts}
    audience = known.get("audience")
    first = audience[0] if isinstance(audience, list | tuple) and audience else audience
    if "audience" in known and not (isinstance(first, str) and _is_address(first)):
        yield "`audience=` begins with the address by which clients call MCP, such as https://shop.example/mcp"
    issuer = known.get("issuer")
    if "issuer" in known and not (isinstance(issuer, str) and _is_address(issuer)):
        yield "`issuer=` is the address of who makes the tokens, such as https://auth.example"
    keys = known.get("keys")
    if isinstance(keys, str) and not _is_address(keys):
        yield "`keys=` is an address without TLS: whoever is on the way could give other keys"
    scopes = known.get("scopes", ())
    for scope in scopes if isinstance(scopes, list | tuple) else ():
        if not isinstance(scope, str) or not _is_scope(scope):
            yield f"`{scope}` is no scope"


def _is_address(text: str) -> bool:
    """Of TLS, or of the very machine."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    local = parts.scheme == "http" and host in _LOOPBACK
    return bool(host) and (parts.scheme == "https" or local) and not parts.fragment


def _is_scope(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and not set(text) & set(' "\\')
