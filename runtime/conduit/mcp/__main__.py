"""``python -m conduit.mcp DIST``."""

import sys

from conduit.mcp.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
