"""The command ``conduitc``. Imports next to nothing before it knows what is asked."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> None:
    """Run the command line; exit 70 on a fault of ours, 130 on an interrupt."""
    from conduitc.cli.out import discard, finished, prepare

    prepare()
    try:
        code: str | int | None = _dispatch(sys.argv[1:])
    except SystemExit as end:
        code = end.code
    except KeyboardInterrupt:
        _interrupted()
    except BrokenPipeError:
        discard()  # the reader of our output went away: nothing more to say
        sys.exit(0)
    except Exception as error:
        if isinstance(error, OSError) and not finished("\n"):  # libraries print, too
            sys.exit(2)
        if _was_interrupt(error):
            _interrupted()
        import traceback

        traceback.print_exc()
        print("conduitc: this is a fault of conduitc; please report it with the lines above", file=sys.stderr)
        sys.exit(70)
    code = code if finished() else code or 2
    _ignore_interrupts()
    sys.exit(code)


def _was_interrupt(error: Exception) -> bool:
    """Python loads `unicodedata` for the first text that names a character, and tells an interrupt meanwhile
    as a fault of that text."""
    return isinstance(error, SyntaxError) and "can't load unicodedata" in str(error)


def _interrupted() -> NoReturn:
    """End with 130. Python would end itself by the signal where the interrupt came while it executed text."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # nobody reads it any more
            continue
    os._exit(130)


def _ignore_interrupts() -> None:
    """All is said and done; while Python takes itself apart, an interrupt would end it by the signal."""
    # `signal` imports enum, which takes longer than some answers
    import _signal  # type: ignore[import-not-found]

    try:
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    except ValueError:  # called in a thread
        return


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["run"]:
        from conduitc.cli.run import run_command

        return run_command(arguments[1:])
    if arguments[:1] == ["mcp"]:
        from conduitc.cli.mcp import mcp_command

        return mcp_command(arguments[1:])
    _put_last(os.environ.get("PYTHONPATH", ""))
    from conduitc.cli.fast import answer

    code = answer(arguments)
    if code is not None:
        return code
    from conduitc.cli.main import run_cli

    return run_cli(arguments)


def _put_last(named: str) -> None:
    """What ``PYTHONPATH`` names is for the app: were it first, a user's ``json.py`` would run in here."""
    folders = {os.path.abspath(one) for one in named.split(os.pathsep)} if named else set()
    sys.path.sort(key=lambda one: os.path.abspath(one) in folders)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        sys.path.pop(0)  # `python -m` puts the working directory there: a user's `random.py` is not for us
    main()
