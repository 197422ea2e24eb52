"""``conduitc completion SHELL``: a script that completes commands, options, values and resource names.

Static but for one thing: what may follow ``introspect BUILD COMMAND`` (names, paths, filters) is asked of the
build itself, which answers in milliseconds. Names are data to the scripts; no shell ever expands them.
"""

import sys

from conduitc.cli import questions
from conduitc.cli.out import put
from conduitc.cli.questions import FORMATS

#: Option → its values; ``FILE`` and ``FOLDER`` are paths, an empty tuple anything, None a flag.
Options = dict[str, tuple[str, ...] | None]

_QUIET: Options = {"-q": None, "--quiet": None}
_OUTPUT, _TARGETS = ("FOLDER",), ("cython", "python")
_LEVELS = ("critical", "error", "warning", "info", "debug")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

#: What ``conduitc run`` takes a value for; each switch can be turned off, too.
_RUN_VALUES = (
    *("host", "port", "fd", "backlog", "workers", "forwarded-allow-ips", "root-path", "limit-concurrency"),
    *("limit-max-requests", "ssl-keyfile-password", "header-bytes", "header-fields", "target-bytes"),
    *("chunk-bytes", "body-bytes", "header-seconds", "body-seconds", "body-rate", "keep-alive-seconds"),
    *("timeout-keep-alive", "write-seconds", "connections", "drain-moment", "drain-seconds"),
    "timeout-graceful-shutdown",
)
_RUN_SWITCHES = ("date-header", "server-header", "proxy-headers", "request-id", "server-timing", "counters")
_RUN: Options = {
    **dict.fromkeys((f"--{name}" for name in _RUN_VALUES), ()),
    **dict.fromkeys(("--single", "--access-log", "--access-log-query")),
    **dict.fromkeys(f"--{no}{name}" for name in _RUN_SWITCHES for no in ("", "no-")),
    **dict.fromkeys(("--uds", "--ssl-certfile", "--ssl-keyfile", "--ssl-ca-certs"), ("FILE",)),
    "--loop": ("auto", "asyncio", "uvloop"),
    "--log-level": _LEVELS,
}

#: Command → what follows it (as in ``Options``) and its options. A test holds it equal to the real parsers.
COMMANDS: dict[str, tuple[tuple[str, ...], Options]] = {
    "build": (
        ("FILE",),
        {
            "-o": _OUTPUT,
            "--output": _OUTPUT,
            "--target": _TARGETS,
            "-j": (),
            "--jobs": (),
            "--no-fold": None,
            "--lazy": None,
            "--strip": None,
            "--no-typed": None,
            "--no-cache": None,
            "--watch": None,
            **_QUIET,
        },
    ),
    "check": (
        ("FILE",),
        {
            "--format": ("text", "json", "sarif", "github"),
            "--baseline": ("FILE",),
            "--write-baseline": ("FILE",),
            "--against": ("FILE",),
            "--exit-zero": None,
            "--fix": None,
            **_QUIET,
        },
    ),
    "completion": (("bash", "zsh", "fish"), {}),
    "dev": (("FILE",), {"--host": (), "--port": ()}),
    "doctor": ((), {"--format": ("text", "json")}),
    "explain": ((), {}),
    "introspect": (
        ("FILE",),
        {
            "--format": FORMATS,
            "--audit": ("FILE",),
            "--method": _METHODS,
            "--middleware": (),
            "--tag": (),
            "--reverse": None,
            "--depth": (),
            "--file": ("FILE",),
        },
    ),
    "mcp": (("FOLDER",), {}),
    "new": ((), {"--template": ("api", "mcp")}),
    "run": (("FOLDER",), _RUN),
}
QUESTIONS = (*questions.COMMANDS, questions.SERVER)
#: Options of ``introspect`` whose values the build does not know.
_VALUED = ("--format", "--audit", "--method", "--depth", "--file")

_BASH = """\
# bash completion for conduitc: eval "$(conduitc completion bash)"
_conduitc() {
    local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} choices='' paths='' name
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        choices='@commands@ --help --version'
    elif [[ $command == introspect && $COMP_CWORD -gt 3 && $current != -* \
        && ' @valued@ ' != *" ${COMP_WORDS[COMP_CWORD-1]} "* ]]; then
        # words as they stand in the line: readline takes them apart at colons, and wants the last part only
        local -a typed
        read -ra typed <<< "${COMP_LINE:0:COMP_POINT}"
        [[ ${COMP_LINE:COMP_POINT-1:1} == ' ' ]] && typed+=('')
        local last=$((${#typed[@]} - 1)) cut=''
        local whole=${typed[last]}
        [[ $COMP_WORDBREAKS == *:* && $whole == *:* ]] && cut=${whole%"${whole##*:}"}
        while IFS= read -r name; do
            [[ $name == "$whole"* ]] && COMPREPLY+=("${name#"$cut"}")
        done < <(command conduitc introspect "${typed[2]}" names "${typed[@]:3:last-3}" 2>/dev/null)
        return
    elif [[ $command == introspect && $COMP_CWORD -eq 3 && $current != -* ]]; then
        choices='@questions@'
    else
        case "$command ${COMP_WORDS[COMP_CWORD-1]}" in
@values@
            *) case "$command" in
@rest@
            esac ;;
        esac
    fi
    COMPREPLY=($(compgen -W "$choices" -- "$current"))
    [[ -n $paths && $current != -* ]] && COMPREPLY+=($(compgen $paths -- "$current"))
}
complete -o filenames -F _conduitc conduitc
"""
_ZSH = """\
#compdef conduitc
# zsh completion for conduitc: source <(conduitc completion zsh)
_conduitc() {
    local command=$words[2] previous=$words[CURRENT-1]
    local -a choices
    local paths=''
    if ((CURRENT == 2)); then
        choices=(@commands@ --help --version)
    elif [[ $command == introspect && $CURRENT -gt 4 && $words[CURRENT] != -* \
        && ' @valued@ ' != *" $previous "* ]]; then
        local -a typed
        typed=("${(@)words[4,CURRENT-1]}")
        choices=("${(@f)$(command conduitc introspect "$words[3]" names "${(@)typed}" 2>/dev/null)}")
        choices=("${(@)choices:#}")
    elif [[ $command == introspect && $CURRENT -eq 4 && $words[CURRENT] != -* ]]; then
        choices=(@questions@)
    else
        case "$command $previous" in
@values@
            *) case "$command" in
@rest@
            esac ;;
        esac
    fi
    local none=1
    (($#choices)) && compadd -- $choices && none=0
    [[ -n $paths ]] && _files ${=paths} && none=0
    return none
}
(($+functions[compdef])) && compdef _conduitc conduitc
"""
_FISH = """\
# fish completion for conduitc: conduitc completion fish | source
function __conduitc_words
    commandline -opc
end
function __conduitc_names
    set -l words (__conduitc_words)
    test (count $words) -gt 3; and command conduitc introspect $words[3] names $words[4..-1] 2>/dev/null
end
function __conduitc_asks -a question
    set -l words (__conduitc_words)
    test "$words[2]" = introspect; and test "$words[4]" = "$question"
end
complete -c conduitc -f
complete -c conduitc -n __fish_use_subcommand -a '@commands@'
complete -c conduitc -n __fish_use_subcommand -l version -l help
complete -c conduitc -n 'test (count (__conduitc_words)) -eq 3; and __conduitc_asks ""' -a '@questions@'
complete -c conduitc -n 'test (count (__conduitc_words)) -gt 3; and __conduitc_asks (__conduitc_words)[4]' \
    -a '(__conduitc_names)'
complete -c conduitc -n '__fish_seen_subcommand_from introspect' -l middleware -x -a '(__conduitc_names)'
complete -c conduitc -n '__fish_seen_subcommand_from introspect' -l tag -x -a '(__conduitc_names)'
"""


def completion_command(shell: str) -> int:
    """Print the script of ``shell``; 2 for a shell that is not known."""
    makers = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    if shell not in makers:
        print(f"conduitc completion: {shell!r} is none of {', '.join(makers)}", file=sys.stderr)
        return 2
    put(makers[shell](), end="")
    return 0


def _bash() -> str:
    return _filled(_BASH, "choices='{}'", {"FILE": "paths=-f", "FOLDER": "paths=-d"})


def _zsh() -> str:
    return _filled(_ZSH, "choices=({})", {"FILE": "paths=' '", "FOLDER": "paths=-/"})


def _filled(template: str, choose: str, paths: dict[str, str]) -> str:
    """Two tables of a ``case``: values after an option, and what else may follow a command."""

    def case(pattern: str, choices: tuple[str, ...], indent: str) -> str:
        words = " ".join(word for word in choices if word not in paths)
        parts = [choose.format(words)] if words else []
        parts += [paths[word] for word in choices if word in paths]
        return f"{indent}{pattern}) {'; '.join([*parts, ';;']) if parts else ';;'}".replace("; ;;", " ;;")

    values, rest = [], []
    for command, (arguments, options) in COMMANDS.items():
        for option, choices in options.items():
            if choices is not None:
                values.append(case(f"'{command} {option}'", choices, " " * 12))
        rest.append(case(command, (*arguments, *options), " " * 16))
    return _named(template, values="\n".join(values), rest="\n".join(rest))


def _fish() -> str:
    lines = []
    for command, (arguments, options) in COMMANDS.items():
        here = f"complete -c conduitc -n '__fish_seen_subcommand_from {command}'"
        for option, choices in options.items():
            name = f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
            lines.append(f"{here} {name}{_fish_values(choices, ' -x', ' -r -F')}")
        if arguments:
            lines.append(f"{here}{_fish_values(arguments, '', ' -F')}")
    return _named(_FISH) + "\n".join(lines) + "\n"


def _fish_values(choices: tuple[str, ...] | None, exclusive: str, files: str) -> str:
    if choices is None:
        return ""
    if {"FILE", "FOLDER"} & set(choices):
        return files
    return f"{exclusive} -a '{' '.join(choices)}'" if choices else exclusive


def _named(template: str, **parts: str) -> str:
    """``template`` with ``@name@`` filled in."""
    fixed = {
        "commands": " ".join(COMMANDS),
        "questions": " ".join(QUESTIONS),
        "valued": " ".join(_VALUED),
    }
    for name, text in {**fixed, **parts}.items():
        template = template.replace(f"@{name}@", text)
    return template
