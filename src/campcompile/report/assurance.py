"""What a clean run says about privacy, in one paragraph: README, `explain` and docs/privacy.md say the same words."""

from __future__ import annotations

PROVED = (
    "Proved: where every declared field and every condition can flow. Two people who differ only in what a place may "
    "not tell get the same there, byte for byte, or a finding says why not."
)
DETECTED = (
    "Only detected: what words tell, and identifiers typed into them, from lists in English, French, Norwegian and "
    "Chinese; docs/evidence.md says how much of each language's was found when it was measured."
)
UNSEEN = (
    "Seen by no compiler: whether a label is right, what a picture or a linked page shows, what somebody infers who "
    "knows the practice, and who else opens the mailbox."
)
ASSURANCE = f"{PROVED} {DETECTED} {UNSEEN}"
