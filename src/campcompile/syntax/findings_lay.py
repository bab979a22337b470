"""Findings about layouts and blocks: their markup (LAY001–LAY014) and their template tags (LAY016–LAY018).

The catalogue's codes that a layout can break too (lang-and-dir, alt-text, link-safety, text-target-mismatch) are
declared here once, for layouts and campaigns alike.
"""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import page

_ERROR = Severity.ERROR

TOO_LARGE = Rule(
    code="LAY001",
    slug="layout-too-large",
    severity=_ERROR,
    message="this layout is {size} bytes large, and {most} are allowed",
    help="split it into blocks, and put long words into campaigns",
    also={
        "deep": (
            "tags are nested too deeply here",
            "at most {mjml} MJML tags and {html} HTML tags may stand inside one another: flatten the layout",
        ),
        "deep-template": (
            "template tags are nested too deeply here",
            "at most {limit} may stand inside one another: flatten the conditions",
        ),
        "many-elements": ("this layout holds more than {limit} tags", "split it into blocks"),
        "many-tags": (
            "this layout holds more than {limit} template tags",
            "split it into blocks",
        ),
        "long-tag": (
            "this tag is longer than {limit} characters",
            "shorten it, or compute the value elsewhere",
        ),
    },
    manual=page(
        what="Limits a layout to 1 MiB, 12,000 tags, and 32 MJML, 64 HTML and 32 template tags inside one another.",
        why="Mail clients cut long mails off, and deeply nested tables make Outlook and the MJML renderer fail.",
        example="<div><div><div>… 9,000 times …</div></div></div>",
        instead="<div>…</div>",
        sources=("mjml-python 1.4.2 dies of 1,820 nested wrappers (measured in November 2026)",),
    ),
    suppressible=False,
)

FORBIDDEN_CHARACTER = Rule(
    code="LAY002",
    slug="forbidden-character-in-layout",
    severity=_ERROR,
    message="the invisible character {character} can't stand in a layout",
    help="delete it: it often comes along when text is pasted",
    manual=page(
        what="Reports control characters, private-use characters and non-characters in a layout or block.",
        why="Mail clients drop or garble them, and some hide text from a reviewer.",
        example="<mj-text>a\\0b</mj-text>",
        instead="<mj-text>a b</mj-text>",
        sources=("HTML Living Standard, 13.2.3.5: preprocessing the input stream",),
    ),
    suppressible=False,
)

STRAY_MARKUP = Rule(
    code="LAY003",
    slug="stray-markup",
    severity=_ERROR,
    message="a `<` that begins no tag",
    help="write `&lt;` for the character itself",
    also={
        "stray-less-css": ("a `<` can't stand in a style sheet", "delete it: CSS has no use for it"),
        "stray-in-tag": ("`{written}` has no place inside a tag", "delete it, or put it into a quoted value"),
        "open-end": ("the tag `{written}` has no `>`", "end it with `>`"),
        "broken-close": ("`{written}` is no closing tag", "write `</`, the tag's name, and `>`"),
        "declaration": ("`{written}` is no MJML", "delete it: a layout begins with `<mjml>`"),
        "no-space": ("a space is missing before `{written}`", "put a space between two attributes"),
        "unclosed-comment": ("this comment is never closed", "end it with `-->`, or write `{{# … #}}` instead"),
        "entity": ("unknown character reference `{name}`", "write `&amp;` for the character `&` itself"),
        "entity-near": ("unknown character reference `{name}`", "did you mean `{meant}`?"),
    },
    manual=page(
        what="Reports what begins like markup and is none.",
        why="The MJML renderer stops at it without saying where, or the reader sees half a tag.",
        example="<mj-text>5 < 6</mj-text>",
        instead="<mj-text>5 &lt; 6</mj-text>",
        sources=("HTML Living Standard, 13.1: writing HTML documents",),
    ),
    suppressible=False,
)

ATTRIBUTE_QUOTES = Rule(
    code="LAY004",
    slug="attribute-quotes",
    severity=_ERROR,
    message="the value `{written}` has no quotes",
    help='write it between straight quotes: `"{written}"`',
    also={
        "curly-quote": (
            "`{written}` is a typographic quote, which ends no attribute",
            'write a straight quote (`"`): word processors make curly ones, often when text is pasted',
        ),
        "unclosed-quote": (
            "this quote is never closed",
            'put a `"` at the end of the value; a `<` in a value is written `&lt;`',
        ),
        "less-in-value": ("a `<` can't stand in a value", "write `&lt;`"),
        "no-value": ("`{written}` has an equals sign, but no value", 'write `""` for an empty value'),
    },
    manual=page(
        what="Demands straight quotes around every attribute's value.",
        why="With a curly or missing quote the value runs on into the next tags, and parts of the e-mail vanish.",
        example="<mj-text align=”center”>",
        instead='<mj-text align="center">',
        sources=("Extensible Markup Language 1.0, 2.3: AttValue",),
    ),
    suppressible=False,
)

DUPLICATE_ATTRIBUTE = Rule(
    code="LAY005",
    slug="duplicate-attribute",
    severity=_ERROR,
    message="`{name}` is given twice on `{tag}`",
    help="keep one of them",
    manual=page(
        what="Reports an attribute that stands twice on one tag.",
        why="Browsers keep the first, the MJML renderer the last: nobody knows which one counts.",
        example='<mj-text color="#111111" color="#222222">',
        instead='<mj-text color="#222222">',
        sources=("HTML Living Standard, 13.1.2.3: attributes",),
    ),
    suppressible=False,
)

UNCLOSED = Rule(
    code="LAY006",
    slug="unclosed-tag",
    severity=_ERROR,
    message="`<{name}>` is never closed",
    help="write `</{name}>` where it ends",
    also={
        "never-opened": ("`</{name}>` closes nothing", "delete it, or open `<{name}>` before"),
        "mistyped-close": ("`</{name}>` closes nothing", "did you mean `</{meant}>`?"),
        "void": ("`<{name}>` has no closing tag", "delete `</{name}>`"),
        "self-closing": ("`<{name}/>` closes nothing in HTML", "write `<{name}></{name}>`"),
    },
    manual=page(
        what="Demands that every tag is closed, in the order opposite to how they were opened.",
        why="Mail clients close tags where each sees fit, and the MJML renderer stops without saying where.",
        example="<mj-text><p>Welcome</mj-text>",
        instead="<mj-text><p>Welcome</p></mj-text>",
        sources=("Extensible Markup Language 1.0, 3: logical structures",),
    ),
    suppressible=False,
)

UNKNOWN_TAG = Rule(
    code="LAY007",
    slug="unknown-tag",
    severity=_ERROR,
    message="unknown tag `{name}`",
    help="did you mean `{meant}`?",
    also={
        "unheard-of": ("unknown tag `{name}`", "use one of {known}"),
        "html": ("unknown tag `{name}`", "use plain HTML such as `p`, `a`, `strong`, `table`"),
        "dropped": ("`{name}` is not printed by our renderer", "leave it out, or use `mj-raw`"),
    },
    manual=page(
        what="Reports tags that neither MJML nor the HTML of e-mails knows.",
        why="The MJML renderer passes a misspelt tag through, and what stands in it shows anyhow, or not at all.",
        example="<mj-txt>Welcome</mj-txt>",
        instead="<mj-text>Welcome</mj-text>",
        sources=("mjml 5.4.1, its components", "HTML Living Standard, 4: the elements of HTML"),
    ),
    suppressible=False,
)

UNKNOWN_ATTRIBUTE = Rule(
    code="LAY008",
    slug="unknown-attribute",
    severity=_ERROR,
    message="`{tag}` has no attribute `{name}`",
    help="did you mean `{meant}`?",
    also={
        "unheard-of": ("`{tag}` has no attribute `{name}`", "it has {known}"),
        "none": ("`{tag}` has no attributes", "delete `{name}`"),
        "html": ("unknown attribute `{name}`", "delete it: mail clients would"),
        "html-near": ("unknown attribute `{name}`", "did you mean `{meant}`?"),
        "dropped": ("`{name}` of `{tag}` is not printed by our renderer", "leave it out, or use `css-class`"),
        "default": ("`{name}` can't be a default", "write it on each tag that needs it"),
        "mj-class": ("no `<mj-class>` is named `{name}`", "declare it under `<mj-attributes>` in the layout"),
        "mj-class-near": ("no `<mj-class>` is named `{name}`", "did you mean `{meant}`?"),
    },
    manual=page(
        what="Reports attributes that a tag doesn't have, and those that our MJML renderer does not print.",
        why="They vanish without a word, and the e-mail looks other than meant.",
        example='<mj-text colour="#111111">',
        instead='<mj-text color="#111111">',
        sources=("mjml 5.4.1, the allowed attributes of its components", "docs/parity.md"),
    ),
    suppressible=False,
)

ATTRIBUTE_VALUE = Rule(
    code="LAY009",
    slug="attribute-value",
    severity=_ERROR,
    message="`{value}` is no {kind}",
    help="write {form}",
    also={
        "choice": ("`{value}` is not possible for `{name}`", "choose one of {form}"),
        "choice-near": ("`{value}` is not possible for `{name}`", "did you mean `{meant}`?"),
        "at-rule": ("`{value}` can't be written into tags", "put it into a `mj-style` of its own, without `inline`"),
        "color-near": ("`{value}` is no colour", "did you mean `{meant}`?"),
        "css": ("`{value}` can't stand in a style", "write plain CSS without `;`, braces, `url()` or comments"),
    },
    manual=page(
        what="Checks units, colours, numbers and choices in the attributes of MJML tags.",
        why="The MJML renderer passes wrong ones through, and mail clients then ignore the whole style.",
        example='<mj-text font-size="16" align="centre">',
        instead='<mj-text font-size="16px" align="center">',
        sources=("mjml 5.4.1, the types of its attributes",),
    ),
    suppressible=False,
)

NESTING = Rule(
    code="LAY010",
    slug="nesting",
    severity=_ERROR,
    message="`{name}` can't stand in `{parent}`",
    help="it belongs into {allowed}",
    also={
        "top": ("`{name}` can't stand here", "it belongs into {allowed}"),
        "html": ("`{name}` can't stand in `{parent}`", "put HTML into `mj-text`, or into `mj-raw`"),
        "mjml-in-html": ("`{name}` can't stand in `{parent}`", "`{parent}` holds HTML: close it before"),
        "text": ("text can't stand in `{parent}`", "put it into `mj-text`"),
        "text-top": ("text can't stand here", "put it into `mj-text`"),
        "in-head": ("`{name}` can't stand in the head", "only `meta` and `style` can: put it into `mj-body`"),
        "empty": ("`{parent}` holds nothing", "close it with `/>`, and put this behind it"),
        "only-text": ("`{name}` can't stand in `{parent}`", "write plain text there"),
        "only-css": ("`{name}` can't stand in `{parent}`", "write plain CSS there"),
        "link-in-link": ("a link can't stand in a link", "close `<{parent}>` before"),
        "no-mjml": ("a layout begins with `<mjml>`", "put the whole of it between `<mjml>` and `</mjml>`"),
        "no-body": ("this layout has no `<mj-body>`", "what a reader sees belongs into `<mj-body>`"),
        "twice": ("`{name}` stands twice", "keep one"),
        "head-after-body": ("`<mj-head>` comes after `<mj-body>`", "put it before"),
        "include": ("`{name}` can't stand in `{parent}`, where it is included", "it belongs into {allowed}"),
    },
    manual=page(
        what="Checks which tag may stand in which, as MJML defines it.",
        why="The MJML renderer drops what it does not expect, such as a section in a column, without a word.",
        example="<mj-section><mj-text>Welcome</mj-text></mj-section>",
        instead="<mj-section><mj-column><mj-text>Welcome</mj-text></mj-column></mj-section>",
        sources=("mjml 5.4.1, the dependencies of its components",),
    ),
    suppressible=False,
)

UNSAFE_MARKUP = Rule(
    code="LAY011",
    slug="unsafe-markup",
    severity=_ERROR,
    message="`{name}` can't stand in an e-mail",
    help="{instead}",
    also={
        "handler": ("`{name}` runs a script", "delete it: no mail client runs it, and spam filters count it"),
        "css": ("`{name}` can't stand in a style", "use plain CSS"),
    },
    manual=page(
        what="Refuses scripts, forms, inputs, frames, embedded media, SVG and event handlers.",
        why=(
            "Mail clients strip them and filters distrust them. A form in an e-mail also asks patients to send health "
            "information in the clear."
        ),
        example='<mj-text><form action="https://fjordklinikken.example/"><input name="symptoms"></form></mj-text>',
        instead='<mj-button href="https://fjordklinikken.example/questions">Answer three questions</mj-button>',
        sources=("caniemail.com: html-form, html-svg", "45 CFR 164.312(e)(1): transmission security"),
    ),
    suppressible=False,
)

REMOTE = Rule(
    code="LAY012",
    slug="remote-resource",
    severity=_ERROR,
    message="`{value}` is fetched from afar",
    help="put the picture into assets/ and write `assets/NAME`",
    also={
        "tag": ("`{name}` fetches {what} from afar", "{instead}"),
        "css": ("`{value}` is fetched from afar", "write the style itself, and use fonts that devices bring along"),
        "data": ("a picture can't be written into a layout", "put it into assets/ and write `assets/NAME`"),
        "path": ("`{value}` is no picture of assets/", "write `assets/NAME`, without `..`"),
    },
    manual=page(
        what="Refuses pictures, style sheets and fonts that a mail client would fetch from another computer.",
        why=(
            "Each fetch tells somebody that this patient opened this e-mail, from where, on which device. A health "
            "practice may not let third parties know."
        ),
        example='<mj-image src="https://cdn.example/logo.png" alt="Fjordklinikken">',
        instead='<mj-image src="assets/logo.png" alt="Fjordklinikken">',
        sources=("HHS OCR, Use of Online Tracking Technologies, 2024", "LG München I, 3 O 17493/20"),
    ),
    suppressible=False,
)

COMMENT = Rule(
    code="LAY013",
    slug="comment-goes-out",
    severity=_ERROR,
    message="this comment would go out with every e-mail",
    help="write `{{# … #}}`: that stays here",
    also={
        "unbalanced": ("this condition for Outlook is never ended", "end it with `<![endif]-->`"),
        "revealed-unbalanced": ("this condition for Outlook is never ended", "end it with `<!--<![endif]-->`"),
        "never-begun": ("`<![endif]` ends no condition for Outlook", "delete it, or begin with `<!--[if mso]>`"),
        "condition": ("`{condition}` is no condition for Outlook", "write `[if mso]` or `[if !mso]`"),
    },
    manual=page(
        what="Refuses HTML comments other than Outlook's conditions, and checks that those are balanced.",
        why="Whoever gets an e-mail can read its comments: names, notes, old wordings.",
        example="<mj-text><!-- ask Kari about the price --><p>Welcome</p></mj-text>",
        instead="<mj-text>{# ask Kari about the price #}<p>Welcome</p></mj-text>",
        sources=("mjml-python 1.4.2 keeps comments (measured)",),
    ),
    suppressible=False,
)

INCLUSION = Rule(
    code="LAY014",
    slug="inclusion",
    severity=_ERROR,
    message="there is no `{name}` to include",
    help="did you mean `{meant}`?",
    also={
        "unheard-of": ("there is no `{name}` to include", "layouts/ holds {known}"),
        "mj-include": ("`mj-include` doesn't work here", 'write `{{% include "{name}" %}}`'),
        "path": ("`{name}` is no place in layouts/", 'write it as seen from layouts/, such as `"blocks/footer.mjml"`'),
        "form": ("only a fixed name can be included", 'write `{{% include "blocks/footer.mjml" %}}`'),
        "cycle": ("`{name}` includes itself: {chain}", "break the circle: take one of these inclusions out"),
        "place": ("an inclusion can't stand inside a tag", "put it between tags"),
    },
    manual=page(
        what="Checks that what a layout includes is there, and that nothing includes itself.",
        why="An inclusion that fails leaves a hole in the e-mail; one in a circle never ends.",
        example='<mj-include path="footer.mjml"/>',
        instead='{% include "blocks/footer.mjml" %}',
        sources=("The campaign language: layouts",),
    ),
    suppressible=False,
)

TEMPLATE_SYNTAX = Rule(
    code="LAY016",
    slug="layout-template-tag",
    severity=_ERROR,
    message="`{written}` is no tag of layouts",
    help="there are if, elif, else, for, include and raw",
    also={
        "tag": ("`{written}` is no tag of layouts", "did you mean `{meant}`?"),
        "unclosed-block": ("this `{written}` is never closed", "write `{{% {closer} %}}` where it ends"),
        "unopened": ("`{written}` without a `{opener}` before it", "delete it, or open `{{% {opener} … %}}` before"),
        "rest": ("`{written}` is too much here", "delete it"),
        "for": ("`for` wants a new name and a list", "write `{{% for item in items %}}`"),
    },
    manual=page(
        what="Checks the tags of layouts and blocks: `if`, `for` over a block's own items, `include`, `raw`.",
        why="Other tags of Jinja can switch escaping off, run for ever, or make a mail that nobody can review.",
        example="{% macro card(title) %}{{ title }}{% endmacro %}",
        instead='{% include "blocks/card.mjml" %}',
        sources=("Jinja 3.1, Template Designer Documentation",),
    ),
    suppressible=False,
)

TEMPLATE_PLACE = Rule(
    code="LAY017",
    slug="template-tag-place",
    severity=_ERROR,
    message="`{written}` can't stand inside a tag",
    help="put it around whole elements, or inside a quoted value",
    also={
        "unbalanced": (
            "`{written}` stands in another element than its `{opener}`",
            "put both into the same element: what stands between them must be closed there",
        ),
        "words": ("`{written}` can't print between MJML tags", "put it into `mj-text`"),
        "blocks": ("`{written}` can't stand in `{parent}`", "put it into `mj-column`: it prints the e-mail's blocks"),
        "blocks-top": ("`{written}` can't stand here", "put it into `mj-column`: it prints the e-mail's blocks"),
        "no-blocks": (
            "this layout prints no `body`: the e-mails' own words would be missing",
            "write `{{{{ body }}}}` where they belong, between the tags of `mj-column`",
        ),
        "blocks-twice": ("`{written}` is printed twice", "keep one"),
        "markup": ("`{written}` is made of MJML tags", "put it between MJML tags, not into `{parent}`"),
    },
    manual=page(
        what="Demands that what stands between `{% if %}` and `{% endif %}` is closed there.",
        why="So that an e-mail is well formed whichever branch shows, and a reviewer can see that it is.",
        example="{% if wide %}<mj-section>{% else %}<mj-wrapper>{% endif %}",
        instead="{% if wide %}<mj-section>…</mj-section>{% endif %}",
        sources=("The campaign language: layouts",),
    ),
    suppressible=False,
)

UNKNOWN_NAME = Rule(
    code="LAY018",
    slug="unknown-layout-name",
    severity=_ERROR,
    message="unknown name `{name}`",
    help="did you mean `{meant}`?",
    also={"unheard-of": ("unknown name `{name}`", "layouts know {known}")},
    manual=page(
        what="Reports names in a layout or block that nothing gives a value to.",
        why="The e-mail would have a hole there.",
        example="{{ practise.name }}",
        instead="{{ practice.name }}",
        sources=("The campaign language: layouts",),
    ),
    suppressible=False,
)

LANG_AND_DIR = Rule(
    code="A11Y001",
    slug="lang-and-dir",
    severity=_ERROR,
    message="{where} has {seen}, where the message is in `{locale}`",
    help='write `lang="{locale}" dir="{dir}"` on <mjml>, and on an element around the whole body',
    also={
        "layout": (
            "this layout says {missing} nowhere",
            'write `<mjml lang="{{{{ lang }}}}" dir="{{{{ dir }}}}">`: each e-mail fills in its own language',
        ),
    },
    manual=page(
        what="""
            Asks that every compiled page says its language (`lang`, as the locale or more exactly: `nb` or `nb-NO`) and
            its direction (`dir`: which way it is read), on `<html>` and again on the outermost elements of the body:
            webmail takes `<html>` away. A layout that says neither is told of so in its file.
        """,
        why="""
            A screen reader reads Norwegian with English sounds where nothing tells it otherwise, and nobody understands
            a word. Of 376,000 mails measured in 2026, 96 in 100 lacked it.
        """,
        example="<mjml>",
        instead='<mjml lang="{{ lang }}" dir="{{ dir }}">',
        sources=(
            "WCAG 2.2, success criterion 3.1.1 Language of Page (level A)",
            "45 CFR 84.84 (section 504), EN 301 549 clause 9.3.1.1",
            "caniemail.com: support of `lang` and `dir` on the root element",
            'mjml-python 1.4.2 prints lang="und" dir="auto" where a layout says nothing (measured)',
        ),
    ),
    sources=("WCAG 2.2, 3.1.1 Language of Page (A)", "45 CFR 84.84", "EN 301 549, 9.3.1.1"),
)

ALT_TEXT = Rule(
    code="A11Y004",
    slug="alt-text",
    severity=_ERROR,
    message="this picture has no `alt`",
    help='say in a few words what it shows, or write `alt=""` where it only decorates',
    also={
        "file-name": ("`{alt}` is a file's name", "say what the picture shows, as you would on the telephone"),
        "says-nothing": ("`{alt}` says nothing", "say what the picture shows, as you would on the telephone"),
        "long": ("this `alt` is {length} characters long", "say it in at most 150, and put the rest into the text"),
        "image-of": ("`{words}` says what a screen reader says anyhow", "begin with what the picture shows"),
        "decorative": (
            "`{alt}` describes a picture that only decorates ({file})",
            'write `alt: ""`: it is read aloud to everybody who can\'t see it',
        ),
        "silent-link": (
            'this picture is a link, and its `alt` is `""`',
            "say where the link leads: without words nobody hears that there is one",
        ),
        "health-field": (
            "this `alt` prints `{field}`, labelled {level}",
            "say what the picture shows, without a recipient's data",
        ),
        "emoji-label": (
            "`{emoji}` alone says what this is",
            "write the word, e.g. `Date`; the emoji may stand beside it",
        ),
    },
    manual=page(
        what=(
            "Reports pictures without `alt`, with a file's name or a word such as `image` as `alt`, "
            "or with one of more than 150 characters."
        ),
        why=(
            "People who can't see a picture hear its `alt`; and until somebody allows pictures, everybody sees it "
            "instead of the picture."
        ),
        example="image: {src: img_0231.jpg}",
        instead='image: {src: entrance.jpg, alt: "Main entrance with ramp"}',
        sources=("WCAG 2.2, 1.1.1", "EMC 2026: 47.88 % of e-mails lack it"),
    ),
)

LINK_SAFETY = Rule(
    code="LNK001",
    slug="link-safety",
    severity=_ERROR,
    message="this link goes nowhere",
    help="give the whole address, beginning with `https://`",
    also={
        "http": ("`{address}` is not encrypted", "write `https://`"),
        "scheme": ("`{scheme}:` can't be linked from an e-mail", "link to a page that begins with `https://`"),
        "userinfo": (
            "`{address}` leads to `{host}`, not to what stands before the `@`",
            "write the address of the page itself",
        ),
        "relative": ("`{address}` is no whole address", "begin it with `https://`"),
        "anchor": ("`{address}` leads to a place in the e-mail, which many clients don't follow", "link to a page"),
        "ip": ("`{host}` is a number, not a name", "link to the site by its name: filters distrust numbers"),
        "host": ("`{address}` has no valid host", "write it as `https://fjordklinikken.example/page`"),
        "lookalike": ("`{host}` mixes letters of several alphabets", "write it anew by hand: one may imitate another"),
        "imitation": ("`{host}` looks like `{like}`, and is another host", "write it anew by hand, or leave it out"),
        "shortener": ("`{host}` hides where the link leads", "link to the page itself"),
        "private": ("`{host}` can't be reached from outside", "link to a page that everybody can open"),
        "foreign": (
            "`{host}` is none of the practice's own hosts",
            "give the address a name under `links:` in campcompile.yaml, and link to that",
        ),
        "mailto": ("`{address}` is no e-mail address", "write `mailto:post@fjordklinikken.example`"),
        "tel": ("`{address}` is no telephone number", "write `tel:+4755501234`: a plus sign and digits"),
    },
    firm=(
        "",
        *["http", "scheme", "userinfo", "relative", "anchor", "ip", "host", "lookalike", "shortener", "mailto", "tel"],
    ),
    manual=page(
        what=(
            "Reports links that go nowhere, are not encrypted, run a script, hide their host (a name before `@`, a "
            "number, a mix of alphabets, a shortener), or can't be followed from an e-mail."
        ),
        why="A patient who learns to click odd links at your word will click a fraudster's; filters learn the same.",
        example='<mj-button href="http://bit.ly/3xyz">Book</mj-button>',
        instead='<mj-button href="https://time.fjordklinikken.example/">Book</mj-button>',
        sources=("RFC 3986, 3.2.1: user information", "SpamAssassin 4.0.1: NORMAL_HTTP_TO_IP, url shorteners"),
    ),
)

TEXT_TARGET = Rule(
    code="LNK002",
    slug="text-target-mismatch",
    severity=_ERROR,
    message="the link shows `{shown}`, but leads to `{host}`",
    help="say in words what is there, or link to what is shown",
    also={
        "tel": ("the link shows `{shown}`, but calls `{number}`", "make both the same number"),
        "mailto": ("the link shows `{shown}`, but writes to `{mailbox}`", "make both the same address"),
        "portal": ("the link says `{shown}`, but leads to `{host}`", "link to `links.portal`, or say what is there"),
    },
    manual=page(
        what="Reports links whose words are an address, a mailbox or a number other than where they lead, and those "
        "that say *portal* where `links.portal` is another host.",
        why="It is how phishing works, so filters and careful readers take it for that.",
        example='<a href="https://track.vendor.example/x">www.fjordklinikken.example</a>',
        instead='<a href="https://fjordklinikken.example/">Our web site</a>',
        sources=("ClamAV: phishing heuristics, as its manual describes them",),
    ),
)

# What the scanner (markup.py) calls a slip → the rule, and what it says.
SLIPS: dict[str, tuple[Rule, str]] = {
    "stray-less": (STRAY_MARKUP, ""),
    "stray-in-tag": (STRAY_MARKUP, "stray-in-tag"),
    "open-end": (STRAY_MARKUP, "open-end"),
    "broken-close": (STRAY_MARKUP, "broken-close"),
    "declaration": (STRAY_MARKUP, "declaration"),
    "no-space": (STRAY_MARKUP, "no-space"),
    "unclosed-comment": (STRAY_MARKUP, "unclosed-comment"),
    "unclosed-condition": (COMMENT, "unbalanced"),
    "lone-endif": (COMMENT, "never-begun"),
    "unquoted": (ATTRIBUTE_QUOTES, ""),
    "curly-quote": (ATTRIBUTE_QUOTES, "curly-quote"),
    "unclosed-quote": (ATTRIBUTE_QUOTES, "unclosed-quote"),
    "less-in-value": (ATTRIBUTE_QUOTES, "less-in-value"),
    "no-value": (ATTRIBUTE_QUOTES, "no-value"),
}

RULES = (
    TOO_LARGE,
    FORBIDDEN_CHARACTER,
    STRAY_MARKUP,
    ATTRIBUTE_QUOTES,
    DUPLICATE_ATTRIBUTE,
    UNCLOSED,
    UNKNOWN_TAG,
    UNKNOWN_ATTRIBUTE,
    ATTRIBUTE_VALUE,
    NESTING,
    UNSAFE_MARKUP,
    REMOTE,
    COMMENT,
    INCLUSION,
    TEMPLATE_SYNTAX,
    TEMPLATE_PLACE,
    UNKNOWN_NAME,
    LANG_AND_DIR,
    ALT_TEXT,
    LINK_SAFETY,
    TEXT_TARGET,
)
