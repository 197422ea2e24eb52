"""``python -m conduit.server DIST``."""

import sys

from conduit.server.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
