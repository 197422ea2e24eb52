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
    if arguments[:1] == ["check"]:
        from conduitc.cli.words import check_arguments

        asked = check_arguments(arguments[1:])
        if asked is not None:
            from conduitc.cli.check import check_command

            return check_command(**asked)
    if arguments[:1] == ["build"]:
        from conduitc.cli.words import build_arguments

        asked = build_arguments(arguments[1:])
        if asked is not None:
            from conduitc.cli.build import build_command

            return build_command(**asked)
    return None
