"""What the serving commands share: how a build is recognised, how an address is written."""

#: The file that marks a build (``conduitc.output`` writes it; importing that room costs more than this line).
MARK = "conduit-build.json"


def address(host: str, port: int) -> str:
    """``http://host:port`` as one can open it: wildcard addresses become the loopback's."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}"
