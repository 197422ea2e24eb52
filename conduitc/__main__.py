"""The command ``conduitc``. Imports next to nothing before it knows what is asked."""

import sys


def main() -> None:
    """Run the command line; exit 70 on a fault of ours, 130 on an interrupt."""
    from conduitc.cli.out import discard, prepare

    prepare()
    try:
        sys.exit(_dispatch(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        discard()  # the reader of our output went away: nothing more to say
        sys.exit(0)
    except Exception:
        import traceback

        traceback.print_exc()
        print("conduitc: this is a fault of conduitc; please report it with the lines above", file=sys.stderr)
        sys.exit(70)


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["run"]:
        from conduitc.cli.run import run_command

        return run_command(arguments[1:])
    from conduitc.cli.fast import answer

    code = answer(arguments)
    if code is not None:
        return code
    from conduitc.cli.main import run_cli

    return run_cli(arguments)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        sys.path.pop(0)  # `python -m` puts the working directory there: a user's `random.py` is not for us
    main()
