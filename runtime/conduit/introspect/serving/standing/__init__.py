"""A folder that is put on the path: a server without an app of the user's imports ``app`` from here."""
