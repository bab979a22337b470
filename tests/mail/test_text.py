"""Plain text reads as if a person had typed it, in every locale, whichever conditions hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.columns import SLOT_COLUMNS, columns
from campcompile.mail.locale_words import Field, locales, words_of
from campcompile.mail.text import COLUMNS, wrap
from campcompile.parts import Branch, Context, Parts, Slot

NAME = Slot("t1", Context.PLAIN)


def told(parts: Parts, *true: str) -> str:
    """The text with slots as 12 letters, where only the named conditions hold."""
    shown = ""
    for part in parts:
        match part:
            case str():
                shown += part
            case Slot():
                shown += "X" * SLOT_COLUMNS
            case Branch(name, then, orelse):
                shown += told(then if name in true else orelse, *true)
    return shown


REMINDERS = {
    "en": (
        "Hello{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},",
        "we look forward to seeing you. **Please arrive 15 minutes early.** Is the time no longer good for you? "
        "[Choose another one](links.book).",
        "Confirm or change",
        ("Please bring", "Photo ID", "Your insurance card"),
        """\
Hello Kari,

we look forward to seeing you. Please arrive 15 minutes early. Is the
time no longer good for you? Choose another one.
Choose another one: https://time.fjordklinikken.example/?a=1&b=2

Date: Thursday, 10 September 2026
Time: 09:30
Where: Fjordklinikken, Strandgaten 14, 5013 Bergen, Norway
With: Ingrid Hansen

Confirm or change: https://time.fjordklinikken.example/k/8Xq2

Please bring
- Photo ID
- Your insurance card

-- 
Fjordklinikken AS
Strandgaten 14, 5013 Bergen, Norway
Phone: +47 55 50 12 34

You are getting this e-mail because your address is on the list for news
from Fjordklinikken.
Would you rather not get these e-mails?
Unsubscribe: https://fjordklinikken.example/valg
Privacy notice: https://fjordklinikken.example/en/privacy
""",
    ),
    "fr": (
        "Bonjour{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},",
        "nous serons heureux de vous accueillir. **Merci d’arriver 15 minutes en avance.** L’horaire ne vous convient "
        "plus\u202f? [Choisissez-en un autre](links.book).",
        "Confirmer ou modifier",
        ("À apporter", "Pièce d’identité", "Carte Vitale"),
        """\
Bonjour Kari,

nous serons heureux de vous accueillir. Merci d’arriver 15 minutes en
avance. L’horaire ne vous convient plus\u202f? Choisissez-en un autre.
Choisissez-en un autre\u00a0: https://time.fjordklinikken.example/?a=1&b=2

Date\u00a0: jeudi 10 septembre 2026
Heure\u00a0: 09:30
Lieu\u00a0: Fjordklinikken, Strandgaten 14, 5013 Bergen, Norway
Avec\u00a0: Ingrid Hansen

Confirmer ou modifier\u00a0: https://time.fjordklinikken.example/k/8Xq2

À apporter
- Pièce d’identité
- Carte Vitale

-- 
Fjordklinikken AS
Strandgaten 14, 5013 Bergen, Norway
Téléphone\u00a0: +47 55 50 12 34

Fjordklinikken vous envoie cet e-mail parce que votre adresse est
inscrite à sa liste d’actualités.
Vous préférez ne plus recevoir ces e-mails\u202f?
Se désinscrire\u00a0: https://fjordklinikken.example/valg
Politique de confidentialité\u00a0: https://fjordklinikken.example/en/privacy
""",
    ),
    "nb": (
        "Hei{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},",
        "vi gleder oss til å se deg. **Kom gjerne 15 minutter før.** Passer ikke tiden lenger? "
        "[Velg en annen](links.book).",
        "Bekreft eller endre",
        ("Ta med", "Legitimasjon", "Forsikringskort"),
        """\
Hei Kari,

vi gleder oss til å se deg. Kom gjerne 15 minutter før. Passer ikke
tiden lenger? Velg en annen.
Velg en annen: https://time.fjordklinikken.example/?a=1&b=2

Dato: torsdag 10. september 2026
Tid: 09:30
Sted: Fjordklinikken, Strandgaten 14, 5013 Bergen, Norway
Hos: Ingrid Hansen

Bekreft eller endre: https://time.fjordklinikken.example/k/8Xq2

Ta med
- Legitimasjon
- Forsikringskort

-- 
Fjordklinikken AS
Strandgaten 14, 5013 Bergen, Norway
Telefon: +47 55 50 12 34

Du får denne e-posten fordi adressen din står på listen for nytt fra
Fjordklinikken.
Vil du heller slippe disse e-postene?
Meld deg av: https://fjordklinikken.example/valg
Personvernerklæring: https://fjordklinikken.example/en/privacy
""",
    ),
    "zh-Hant": (
        "{% if recipient.first_name is set %}{{ recipient.first_name }}{% endif %}您好：",
        "期待您的到來。請提前 15 分鐘報到。若原訂的時間不方便，您可以隨時在網路上改約，我們會盡快為您安排其他看診時間。"
        "[改約時間](links.book)",
        "確認或更改",
        ("請攜帶", "身分證件", "健保卡"),
        """\
Kari您好：

期待您的到來。請提前 15 分鐘報到。若原訂的時間不方便，您可以隨時在網路上
改約，我們會盡快為您安排其他看診時間。改約時間
改約時間：https://time.fjordklinikken.example/?a=1&b=2

日期：2026年9月10日（星期四）
時間：上午9:30
地點：Fjordklinikken，Strandgaten 14，5013 Bergen，Norway
看診人員：Ingrid Hansen

確認或更改：https://time.fjordklinikken.example/k/8Xq2

請攜帶
- 身分證件
- 健保卡

-- 
Fjordklinikken AS
Strandgaten 14，5013 Bergen，Norway
電話：+47 55 50 12 34

您收到這封信，是因為您的信箱在Fjordklinikken的最新消息寄送名單中。
不想再收到這類信件嗎？
取消訂閱：https://fjordklinikken.example/valg
隱私權聲明：https://fjordklinikken.example/en/privacy
""",
    ),
}


@pytest.mark.parametrize("locale", REMINDERS)
def test_a_reminder_reads_well_in_every_locale(desk_of, shown, locale: str) -> None:
    greeting, text, button, (title, *items), expected = REMINDERS[locale]
    desk = desk_of(locale=locale)
    message = desk.compose(
        desk.text(greeting),
        desk.text(text),
        desk.appointment("weekday", "date", "time", "place", "provider"),
        desk.button(button, "links.confirm"),
        desk.checklist(title, *items),
        layer="updates",
    )
    assert desk.codes() == []
    assert shown(message, "text").splitlines() == expected.splitlines()


def test_headings_lists_details_and_pictures_read_as_typed(desk, shown) -> None:
    message = desk.compose(
        desk.text("## Longer hours\n\nWe are open until 19:00.\n\n1. Ring\n2. Come\n\nSee you."),
        desk.details(("Monday to Thursday", "08:00–16:00"), ("Friday", "08:00–14:00")),
        desk.block("divider"),
        desk.text("[Book a time](links.book)"),
    )
    assert shown(message, "text").startswith(
        "Longer hours\nWe are open until 19:00.\n\n1. Ring\n2. Come\n\nSee you.\n\n"
        "Monday to Thursday: 08:00–16:00\nFriday: 08:00–14:00\n\n* * *\n\n"
        "Book a time: https://time.fjordklinikken.example/?a=1&b=2\n\n-- \n"
    )


def test_a_link_under_a_condition_stands_below_under_the_same(desk, shown) -> None:
    message = desk.compose(
        desk.text("See {% if recipient.first_name is set %}[this](links.book){% else %}us{% endif %} soon.")
    )
    with_name, without = shown(message, "text"), shown(message, "text", patient__first_name=None)
    assert with_name.startswith("See this soon.\nthis: https://time.fjordklinikken.example/?a=1&b=2\n\n")
    assert without.startswith("See us soon.\n\n")


def test_lines_break_before_the_72nd_column_and_bullets_go_on_under_their_words() -> None:
    words = "- " + "word " * 20
    assert told(wrap((words.strip() + "\n",))).splitlines() == [
        "- word word word word word word word word word word word word word word",
        "  word word word word word word",
    ]


def test_an_address_and_a_merge_field_are_never_broken() -> None:
    address = "https://time.fjordklinikken.example/" + "x" * 80
    lines = told(wrap((f"Confirm: {address} or ring us\n",))).splitlines()
    assert lines == ["Confirm:", address, "or ring us"]
    parts = wrap(("a" * 64 + " ", NAME, ", yes\n"))
    assert parts == ("a" * 64 + "\n", NAME, ", yes\n")


def test_what_is_glued_to_a_merge_field_moves_with_it() -> None:
    assert told(wrap(("a" * 58 + " ", NAME, ",\n"))) == "a" * 58 + " " + "X" * 12 + ",\n"
    assert told(wrap(("a" * 59 + " ", NAME, ",\n"))) == "a" * 59 + "\n" + "X" * 12 + ",\n"


def test_chinese_breaks_between_characters_but_no_line_begins_with_a_mark() -> None:
    text = "您" * 36 + "，" + "好" * 36 + "。\n"
    lines = told(wrap((text,))).splitlines()
    assert lines == ["您" * 35, "您，" + "好" * 34, "好好。"]
    opened = told(wrap(("您" * 35 + "「好」\n",))).splitlines()
    assert opened == ["您" * 35, "「好」"]


def test_spaces_that_may_not_break_do_not() -> None:
    text = "a" * 66 + " plus\u00a0: oui\n"
    assert told(wrap((text,))) == "a" * 66 + "\nplus\u00a0: oui\n"


@pytest.mark.parametrize("number", ["+47 55 50 12 80", "116 117", "+1 (202) 555-0143", "04 00 00 00 00"])
def test_a_telephone_number_is_one_word(number: str) -> None:
    alone = wrap(("a" * 66 + f" {number}, or come\n",))
    assert told(alone).splitlines() == ["a" * 66, f"{number}, or come"]
    amid = wrap(("a" * 66 + f" {number}", Branch("c1", (" now",)), "\n"))
    assert told(amid).splitlines() == ["a" * 66, number]
    chinese = wrap(("您" * 34 + f"請撥{number}洽詢\n",))
    assert number in told(chinese) and told(chinese).count("\n") == 2


def test_a_long_row_of_numbers_may_break() -> None:
    assert max(map(len, told(wrap(("12345 " * 40 + "\n",))).splitlines())) <= COLUMNS


def test_lines_break_alike_whichever_branch_shows() -> None:
    tail = " and so on until the line is full, and then some more words follow after it\n"
    parts = wrap(("Dear", Branch("c1", (" very old friend of ours",), (" you",)), tail))
    longer, shorter = told(parts, "c1"), told(parts)
    assert longer.partition("\n")[2] == shorter.partition("\n")[2]
    assert all(columns(line) <= COLUMNS for text in (longer, shorter) for line in text.splitlines())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_line_is_too_long_and_no_word_is_lost(data: st.DataObject) -> None:
    word = st.text("ab您，。「", min_size=1, max_size=9)
    run = st.lists(word, max_size=12).map(" ".join)
    piece = st.one_of(
        run, st.just(NAME), st.builds(Branch, st.sampled_from(["c1", "c2"]), st.tuples(run), st.tuples(run))
    )
    parts = (*data.draw(st.lists(piece, max_size=8)), "\n")
    wrapped = wrap(parts)
    for true in ((), ("c1",), ("c1", "c2")):
        before, after = told(parts, *true), told(wrapped, *true)
        assert "".join(after.split()) == "".join(before.split())
        longest_word = max((columns(part) for part in before.split()), default=0)
        if longest_word <= COLUMNS:
            assert all(columns(line.rstrip(" ")) <= COLUMNS for line in after.splitlines())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("ab\u00a0é-1.", min_size=1, max_size=30), min_size=1, max_size=12), st.sampled_from([" ", "  "])
)
def test_words_alone_are_broken_as_words_amid_conditions_are(words: list[str], space: str) -> None:
    for line in (space.join(words), "- " + space.join(words)):
        amid = wrap((line, Branch("c1", ()), "\n"))
        assert told(wrap((line + "\n",))) == told(amid)


def test_every_locale_has_every_word_and_names_the_same_fields() -> None:
    english = words_of("en")
    assert english is not None and len(locales()) >= 4
    for locale in locales():
        words = words_of(locale)
        assert words is not None and words.direction in ("ltr", "rtl")
        assert list(words.wordings) == list(english.wordings), locale
        for key, wording in words.wordings.items():
            assert wording, (locale, key)
            fields = {part for part in wording if isinstance(part, Field)}
            assert fields == {part for part in english.wordings[key] if isinstance(part, Field)}, (locale, key)


def test_french_marks_have_their_spaces() -> None:
    words = words_of("fr")
    assert words is not None
    for key, wording in words.wordings.items():
        text = "".join(part for part in wording if isinstance(part, str))
        for at, char in enumerate(text):
            if char in ";?!":
                assert text[at - 1] == "\u202f", key
            if char == ":":
                assert text[at - 1] == "\u00a0", key
        assert "'" not in text, key


@pytest.mark.parametrize(
    ("tag", "words"), [("nb-NO", "nb"), ("fr-CA", "fr"), ("zh-Hant-TW", "zh-Hant"), ("zh-TW", "zh-Hant"), ("en", "en")]
)
def test_a_longer_tag_finds_the_words_of_its_language(tag: str, words: str) -> None:
    found = words_of(tag)
    assert found is not None and found.locale == words
    assert words_of("de") is None
    assert words_of("../en") is None
