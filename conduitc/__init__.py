"""conduitc: a source-to-source compiler for Python services.

The compiler never executes user code and is never imported by a built app.
"""

__version__ = "0.1.0"
