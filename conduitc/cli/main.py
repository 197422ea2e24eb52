"""The typer application: every command's options, handed on to one file a command."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conduitc import __version__
from conduitc.cli.out import put

if TYPE_CHECKING:
    from conduitc.codegen.emit import Target

app = typer.Typer(
    name="conduitc",
    help="A source-to-source compiler for Python services.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Kind(Enum):
    """Targets of a build."""

    cython = "cython"
    python = "python"


class Format(Enum):
    """Formats of ``check``."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


class Report(Enum):
    """Formats of ``doctor``."""

    text = "text"
    json = "json"


class Template(Enum):
    """What ``new`` can begin with."""

    api = "api"
    mcp = "mcp"


@app.command()
def build(
    target: Annotated[str, typer.Argument(metavar="APP", help="app.py, a package, or module:variable")],
    output: Annotated[Path, typer.Option("-o", "--output", help="the folder to write")] = Path("dist"),
    kind: Annotated[Kind | None, typer.Option("--target", help="cython where there is a C compiler")] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="native modules compiled at once")] = 2,
    no_fold: Annotated[bool, typer.Option("--no-fold", help="compute constant answers at run time")] = False,
    lazy: Annotated[bool, typer.Option("--lazy", help="import route groups when first asked for")] = False,
    strip: Annotated[bool, typer.Option("--strip", help="leave docs, comments and places out")] = False,
    no_typed: Annotated[bool, typer.Option("--no-typed", help="leave numeric loops to Python")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="make everything anew")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="build again on save")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="print problems only")] = False,
) -> None:
    """Compile an app into a folder that any ASGI server can serve."""
    from conduitc.cli.build import build_command
    from conduitc.options import Options

    chosen: Target | None = None if kind is None else "cython" if kind is Kind.cython else "python"
    options = Options(fold=not no_fold, lazy=lazy, strip=strip, typed=not no_typed)
    raise typer.Exit(build_command(target, output, chosen, jobs, options, quiet, no_cache, watch))


@app.command()
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="apps or modules to check")],
    format: Annotated[Format, typer.Option("--format", help="how to print findings")] = Format.text,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="exit 0 whatever is found")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="print no hints and no summary")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="apply the fixes that are safe")] = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="report only what FILE does not list")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option("--write-baseline", metavar="FILE", help="list in FILE all there is now")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="METADATA", help="break nothing that it promises")
    ] = None,
) -> None:
    """Analyse only; exit 1 on an error or a warning."""
    from conduitc.cli.check import check_command

    raise typer.Exit(
        check_command(paths, format.value, exit_zero, quiet, fix, baseline, write_baseline, against)
    )


@app.command()
def explain(code: Annotated[str, typer.Argument(metavar="CODE", help="CDT230, or route-conflict")]) -> None:
    """Print a rule with wrong and right."""
    from conduitc.cli.explain import explain_command

    raise typer.Exit(explain_command(code))


@app.command()
def dev(
    target: Annotated[str, typer.Argument(metavar="APP")],
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
) -> None:
    """Serve while you work: check and reload on save, keep the last good version."""
    from conduitc.cli.dev import dev_command

    raise typer.Exit(dev_command(target, host, port))


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def run(context: typer.Context) -> None:
    """Serve a build in production: conduitc run DIST [--host --port --workers ...]."""
    from conduitc.cli.run import run_command

    raise typer.Exit(run_command(context.args))


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def mcp(context: typer.Context) -> None:
    """Offer an app's tools over stdin and stdout: conduitc mcp DIST."""
    from conduitc.cli.mcp import mcp_command

    raise typer.Exit(mcp_command(context.args))


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def introspect(context: typer.Context) -> None:
    """Ask about a build or a source file: conduitc introspect METADATA|APP [resources|routes|...]."""
    from conduitc.cli.introspect import introspect_command

    raise typer.Exit(introspect_command(context.args))


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="NAME", help="the project's folder, and its name")],
    template: Annotated[Template, typer.Option("--template", help="what to begin with")] = Template.api,
) -> None:
    """Make a project that builds and passes its own test at once."""
    from conduitc.cli.new import new_command

    raise typer.Exit(new_command(folder, template.value))


@app.command()
def doctor(
    format: Annotated[Report, typer.Option("--format", help="how to print")] = Report.text,
) -> None:
    """Say what is missing on this machine and how to get it."""
    from conduitc.cli.doctor import doctor_command

    raise typer.Exit(doctor_command(format.value))


@app.command()
def completion(shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish")]) -> None:
    """Print a completion script."""
    from conduitc.cli.completion import completion_command

    raise typer.Exit(completion_command(shell))


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", is_eager=True, help="print the version")] = False,
) -> None:
    if show:
        put(f"conduitc {__version__}")
        raise typer.Exit(0)


def run_cli(arguments: list[str]) -> int:
    """Run one command; gives the exit code (2 for wrong usage)."""
    try:
        app(arguments, prog_name="conduitc")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
