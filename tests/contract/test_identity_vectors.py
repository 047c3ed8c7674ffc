"""One file of tokens, read by the server and signed again by each language a host may speak."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from widget_server.sites.models import SiteKey

from ..support.nodes import node
from ..support.visitor import ORIGIN
from .make_vectors import CASES, vector

HERE = Path(__file__).parent
FILE = json.loads((HERE / "identity_vectors.json").read_text())
VECTORS = FILE["vectors"]
SIGNED = [each for each in VECTORS if each["signed"]]


@pytest.fixture
def known_site(site, clock):
    """The site whose key the vectors are signed with, at the moment they speak of."""
    clock(datetime.fromtimestamp(FILE["now"], UTC))
    SiteKey.update(kid=FILE["kid"], secret=FILE["secret"]).where(
        SiteKey.site_id == site.id
    ).execute()
    return site


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_server_judges_as_the_vector_says(case, client, known_site):
    answer = client.post(
        "/api/v1/sessions",
        json={"site_key": known_site.key, "identity_token": case["token"]},
        headers={"Origin": ORIGIN},
    )
    if "refused" in case["expect"]:
        assert answer.status_code == 401
        assert answer.json["error"]["code"] == case["expect"]["refused"]
        return
    assert answer.status_code == 201, answer.json
    said = case["claims"]
    assert answer.json["requester"] | {"id": ""} == {
        "id": "",
        "kind": "identified",
        "name": said.get("name"),
        "email": said.get("email"),
        "email_verified": said.get("email_verified", False),
    }


@pytest.mark.parametrize("case", SIGNED, ids=lambda case: case["name"])
def test_python_signs_the_same_bytes(case):
    headers = {"alg": "HS256", "kid": FILE["kid"], "typ": "JWT"}
    assert _decoded(case["token"]) == (headers, case["claims"])
    assert (
        jwt.decode(
            case["token"],
            FILE["secret"],
            algorithms=["HS256"],
            options=dict.fromkeys(("verify_exp", "verify_iat", "verify_sub"), False),
        )
        == (case["claims"])
    )


def test_node_signs_the_same_bytes():
    done = subprocess.run(
        [node(), HERE / "check_vectors.mjs"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == str(len(SIGNED))


def test_php_signs_the_same_bytes():
    """The plugin and the example host; on every PHP the plugin promises in tests/wordpress."""
    done = subprocess.run(
        ["php", HERE / "check_vectors.php"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == str(len(SIGNED))


def test_file_is_what_its_maker_writes():
    assert json.loads(json.dumps([vector(*case) for case in CASES])) == VECTORS


def _decoded(token):
    parts = (part + "=" * (-len(part) % 4) for part in token.split(".")[:2])
    return tuple(json.loads(jwt.utils.base64url_decode(part)) for part in parts)
