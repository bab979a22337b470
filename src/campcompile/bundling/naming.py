"""Names in a bundle tell nothing: derived fields are t1 and c1, looks and senders of sites are numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from campcompile.formula import Const, Formula, Lookup
from campcompile.model.bound import Condition
from campcompile.model.campaign import Email
from campcompile.model.practice import Sender, Settings
from campcompile.model.rendered import Derived, PortalText, RenderedEmail
from campcompile.parts import Branch, Part, Parts, Slot


class Names:
    """Derived fields in order of appearance: t1, t2 … for texts, c1 … for conditions. The names tell nothing."""

    def __init__(self) -> None:
        self.derived: dict[str, Derived] = {}
        self._by_value: dict[tuple[str, Formula, str], str] = {}
        self._count = {"t": 0, "c": 0}

    def of(self, derived: Derived) -> str:
        key = (derived.type, derived.formula, derived.host)
        name = self._by_value.get(key)
        if name is None:
            letter = "c" if derived.type == "yes_no" else "t"
            self._count[letter] += 1
            name = self._by_value[key] = f"{letter}{self._count[letter]}"
            self.derived[name] = replace(derived, name=name)
        return name

    def condition(self, condition: Condition) -> str:
        return self.of(Derived(name="", type="yes_no", formula=condition.formula, label=condition.label))


def renamed(message: RenderedEmail, names: Names) -> RenderedEmail:
    """The same e-mail, its slots and branches named in order of appearance in the campaign."""
    found: dict[str, str] = {}

    def name_of(provisional: str) -> str:
        if provisional not in found:
            found[provisional] = names.of(message.derived[provisional])
        return found[provisional]

    def of_all(parts: Parts) -> Parts:
        return tuple(map(one, parts))

    def one(part: Part) -> Part:
        if isinstance(part, Slot):
            return Slot(name_of(part.name), part.context)
        if isinstance(part, Branch):
            return Branch(name_of(part.name), of_all(part.then), of_all(part.orelse))
        return part

    return replace(
        message,
        subject=of_all(message.subject),
        preheader=of_all(message.preheader),
        text=of_all(message.text),
        html=of_all(message.html),
        mjml=of_all(message.mjml),
        calendar=of_all(message.calendar),
        portal=message.portal and PortalText(html=of_all(message.portal.html), text=of_all(message.portal.text)),
        derived={name: names.derived[name] for name in sorted(set(found.values()))},
    )


class Chosen:
    """What a person's site chooses: the look of an e-mail, and its sender."""

    def __init__(self, messages: Iterable[RenderedEmail], settings: Settings, names: Names) -> None:
        self.names = names
        self.senders: dict[str, Sender] = {}  # by number
        self.looks = {message.email.id: message.look_by for message in messages}
        self._of_sites: dict[str, str] = {}
        for site in settings.practice.sites.values():
            if site.sender:
                known = {sender.id: number for number, sender in self.senders.items()}
                number = known.get(site.sender, str(len(known) + 1))
                self.senders[number] = settings.senders[site.sender]
                self._of_sites[site.id] = number

    def look(self, email: Email) -> str | None:
        return self._named(self.looks.get(email.id, Const("")), email)

    def sender(self, email: Email) -> str | None:
        if not email.versions:
            return None
        return self._named(email.versions[0].scope.site_lookup(self._of_sites, ""), email)

    def _named(self, formula: Formula, email: Email) -> str | None:
        if not isinstance(formula, Lookup):
            return None
        label = email.versions[0].scope.site_label
        return self.names.of(Derived(name="", type="text", formula=formula, label=label))
