"""What is told of a table that was made from resources: each file's rows, and which column is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from campcompile.plan.contract import Account, Aside
from campcompile.plan.duck import Duck
from campcompile.plan.fhir.countries import Unread
from campcompile.plan.fhir.lines import FILE
from campcompile.plan.fhir.tables import Added, Brought, counts, filled_by
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """A table with where its rows came from."""

    brought: Brought
    added: Added | None
    rows: Mapping[int, int]  # by place of the file; the added file comes last
    unread: tuple[Unread, ...]

    def aside(self, duck: Duck, found: Sequence[Aside]) -> Iterator[Aside]:
        """All rows set aside, by file and line; `found` are those that the contract doesn't take, by their numbers."""
        yield from self.brought.aside
        if self.added is None:
            yield from (Aside(*self.brought.place(one.row), one.column, one.reason) for one in found)
            return
        yield from self.added.aside
        rows: dict[str, list[int]] = {}
        for one in found:
            rows.setdefault(one.column, []).append(one.row)
        filled = {column: filled_by(duck, self.brought, self.added, column, rows[column]) for column in rows}
        for one in found:
            place, line = divmod(one.row, FILE)
            if place >= len(self.brought.files):
                yield Aside(self.added.file, line, one.column, one.reason)
            elif one.row in filled[one.column]:
                yield Aside(self.added.file, filled[one.column][one.row], one.column, one.reason)
                yield Aside(*self.brought.place(one.row), "", f"is set aside with its row of {self.added.file}")
            else:
                yield Aside(*self.brought.place(one.row), one.column, one.reason)

    def accounts(self, aside: Sequence[Aside]) -> Iterator[Account]:
        """One for each file: its rows are good, or set aside."""
        bad = Counter(one.file for one in aside)
        for place, file in enumerate(self.brought.files):
            before = sum(one.file == file for one in self.brought.aside)
            yield self._account(file, self.rows.get(place, 0) + before, bad[file])
        if self.added is not None:
            yield self._account(self.added.file, self.added.rows, bad[self.added.file])

    def _account(self, file: str, rows: int, aside: int) -> Account:
        return Account(file=file, table=self.brought.view.name, rows=rows, good=rows - aside, aside=aside)

    def notes(self, duck: Duck, wanted: Sequence[str]) -> Iterator[str]:
        """What the view left out, and which of the columns came from where."""
        view, files = self.brought.view, said_files(self.brought.files)
        if self.brought.left_out:
            yield f"{view.name}: {self.brought.left_out} of {files} left out by the view {view.file}"
        more = self.added.file if self.added is not None else ""
        for one in self.unread:
            file, line = self.brought.place(one.first)
            rows = "1 row names" if one.number == 1 else f"{one.number} rows name"
            yield (
                f"{view.name}: {rows} a `{one.column}` that can't be read, first {file} line {line}: it counts as "
                f"missing where {more or f'{view.name}.csv'} doesn't bring it"
            )
        sources: dict[str, list[str]] = {}
        differing = []
        for column, mine, theirs, differ in counts(duck, self.brought, self.added, wanted):
            source = f"from {files} and {more}" if mine and theirs else f"from {files}" if mine else f"from {more}"
            sources.setdefault(source if mine or theirs else "empty everywhere:", []).append(column)
            if differ:
                differing.append(column)
        yield f"{view.name}: " + "; ".join(f"{source} {', '.join(columns)}" for source, columns in sources.items())
        if differing:
            yield f"{view.name}: {more} says otherwise than {files} in {', '.join(differing)}, and isn't heeded there"


def said_files(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
