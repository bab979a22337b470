"""dictionary.yaml, read into records and fields; derived fields get the label of what they are made of."""

from __future__ import annotations

from dataclasses import replace

from campcompile.model.fields import SIMPLE_TYPES, Derivation, Dictionary, Field, Record, Type
from campcompile.model.findings import UNDEFINED_FIELD, UNKNOWN_NAME
from campcompile.model.labels import Label, join
from campcompile.model.practice import Settings
from campcompile.model.read import Reader, reader
from campcompile.model.scope import Names, Scope
from campcompile.syntax.condition import parse_call, parse_condition
from campcompile.syntax.expression import Expression, Name
from campcompile.syntax.findings import Checked, Findings
from campcompile.syntax.renaming import renaming
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Kind, Node, Scalar

_TYPE_OF_DERIVED = ("date", "datetime", "text", "number", "choice", "site", "yes_no")


def bind_dictionary(document: Document | None, settings: Settings) -> Checked[Dictionary]:
    """Every record and field, with the built-in ones: `run.*`, personal `links.*`, `event.*`."""
    findings = Findings()
    root = reader(document.root if document is not None else None)
    records = _records(root.mapping("records"), findings)
    fields: dict[str, Field] = {}
    wheres: dict[str, tuple[Expression, str]] = {}
    for key, node in root.mapping("fields").rows():
        row = reader(node)
        record = key.value.partition(".")[0]
        if record not in records:
            near = nearest(record, records) or "patient"
            findings.add(
                UNDEFINED_FIELD.at(key.span, say="unknown-record", name=key.value, record=record, nearest=near)
            )
            continue
        field = _field(key, record, row, findings)
        fields[key.value] = field
        where = row.mapped("where")
        if field.derivation is not None and where is not None:
            expression = findings.take(parse_condition(where))
            if expression is not None:
                wheres[key.value] = (expression, where.text)
    fields |= _built_in(settings)
    dictionary = Dictionary(records=records, fields=fields)
    return findings.done(_with_derived(dictionary, wheres, settings, root.mapping("fields"), findings))


def records_with(dictionary: Dictionary, record: str) -> tuple[str, ...]:
    """The rows that a row of `record` binds: itself, and what it belongs to, up to the person."""
    chain: list[str] = []
    while record and record in dictionary.records and record not in chain:
        chain.append(record)
        record = dictionary.records[record].of
    return tuple(chain)


def _records(row: Reader, findings: Findings) -> dict[str, Record]:
    records = {}
    names = [key.value for key, _ in row.rows()]
    for key, node in row.rows():
        declared = reader(node)
        owner = declared.scalar("of")
        if owner is not None and owner.value not in names:
            near = nearest(owner.value, names)
            advice = f"did you mean `{near}`?" if near else f"the records are {', '.join(names)}"
            findings.add(
                UNKNOWN_NAME.at(
                    owner.span,
                    kind="record",
                    name=owner.value,
                    advice=advice,
                    fixes=renaming(owner.span, owner.value, near),
                )
            )
        records[key.value] = Record(
            name=key.value,
            person=declared.yes("person"),
            of=owner.value if owner is not None and owner.value in names else "",
            source=declared.text("source"),
            span=key.span,
        )
    return records


def _field(key: Scalar, record: str, row: Reader, findings: Findings) -> Field:
    label = row.text("label", "public")
    missing = row.scalar("missing")
    return Field(
        name=key.value,
        record=record,
        type=_type(row.get("type")),
        label=Label.named(label) if label.upper() in Label.__members__ else Label.SPECIAL,
        span=key.span,
        category=row.text("category"),
        sensitivity=row.text("sensitivity"),
        hipaa=row.text("hipaa"),
        required=row.yes("required"),
        missing=None if missing is None or missing.kind is Kind.NULL else missing.data(),
        derivation=_derivation(row, findings),
    )


def _type(node: Node | None) -> Type:
    """Text where the schema has already said that the type is wrong."""
    if isinstance(node, Scalar):
        return Type(node.value) if node.value in SIMPLE_TYPES else Type("text")
    row = reader(node)
    if "choice" in row:
        return Type("choice", choices=tuple(scalar.value for scalar in row.texts("choice")))
    if "list" in row:
        return Type("list", element=_type(row.get("list")))
    return Type("text")


def _derivation(row: Reader, findings: Findings) -> Derivation | None:
    written = row.mapped("from")
    if written is None:
        return None
    call = findings.take(parse_call(written))
    if call is None or not isinstance(call.args[0], Name):
        return None
    source = call.args[0]
    return Derivation(function=call.function, field=source.path, where=row.text("where"), span=source.span)


def _with_derived(
    dictionary: Dictionary,
    wheres: dict[str, tuple[Expression, str]],
    settings: Settings,
    rows: Reader,
    findings: Findings,
) -> Dictionary:
    """Type and label of each derived field, from its source field and its `where`."""
    fields = dict(dictionary.fields)
    names = Names(settings, dictionary, {})
    for name, field in dictionary.fields.items():
        reads: set[str] = set()
        if field.derivation is not None:
            source = dictionary.fields.get(field.derivation.field)
            if source is None or source.derivation is not None:
                plain = [f.name for f in dictionary.fields.values() if f.derivation is None and not f.per_run]
                near = nearest(field.derivation.field, plain)
                if near:
                    finding = UNDEFINED_FIELD.at(field.derivation.span, name=field.derivation.field, nearest=near)
                else:
                    finding = UNDEFINED_FIELD.at(field.derivation.span, say="unheard-of", name=field.derivation.field)
                findings.add(finding)
            else:
                reads.add(source.name)
                field = replace(field, type=source.type)
                if name in wheres:
                    scope = Scope(names=names, recipient=field.record, records=records_with(dictionary, source.record))
                    condition = findings.take(scope.condition(*wheres[name]))
                    reads |= condition.reads if condition is not None else frozenset()
        computed = join(dictionary.fields[read].label for read in reads)
        if field.category.startswith(("user.health", "user.health_and_medical")):
            computed = max(computed, Label.HEALTH)
        if computed > field.label:
            row = reader(rows.get(name))
            findings.add(
                UNDEFINED_FIELD.at(
                    row.span("label"),
                    say="understated",
                    name=name,
                    stated=field.label.word,
                    computed=computed.word,
                )
            )
        fields[name] = replace(field, label=max(computed, field.label))
    return Dictionary(records=dictionary.records, fields=fields)


def _built_in(settings: Settings) -> dict[str, Field]:
    here = settings.span
    fields = {
        f"run.{name}": Field(
            name=f"run.{name}",
            record="run",
            type=Type("yes_no"),
            label=Label.CONTACT,
            span=here,
            missing=False,
            per_run=True,
        )
        for name in ("replied", "clicked")
    }
    for link in settings.links.values():
        if link.host:
            name = f"links.{link.name}"
            fields[name] = Field(
                name=name,
                record="links",
                type=Type("url"),
                label=Label.PUBLIC,
                span=link.span,
                required=True,
                host=link.host,
                per_run=True,
            )
    return fields
