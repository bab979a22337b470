"""PHI010: a patient's story that tells who the patient was."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.stories import find_story
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_FEWEST = 3
_WORDS = {
    "age": "an age",
    "sex": "a sex",
    "day": "a day",
    "job": "a job",
    "place": "a place",
    "illness": "an illness or a treatment",
}


@rule(
    code="PHI010",
    slug="story-reidentification",
    severity=Severity.WARNING,
    message="this story of a patient has {details}: together they can tell who it was",
    help="keep one or two of them, as in `One of our patients, in their eighties, told us …`; with the person's "
    "written consent, waive this with its number as reason",
    also={
        "old": (
            "this story tells an age above 89, which in most places is one person",
            "write `in their nineties`, or leave the age out",
        ),
    },
)
def story_reidentification(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks for stories about one patient (*one of our patients*, *Ole (72)*, *she had …*) and counts their details:
    age, sex, place, illness or treatment, day, job. Three of them in one paragraph are a finding, and so is an age
    above 89; in English, French, Norwegian and Chinese. What is said of people in general (*women aged 50 to 74*) is
    fine. Pictures are for a person to judge.

    ## Why it matters

    In a town of two thousand, *a retired teacher from Røst with a new hip* needs no name.

    ## Example

    ```yaml
    body: "Ole (93) from Røst had a hip replacement on 14 May."
    ```

    ## Use instead

    ```yaml
    body: "One of our patients told us how good it is to walk again."
    ```

    ## Sources

    * 45 CFR 164.514(b)(2)(i)(B), (C): places smaller than a state, days, ages over 89
    * GDPR recital 26; how many details are too many is our policy
    """
    for line in facts.once(version_words, version).lines:
        story = find_story(line.text, version.locale)
        if story is None or not (story.is_very_old or len(story.details) >= _FEWEST):
            continue
        span = line.span(story.start, story.end, facts.source(line.stretches[0].span.path))
        if len(story.details) >= _FEWEST:
            details = [_WORDS[detail] for detail in story.details]
            yield story_reidentification.at(span, details=", ".join(details[:-1]) + f" and {details[-1]}")
        else:
            yield story_reidentification.at(span, say="old")
