"""What can be answered before typer is imported (which takes longer than the answer)."""


def answer(arguments: list[str]) -> int | None:
    """The exit code, or None where typer is needed."""
    if arguments == ["--version"]:
        from conduitc import __version__
        from conduitc.cli.out import put

        put(f"conduitc {__version__}")
        return 0
    if arguments[:1] == ["introspect"]:
        from conduitc.cli.introspect import introspect_command

        return introspect_command(arguments[1:])
    return None
