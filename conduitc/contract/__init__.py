"""What an app promises to MCP's clients, before and now → where the promise is broken.

``offered`` says what there is (from an App), ``read`` the same from an old metadata.json, ``subset`` compares
schemas, ``changes`` makes findings of it.
"""
