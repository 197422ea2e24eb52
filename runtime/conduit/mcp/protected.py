"""A policy → what tells clients where tokens are to be had (RFC 9728): the document, and its address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec.json import encode

from conduit.auth.policy import is_safe

if TYPE_CHECKING:
    from conduit.auth.policy import Policy
    from conduit.mcp.catalogue import Catalogue

WELL_KNOWN = "/.well-known/oauth-protected-resource"


def place(policy: Policy) -> str | None:
    """The document's address, which follows from that of the resource; None where there is no document.

    Raises:
        ValueError: it cannot be told.
    """
    if not policy.audience and policy.issuer is None:
        return None
    resource = policy.audience[0] if policy.audience else ""
    parts = urlsplit(resource) if is_safe(resource) else None
    if parts is None or parts.query or parts.fragment or not resource.isprintable() or '"' in resource:
        raise ValueError(
            f"audience= begins with the address by which clients call MCP (https, or http on this machine), "
            f"not {resource!r}"
        )
    if policy.issuer is None or not is_safe(policy.issuer):
        raise ValueError(f"issuer= is the address of who makes the tokens, not {policy.issuer!r}")
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{'' if parts.path == '/' else parts.path}"


def document(policy: Policy, catalogue: Catalogue) -> bytes | None:
    """What stands there: the resource, who makes tokens for it, and every scope that something needs."""
    if not policy.audience or policy.issuer is None:
        return None
    more = (scope for scopes in catalogue.scopes.values() for scope in scopes)
    scopes = list(dict.fromkeys((*policy.scopes, *more)))
    return encode(
        {
            "resource": policy.audience[0],
            "authorization_servers": [policy.issuer],
            **({"scopes_supported": scopes} if scopes else {}),
            "bearer_methods_supported": ["header"],
        }
    )
