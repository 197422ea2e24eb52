"""Options → a TLS context, or a line that says what is wrong with them."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from conduit.server.listen import Refused

if TYPE_CHECKING:
    from argparse import Namespace


def context_of(options: Namespace) -> ssl.SSLContext:
    """The context of a server.

    Raises:
        Refused: a file cannot be read, or does not hold what it should.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    password = options.ssl_keyfile_password
    try:  # a function: without a password OpenSSL would ask for one on the terminal
        context.load_cert_chain(options.ssl_certfile, options.ssl_keyfile, lambda: password or "")
    except (OSError, ValueError) as error:
        named = " and ".join(filter(None, (options.ssl_certfile, options.ssl_keyfile)))
        raise Refused(f"TLS with {named}: {_why(error)}") from None
    if options.ssl_ca_certs is not None:
        try:
            context.load_verify_locations(options.ssl_ca_certs)
        except (OSError, ValueError) as error:
            raise Refused(f"TLS with {options.ssl_ca_certs}: {_why(error)}") from None
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _why(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
