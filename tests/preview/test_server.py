"""Who may ask the preview's server, and for what: only its own page, and never a file by its path."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from campcompile.errors import UsageError
from campcompile.preview.server import DEFAULT_PORT, HOST, PreviewServer, serving
from campcompile.preview.static import static_files

JSON = "application/json"


def ask(
    server: PreviewServer, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One question, as it is: no client mends its path or its headers."""
    with socket.create_connection(server.server_address[:2], timeout=5) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"Host": own(server), "Content-Length": str(len(body)), "Connection": "close", **named}
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
        connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def own(server: PreviewServer) -> str:
    return f"{HOST}:{server.server_address[1]}"


def asked(server: PreviewServer, question: str, **what: Any) -> Any:
    status, _, body = ask(
        server,
        "POST",
        f"/ask/{question}",
        json.dumps(what).encode(),
        Content_Type=JSON,
        Origin=f"http://{own(server)}",
    )
    assert status == 200
    return json.loads(body)


def test_it_listens_on_this_machine_alone(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_its_own_page_is_answered(server: PreviewServer) -> None:
    for path, kind in (("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")):
        status, headers, body = ask(server, "GET", path)
        assert (status, headers["content-type"].partition(";")[0]) == (200, kind)
        assert body
    assert [row["folder"] for row in asked(server, "overview")["campaigns"]] == ["letter", "reminder"]
    assert "Hello" in asked(server, "mail", campaign="letter", email="letter", locale="en", variant="a")["html"]


def test_every_answer_forbids_what_a_page_could_do(server: PreviewServer) -> None:
    for path in ("/", "/nothing", "/picture/none"):
        _, headers, _ = ask(server, "GET", path)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


def hosts(server: PreviewServer) -> list[str]:
    port = server.server_address[1]
    names = [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "0.0.0.0",
        "[::1]",
        "127.1",
        "2130706433",
    ]
    named = [f"{name}:{port}" for name in names]
    return ["", "127.0.0.1", "localhost", f"127.0.0.1:{port + 1}", f"127.0.0.1:{port}.", f"localhost.:{port}", *named]


@pytest.mark.parametrize("path", ["/", "/events", "/picture/x", "/review?base=HEAD", "/ask/overview"])
def test_who_calls_it_by_another_name_is_refused(server: PreviewServer, path: str) -> None:
    method = "POST" if path.startswith("/ask") else "GET"
    for host in hosts(server):
        status, _, body = ask(server, method, path, Host=host, Origin=f"http://{own(server)}")
        assert status in (400, 403), host
        assert b"clinic" not in body.lower()
    with socket.create_connection(server.server_address[:2], timeout=5) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {own(server)}\r\nHost: evil.example\r\n\r\n".encode())
        assert b" 403 " in connection.recv(100)


def origins(server: PreviewServer) -> list[str]:
    port = server.server_address[1]
    near = [f"http://127.0.0.1:{port}.evil.example", f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"]
    return ["null", "https://evil.example", "http://127.0.0.1", "http://localhost", "file://", *near]


def test_a_page_of_another_origin_is_refused(server: PreviewServer) -> None:
    for origin, question in product(origins(server), ("overview", "mail", "test", "journey")):
        status, _, body = ask(server, "POST", f"/ask/{question}", b"{}", Content_Type=JSON, Origin=origin)
        assert (status, body) == (403, b"this server answers to its own page alone\n"), origin
    for origin in origins(server):
        assert ask(server, "GET", "/", Origin=origin)[0] == 403
    for site in ("cross-site", "same-site"):
        assert ask(server, "GET", "/", Sec_Fetch_Site=site)[0] == 403


def test_a_question_without_an_origin_or_in_a_form_is_refused(server: PreviewServer) -> None:
    origin = f"http://{own(server)}"
    assert ask(server, "POST", "/ask/overview", b"{}", Content_Type=JSON)[0] == 403
    for kind in ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert ask(server, "POST", "/ask/overview", b"{}", Content_Type=kind, Origin=origin)[0] == 400
    for body in (b"[]", b"1", b"{", b"\xff", b'{"campaign": 1}'):
        assert ask(server, "POST", "/ask/mail", body, Content_Type=JSON, Origin=origin)[0] == 400
    for length in ("-1", "x", "99999999999", ""):
        assert ask(server, "POST", "/ask/mail", Content_Type=JSON, Origin=origin, Content_Length=length)[0] == 400


def paths() -> Iterator[str]:
    """Ways to name a file that is none of ours."""
    secrets = ("secret.txt", "practice/campcompile.yaml", "etc/passwd")
    ups = ("..", "%2e%2e", "..%2f..", "....//", "..%5c", "..\\", "%252e%252e", "..;", "%c0%ae%c0%ae", ".%00.")
    rooms = ("", "picture/", "page/", "page.css/", "assets/", "review/", "./", "//", "\\")
    for room, up, secret in product(rooms, ups, secrets):
        yield f"/{room}{up}/{secret}"
    yield from ("//etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://evil.example/", "/C:/Windows/win.ini")
    yield from ("/picture/map.png", "/picture/../map.png", "/picture/%00", "/campcompile.yaml", "/.git/config", "*")


def test_no_path_leads_to_a_file(server: PreviewServer) -> None:
    tried = list(paths())
    assert len(tried) >= 100
    for path in tried:
        status, _, body = ask(server, "GET", path)
        assert status in (400, 404), path
        assert b"secret" not in body and b"root:" not in body and b"practice:" not in body


def test_a_picture_is_known_by_its_name_in_the_bundle(server: PreviewServer) -> None:
    (name,) = [asset.name for asset in server.desk.workshop.state.draft.programme.assets.values()]
    status, headers, body = ask(server, "GET", f"/picture/{name}")
    assert (status, headers["content-type"]) == (200, "image/png")
    assert body.startswith(b"\x89PNG")


def test_a_method_that_no_page_uses_is_refused(server: PreviewServer) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PATCH"):
        assert ask(server, method, "/")[0] == 501


def test_what_a_person_is_called_stays_text(server: PreviewServer) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    mail = asked(
        server,
        "mail",
        campaign="letter",
        email="letter",
        locale="en",
        variant="a",
        typed={"patient.first_name": evil},
    )
    assert "<script" not in mail["html"] and "<img src=x" not in mail["html"]
    assert "&lt;script&gt;" in mail["html"]


def test_a_taken_port_gives_way_unless_it_was_asked_for(server: PreviewServer) -> None:
    taken = server.server_address[1]
    with pytest.raises(UsageError, match=f"port {taken} is taken"), serving(server.desk, taken):
        pass
    with serving(server.desk, None) as first, serving(server.desk, None) as second:
        assert first.server_address[1] >= DEFAULT_PORT
        assert first.address != second.address


def test_events_tell_of_news_and_end_with_the_server(server: PreviewServer) -> None:
    with serving(server.desk, 0) as other, socket.create_connection(other.server_address[:2], timeout=5) as connection:
        connection.sendall(f"GET /events HTTP/1.1\r\nHost: {own(other)}\r\n\r\n".encode())
        lines = connection.makefile("rb")
        told = next(line for line in lines if line.startswith(b"data:"))
        assert json.loads(told[5:])["revision"] == 1
        assert other.desk.workshop.viewers == 1


def test_files_hold_the_same_page_and_ask_for_nothing(server: PreviewServer) -> None:
    files = dict(static_files(server.desk))
    assert {"index.html", "page.css", "page.js", "data/answers.js"} <= files.keys()
    page = files["index.html"].decode()
    assert "connect-src 'none'" in page and page.index("data/answers.js") < page.index("page.js")
    assert b'"overview"' in files["data/answers.js"]
    assert sum(b'"mail|letter|letter|en|a|1|ordinary"' in content for content in files.values()) == 2
    assert str(server.desk.workshop.root).encode() not in b"".join(files.values())
    assert not any(address in b"".join(files.values()) for address in (b"//cdn", b"googleapis", b"@import"))
