"""A11Y002: words in another language than the one they are said to be in."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.languages import other_language
from campcompile.analysis.running_text import without_fields
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_NAMES = {
    "en": "English",
    "fr": "French",
    "nb": "Norwegian (bokmål)",
    "nn": "Norwegian (nynorsk)",
    "zh": "Chinese",
    "zh-Hans": "Chinese in the simplified script",
}


@rule(
    code="A11Y002",
    slug="content-language-mismatch",
    severity=Severity.ERROR,
    message="this stands among the words in `{locale}` and reads like {language}",
    help="translate it, or move it to the words of its own language",
)
def content_language_mismatch(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks at every line of an e-mail in English, French, Norwegian and Chinese: where it has little words of another of
    these languages (*your*, *is*; *vous*, *votre*; *deg*, *ikke*) and none of its own, it was left untranslated; where
    a line in traditional Chinese has signs of the simplified script, it was written for somebody else. It is an error
    from three such words on, else a warning. Names and short lines are left alone.

    ## Why it matters

    A screen reader reads English aloud with French sounds, and a patient gets half a letter.

    ## Example

    ```yaml
    # nb.yaml
    body: Your visit is tomorrow.
    ```

    ## Use instead

    ```yaml
    # nb.yaml
    body: Du har time i morgen.
    ```

    ## Sources

    * WCAG 2.2, 3.1.1 and 3.1.2: the language of a page and of its parts
    * how many words decide is this project's policy
    """
    document = facts.documents.get(version.span.path)
    if document is not None and document.lost:
        return  # what says the language may be among what couldn't be read
    for line in facts.once(version_words, version).lines:
        spoken = other_language(without_fields(line.text), version.locale)
        if spoken is not None:
            yield content_language_mismatch.at(
                line.whole(),
                severity=Severity.ERROR if spoken.is_sure else Severity.WARNING,
                locale=version.locale,
                language=_NAMES[spoken.language],
            )
