"""A rule's manual page on a terminal."""

from __future__ import annotations

from dataclasses import replace

from samples import LEAK

from campcompile.report.manual import first_sentence, manual_lines
from campcompile.syntax.manual import page

RULE = replace(
    LEAK,
    also={"preheader": ("the preheader reveals `{field}`", "")},
    suppressible=False,
    manual=page(
        what="Follows each field. It ends at the lock screen.",
        why="Anybody may read it.\n\nEven strangers.",
        example='subject: "{{ x }}"\n  deep: yes',
        instead="subject: News",
        sources=("45 CFR 164.502(b)", "A page"),
    ),
)


def test_the_whole_page() -> None:
    assert "\n".join(manual_lines(RULE)) == (
        "error[PHI001] phi-in-inbox-line\n"
        "\n"
        "What it does\n"
        "  Follows each field. It ends at the lock screen.\n"
        "\n"
        "Why it matters\n"
        "  Anybody may read it.\n"
        "\n"
        "  Even strangers.\n"
        "\n"
        "Example\n"
        '    subject: "{{ x }}"\n'
        "      deep: yes\n"
        "\n"
        "Use instead\n"
        "    subject: News\n"
        "\n"
        "Sources\n"
        "  - 45 CFR 164.502(b)\n"
        "  - A page\n"
        "\n"
        "What it says\n"
        "  - the subject reveals `…`\n"
        "  - the preheader reveals `…`\n"
        "\n"
        "This finding can't be waived."
    )


def test_the_line_of_a_list_is_the_first_sentence() -> None:
    assert first_sentence(RULE) == "Follows each field"
    assert first_sentence(LEAK) == "the subject reveals `…`"


def test_a_title_ends_no_sentence() -> None:
    rule = replace(RULE, manual="## What it does\n\nReports sample names (Dr. Smith) and such. Then more.")
    assert first_sentence(rule) == "Reports sample names (Dr. Smith) and such"
