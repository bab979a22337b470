"""What click finds wrong with a command line, in our own words: backticks, no full stop, and what is allowed."""

from __future__ import annotations

import re
from ast import literal_eval

import click

_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?!\w)""")
_RANGE = re.compile(r"(\S+) is not in the range (\S+?)<=x<=(\S+?)\.")
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")


def told(error: click.ClickException, command: str) -> tuple[str, str]:
    """The message and the help; `command` is the one that was called, where click doesn't say."""
    context = getattr(error, "ctx", None)
    helps = f"{context.command_path if context else f'campcompile {command}'.strip()} --help"
    match error:
        case click.NoSuchOption(possibilities=[near, *_], option_name=name):
            return f"there is no option `{name}`", f"did you mean `{near}`? {helps} lists them all"
        case click.NoSuchOption(option_name=name):
            return f"there is no option `{name}`", helps
        case click.MissingParameter(param=click.Parameter() as missing):
            return f"{_name(missing)} is missing", helps
        case click.BadParameter(param=click.Parameter() as wrong):
            return f"{_name(wrong)}: {in_our_words(error.message)}", helps
        case click.BadOptionUsage(option_name=name) if "requires an argument" in error.message:
            return f"`{name}` needs a value behind it", helps
        case _:
            return in_our_words(error.message), helps


def in_our_words(message: str) -> str:
    """`'xml' is not one of 'text', 'json'.` becomes `` `xml` is not one of `text`, `json` ``."""
    if found := _RANGE.fullmatch(message):
        return f"`{found[1]}` is outside of {found[2]} to {found[3]}"
    if found := _EXTRA.fullmatch(message):
        return f"nothing is known to do with `{found[1]}`"
    ours = _QUOTED.sub(lambda quoted: f"`{literal_eval(quoted[0])}`", message)
    return (ours[:1].lower() + ours[1:]).removesuffix(".")


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return parameter.human_readable_name.strip("[].")
    return f"`{parameter.opts[0]}`"
