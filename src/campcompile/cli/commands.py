"""All commands by name; each is imported when it is run, so that the others cost nothing."""

from __future__ import annotations

from importlib import import_module

import click

from campcompile import __version__
from campcompile.syntax.suggest import nearest

# name → (where the command is, the line that `--help` shows for it); a test compares the line with the command's own
COMMANDS = {
    "init": ("campcompile.cli.init:init", "Make a small workspace to start from."),
    "new": ("campcompile.cli.new:new", "Add a campaign to the workspace."),
    "translate": (
        "campcompile.cli.translate:translate",
        "Prepare a campaign's words for another language, and note what was read.",
    ),
    "lint": ("campcompile.cli.lint:lint", "Check campaigns and say what to mend."),
    "compile": ("campcompile.cli.compile:compile", "Check campaigns and write their bundles to build/."),
    "diff": ("campcompile.cli.diff:diff", "Say what a change does to patients: who gets what, when, and why."),
    "explain": ("campcompile.cli.explain:explain", "Explain a finding's code, or what one e-mail does."),
    "waive": ("campcompile.cli.waive:waive", "Print the waiver that lets a finding stand until a day."),
    "migrate": ("campcompile.cli.migrate:migrate", "Lift a workspace to the newest format of the language."),
    "simulate": (
        "campcompile.cli.simulate:simulate",
        "Show which e-mails a made-up person would get, when, and why not the others.",
    ),
    "audience": ("campcompile.cli.audience:audience", "Look over the addresses that a practice keeps."),
    "plan": ("campcompile.cli.plan:plan", "Say who is due on a day, from a practice's data, and write the plan."),
    "watch": ("campcompile.cli.watch:watch", "Show e-mails in the browser while you write them."),
    "preview": ("campcompile.cli.preview:preview", "Write the page of `watch` as files, for a review."),
    "rules": ("campcompile.cli.rules:rules", "List everything that is checked, or what came new."),
    "scan": (
        "campcompile.cli.scan:scan",
        "Judge copy that lives elsewhere: does it tell who is a patient, or what they have?",
    ),
    "schema": ("campcompile.cli.schema:schema", "Print or write the JSON Schemas that editors use."),
    "send": (
        "campcompile.cli.send:send",
        "Send one e-mail of a bundle to the people of a file (dry unless told otherwise).",
    ),
    "status": ("campcompile.cli.status:status", "Say what a ledger knows: how many went, and what is unknown."),
    "pause": ("campcompile.cli.orders:pause", "Let nothing of a campaign leave until `resume`."),
    "resume": ("campcompile.cli.orders:resume", "Let a paused campaign go on with the next `send`."),
    "cancel": ("campcompile.cli.orders:cancel", "Call off what is planned and not yet on its way."),
    "forget": ("campcompile.cli.orders:forget", "Take out of a ledger whom old messages were about."),
    "reconcile": (
        "campcompile.cli.reconcile:reconcile",
        "Clear up what is unknown, from what the mail server or ESP says arrived.",
    ),
    "serve-unsubscribe": (
        "campcompile.cli.serve_unsubscribe:serve_unsubscribe",
        "Serve the page where people choose which e-mails they get.",
    ),
    "audit": ("campcompile.cli.audit:audit", "Check a ledger's chain of changes, and print it."),
    "targets": (
        "campcompile.cli.targets:targets",
        "Say what each service that sends mail can carry of these campaigns.",
    ),
    "export": (
        "campcompile.cli.export:export",
        "Write campaigns as a service that sends mail takes them.",
    ),
    "completion": ("campcompile.cli.completion:completion", "Print a script that completes commands in your shell."),
}

HELP = """Check and compile the e-mail campaigns of a medical practice.

\b
Examples:
  campcompile init clinic        a small workspace to start from
  campcompile lint               what to mend, line by line
  campcompile compile            the same, then the bundles in build/
  campcompile explain FLD001     what a finding means

\b
Exit codes: 0 clean; 1 a finding at or above --fail-on; 2 usage, input or
the world (no such file, disk full); 3 our own fault; 4 changes (diff
--detailed-exitcode); 130 interrupted.
"""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = nearest(name, COMMANDS)
            ctx.fail(f"no command `{name}`" + (f": did you mean `{near}`?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[click.shell_completion.CompletionItem]:
        items = [
            click.shell_completion.CompletionItem(name, help=line)
            for name, (_, line) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return items + click.Command.shell_complete(self, ctx, incomplete)


@click.group(
    cls=LazyGroup,
    help=HELP,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def campcompile() -> None:
    pass
