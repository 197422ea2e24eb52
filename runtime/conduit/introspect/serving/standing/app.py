"""What a server without an app of the user's imports as ``app``: introspection of one metadata.json."""

from conduit.introspect.serving.alone import app_of_environment

app = app_of_environment()
