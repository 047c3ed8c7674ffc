"""The security matrix: one row is one thing an attacker tries, and what it meets.

It reads beside docs/threat-model.md, which says who they are and names the tests that go deeper;
the last tests here keep that document true.
"""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from widget_server.agents import api_tokens
from widget_server.console.routes import statics
from widget_server.identity.tokens import Tokens
from widget_server.orders import service as orders
from widget_server.orders.pricing import Line
from widget_server.tickets.ledger import Actor
from widget_server.tickets.service import find_by_id

from ..conftest import SECRET
from ..console.test_door import sign_in
from ..support.databases import disconnect
from ..support.visitor import ORIGIN
from .test_attachments import PDF, archive, image
from .test_sessions import PNG

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "docs/threat-model.md").read_text()
EVIL = "https://evil.example"

# What answers: every kind of thing this server sends -----------------------------------------

PAGES = ("console", "sign-in", "help page", "mailed page")
FILES = ("attachment", "document")
API = ("API", "API refusal", "API nowhere")
SCRIPTS = ("loader", "stylesheet")
PLACES = (*PAGES, *FILES, *API, *SCRIPTS, "health", "nowhere")


@pytest.fixture
def database_url(sqlite_supply, tmp_path):
    """None of this depends on the database."""
    yield sqlite_supply.fresh(tmp_path)
    disconnect()


@pytest.fixture
def things(ada, agent, site):
    """A request with a file and a document, and the tokens that lead to them."""
    ticket = ada.open()
    file = ada.upload("a.png", PNG).json["url"].rpartition("/")[2]
    offer = orders.Offer("Work", [Line("Hours", 1_000, 100, 0)], "EUR", 1)
    inés = Actor("agent", str(agent.record.id), "Inés")
    orders.quote(find_by_id(site.id, ticket["id"]), inés, offer, work=True)
    (order,) = ada.get(f"/tickets/{ticket['id']}").json["orders"]
    return {"attachment": file, "document": order["pdf_url"].rpartition("/")[2]}


@pytest.fixture
def ask(client, agent, ada, site, things):
    """Open a place as whoever belongs there and return the answer."""
    at = {
        "sign-in": "/console/sign-in",
        "help page": f"/help/{site.key}/es/",
        "mailed page": "/t/not-a-token",
        "attachment": f"/files/{things['attachment']}",
        "document": f"/orders/{things['document']}",
        "API refusal": "/api/v1/tickets",
        "API nowhere": "/api/v1/nothing",
        "loader": f"/w/{site.key}.js",
        "stylesheet": f"/console/static/{statics.current()}/console.css",
        "health": "/health",
        "nowhere": "/wp-login.php",
    }

    def go(place: str, **headers: str) -> Any:
        if place == "console":
            return agent.client.get("/console/", headers=headers)
        if place == "API":
            headers |= {"Authorization": f"Bearer {ada.token}"}
            return client.get("/api/v1/tickets", headers=headers)
        return client.get(at[place], headers=headers, buffered=True)

    return go


# Headers -------------------------------------------------------------------------------------


def test_nothing_is_taken_for_another_kind_of_thing(ask):
    assert {place: ask(place).headers["X-Content-Type-Options"] for place in PLACES} == (
        dict.fromkeys(PLACES, "nosniff")
    )


def test_no_cache_between_keeps_what_is_somebodys(ask):
    for place in ("console", "sign-in", "mailed page", *FILES, *API):
        kept = ask(place).headers["Cache-Control"]
        assert "no-store" in kept or ("private" in kept and "public" not in kept), place


TELLS = {
    "console": "same-origin",
    "sign-in": "same-origin",
    "mailed page": "no-referrer",
    "attachment": "no-referrer",
    "document": "no-referrer",
    "help page": "strict-origin-when-cross-origin",
}


def test_no_page_tells_where_somebody_came_from(ask):
    assert {place: ask(place).headers["Referrer-Policy"] for place in TELLS} == TELLS


# Content security policy ---------------------------------------------------------------------


def policy_of(answer: Any) -> dict[str, str]:
    rules = [rule.strip() for rule in answer.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, _, sources in (rule.partition(" ") for rule in rules)}


#: What a page may do at most; what is not named falls to the first.
OURS = {
    "default-src": ("'none'",),
    "base-uri": ("'none'",),
    "frame-ancestors": ("'none'",),
    "script-src": ("'self'", "'none'"),
    "connect-src": ("'self'", "'none'"),
    "form-action": ("'self'", "'none'"),
}


@pytest.mark.parametrize("place", PAGES)
def test_a_page_runs_and_reaches_only_what_is_ours(ask, place):
    policy = policy_of(ask(place))
    assert [rule for rule, allows in OURS.items() if policy[rule] not in allows] == []


def test_no_policy_has_a_hole(ask):
    for place in PAGES:
        text = ask(place).headers["Content-Security-Policy"]
        assert not re.search(r"unsafe|\*|\bhttps?:(?!//)", text), place


def test_a_file_of_somebody_elses_is_saved_and_never_run(ask):
    for answer in map(ask, FILES):
        assert policy_of(answer) == {"default-src": "'none'", "sandbox": ""}
        assert answer.headers["Content-Disposition"].startswith("attachment")


# Cookies -------------------------------------------------------------------------------------


def test_nobody_is_followed_by_a_cookie(ask):
    assert [place for place in PLACES if "Set-Cookie" in ask(place).headers] == []


def test_the_console_s_cookie_stays_where_it_belongs(app, agent):
    parts = sign_in(app.test_client()).headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/console/"} <= set(parts)
    assert not [part for part in parts if part.startswith("Domain=")]


# Other origins -------------------------------------------------------------------------------


READABLE = (*API, "attachment", "loader")


@pytest.mark.parametrize("place", PLACES)
def test_another_page_reads_only_what_needs_a_token_or_is_public(ask, place):
    for origin in (ORIGIN, EVIL, "null"):
        headers = ask(place, Origin=origin).headers
        allowed = "*" if place in READABLE else None
        assert headers.get("Access-Control-Allow-Origin") == allowed, origin
        assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "", f"{ORIGIN}.evil.example", "http://shop.example"]
)
def test_a_page_that_is_not_the_site_s_opens_no_session(client, site, origin):
    answer = client.post(
        "/api/v1/sessions", json={"site_key": site.key}, headers={"Origin": origin}
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "wrong_origin")


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": EVIL},
     {"Origin": "null"}],
    ids=str,
)  # fmt: skip
def test_another_page_changes_nothing_in_the_console(agent, headers):
    assert agent.client.post("/console/sign-out", headers=headers).status_code == 403
    assert agent.client.get("/console/").status_code == 200


# Tokens --------------------------------------------------------------------------------------

DOORS = ("session", "agents' API", "attachment", "document", "payment return", "stop mails")


@pytest.fixture
def doors(client, agent, ada, site, things):
    """How each kind of token is used, and one of each."""
    ticket = ada.get("/tickets").json["tickets"][0]
    tokens = {
        "session": ada.token,
        "agents' API": api_tokens.create(agent.record, name="x", scopes=["tickets:read"])[1],
        "payment return": Tokens([SECRET], "payment-return").issue(
            [site.id, "o", "t", "stripe", "cancelled", ""]
        ),
        "stop mails": Tokens([SECRET], "mail-stop").issue(
            {"s": site.id, "t": ticket["id"], "e": "ada@customers.example"}
        ),
        **things,
    }

    def use(door: str, token: str) -> int:
        bearer = {"Authorization": f"Bearer {token}"}
        places = {
            "session": ("/api/v1/tickets", bearer),
            "agents' API": ("/api/v1/agent/tickets", bearer),
            "attachment": (f"/files/{token}", {}),
            "document": (f"/orders/{token}", {}),
            "payment return": (f"/pay/{token}", {}),
            "stop mails": (f"/mail/stop/{token}", {}),
        }
        path, headers = places[door]
        return client.get(path, headers=headers, buffered=True).status_code

    return tokens, use


@pytest.mark.parametrize("kind", DOORS)
def test_a_token_opens_its_own_door_alone(doors, kind):
    tokens, use = doors
    met = {door: use(door, tokens[kind]) for door in DOORS}
    assert met.pop(kind) < 400
    assert set(met.values()) <= {401, 403, 404}, met


CHANGES = {
    "another end": lambda token: token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
    "longer": lambda token: token + "A",
    "cut": lambda token: token[:-8],
    "other case": str.swapcase,
    "nothing like it": lambda _: "x",
    "dots": lambda _: "." * 80,
    "endless": lambda _: "A" * 6_000,
}


@pytest.mark.parametrize("door", DOORS)
def test_no_token_of_somebody_s_own_making_opens_anything(doors, door):
    tokens, use = doors
    met = {name: use(door, change(tokens[door])) for name, change in CHANGES.items()}
    assert set(met.values()) <= {401, 403, 404}, met


@pytest.mark.parametrize("door", ["attachment", "document", "payment return", "stop mails"])
def test_a_token_signed_with_another_secret_opens_nothing(doors, site, door):
    tokens, use = doors
    purpose = {"attachment": "file", "document": "document", "payment return": "payment-return",
               "stop mails": "mail-stop"}[door]  # fmt: skip
    assert use(door, Tokens(["x" * 40], purpose).issue([site.id])) in (401, 404)


# Uploads -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upload:
    trick: str
    name: str
    data: bytes
    meets: str


UPLOADS = (
    Upload("a page", "a.html", b"<script>alert(1)</script>", "unsupported_file"),
    Upload("a drawing with a script", "a.svg", b"<svg onload='alert(1)'/>", "unsupported_file"),
    Upload("a program", "a.exe", b"MZ\x90\x00" + b"\0" * 200, "unsupported_file"),
    Upload("a program called a picture", "a.png", b"MZ\x90\x00" + b"\0" * 200, "unsupported_file"),
    Upload("a page called a picture", "a.png", b"<html><script>1</script>", "unsupported_file"),
    Upload("a picture that is a script too", "a.gif", b"GIF89a/*<script>*/", "dangerous_file"),
    Upload("a picture with an archive behind it", "a.jpg", image("JPEG") + archive(a="b"), "dangerous_file"),
    Upload("a document with an archive behind it", "a.pdf", PDF + archive(a="b"), "dangerous_file"),
    Upload("a text with macros", "a.docx",
           archive(**{"[Content_Types]_xml": "", "word__vbaProject.bin": "x"}), "dangerous_file"),
    Upload("an archive that grows", "a.zip", archive(a=b"\0" * 30_000_000), "dangerous_file"),
    Upload("a picture that grows", "a.png", image("PNG", (9_000, 9_000)), "dangerous_file"),
    Upload("nothing", "a.png", b"", "empty_file"),
)  # fmt: skip


@pytest.mark.parametrize("upload", UPLOADS, ids=lambda upload: upload.trick)
def test_what_could_do_harm_is_not_kept(ada, upload):
    answer = ada.upload(upload.name, upload.data)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, upload.meets)


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fetc%2Fpasswd.png", "%00.png", "a.png%0d%0aX-Evil: 1", "C%3A%5Cx.png"]
)
def test_no_name_leads_out_of_the_store_or_into_a_header(ada, client, name):
    sent = ada.upload(name, PNG)
    if sent.status_code == 422:
        return
    assert not re.search(r"[/\\\x00-\x1f:]", sent.json["name"])
    answer = client.get("/files/" + sent.json["url"].rpartition("/")[2], buffered=True)
    assert "X-Evil" not in answer.headers
    assert answer.data == PNG


# The document --------------------------------------------------------------------------------


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


HEAD = "| who | what they try | how it is stopped | which test shows it |"

ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for table in MODEL.split(HEAD)[1:]
    for line in table.split("\n\n")[0].strip().splitlines()[1:]
]


def test_the_model_has_rows():
    assert len(ROWS) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][:60])
def test_every_threat_names_tests_that_exist(row):
    assert len(row) == 4
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[3])
    assert named, "a threat without a test"
    for path, test in named:
        assert test.startswith("test_")
        assert (ROOT / path).is_file(), path
        assert test in named_in(path), f"{path} has no {test}"


def test_every_row_of_this_matrix_is_in_the_model():
    mine = {name for name in named_in("tests/server/test_threats.py") if name.startswith("test_")}
    about = {"test_the_model_has_rows", "test_every_threat_names_tests_that_exist",
             "test_every_row_of_this_matrix_is_in_the_model"}  # fmt: skip
    told = set(re.findall(r"`tests/server/test_threats\.py::(\w+)`", MODEL))
    assert told == mine - about
