"""`campcompile explain`: the manual page of a finding, or what one e-mail does, in plain sentences."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, say, terminal_width, wants_colour
from campcompile.cli.inputs import Day, Inputs, compile_inputs
from campcompile.errors import UsageError
from campcompile.syntax.suggest import nearest

if TYPE_CHECKING:
    from campcompile.compiler import Compilation
    from campcompile.model.campaign import Campaign


@click.command(short_help="Explain a finding's code, or what one e-mail does.")
@click.argument("what", metavar="CODE | CAMPAIGN/EMAIL")
@click.option("--as-of", type=Day(), metavar="DATE", help="For an e-mail: judge as on this day.")
def explain(what: str, as_of: date | None) -> None:
    """Explain a finding's code, or what one e-mail does.

    For a code (or a rule's name): what the rule looks for, why, and what to write instead.
    For an e-mail: who gets it, when, in which languages, what it reads, and what may stop it.

    \b
    Examples:
      campcompile explain FLD001
      campcompile explain unknown-field
      campcompile explain appointment-reminders/week-before
    """
    if "/" in what:
        _explain_email(what, as_of)
    else:
        _explain_rule(what)


def _explain_rule(name: str) -> None:
    from campcompile.report.manual import manual_lines
    from campcompile.rules.registry import all_rules

    rules = all_rules()
    names = {code: code for code in rules} | {rule.slug: code for code, rule in rules.items()}
    code = names.get(name) or names.get(name.upper()) or names.get(name.lower())
    if code is None:
        near = nearest(name, names)
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(
            f"no rule `{name}`", help=f"{meant}`campcompile rules` lists them; an e-mail is CAMPAIGN/EMAIL"
        )
    out(manual_lines(rules[code], colour=wants_colour(sys.stdout), width=min(terminal_width(), 80)))


def _explain_email(what: str, as_of: date | None) -> None:
    from campcompile.report.account import Subject, account_lines

    folder, _, id = what.removeprefix("campaigns/").rstrip("/").partition("/")
    compilation = _compile(folder, as_of)
    campaign = _campaign(compilation, folder)
    emails = {email.id: email for email in campaign.emails}
    if id not in emails:
        raise UsageError(f"no e-mail `{id}` in campaign `{folder}`", help=_offer(id, list(emails)))
    subject = Subject(
        programme=compilation.programme,
        campaign=campaign,
        email=emails[id],
        rendered=tuple(
            message for message in compilation.rendered if message.campaign.folder == folder and message.email.id == id
        ),
    )
    out(account_lines(subject, colour=wants_colour(sys.stdout), width=min(terminal_width(), 80)))
    if compilation.diagnostics:
        say(f"this campaign has findings: campcompile lint campaigns/{folder}")


def _compile(folder: str, as_of: date | None) -> Compilation:
    from pathlib import Path

    from campcompile.workspace import find_root, read

    workspace = read(find_root(Path.cwd()))
    known = f"campaigns/{folder}/campaign.yaml" in workspace.files
    return compile_inputs(Inputs(workspace, frozenset([folder] if known else [])), as_of=as_of, lint_only=True)


def _campaign(compilation: Compilation, folder: str) -> Campaign:
    campaigns = {campaign.folder: campaign for campaign in compilation.programme.campaigns}
    if folder not in campaigns:
        raise UsageError(f"no campaign `{folder}`", help=_offer(folder, list(campaigns)))
    return campaigns[folder]


def _offer(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    if near:
        return f"did you mean `{near}`?"
    return "there are " + ", ".join(f"`{other}`" for other in known) if known else "there are none"
