"""Whose address is it? As many proxies are believed as the settings say, from the right."""

import pytest

from widget_server.limits import address_key

HOPS = "198.51.100.1, 203.0.113.9, 192.0.2.7"


@pytest.fixture
def settings(request):
    return {"TRUSTED_PROXIES": getattr(request, "param", 0)}


@pytest.fixture
def seen(app):
    """The address and scheme that a request is taken to have."""
    found = {}

    @app.get("/who")
    def who():
        from flask import request

        found.update(address=address_key(), scheme=request.scheme)
        return ""

    return found


@pytest.mark.parametrize(
    ("settings", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "192.0.2.7", "https"), (2, "203.0.113.9", "https")],
    indirect=["settings"],
)
def test_so_many_entries_are_believed(seen, client, address, scheme):
    proto = "https, https"
    client.get("/who", headers={"X-Forwarded-For": HOPS, "X-Forwarded-Proto": proto})
    assert seen == {"address": address, "scheme": scheme}


@pytest.mark.parametrize("settings", [2], indirect=True)
def test_fewer_entries_than_proxies_are_not_believed_at_all(seen, client):
    client.get("/who", headers={"X-Forwarded-For": "198.51.100.1"})
    assert seen["address"] == "127.0.0.1"


@pytest.mark.parametrize("settings", [1], indirect=True)
@pytest.mark.parametrize("value", ["", ",", "unknown", "a" * 5_000, "198.51.100.1\x00"])
def test_nonsense_is_borne(seen, client, value):
    assert client.get("/who", headers={"X-Forwarded-For": value}).status_code == 200


def test_another_host_name_is_not_reflected(client, site):
    answer = client.get("/console/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil"})
    assert "evil" not in answer.headers.get("Location", "")


CACHED = [
    ("/w/{key}.js", "public, max-age=300, stale-while-revalidate=86400"),
    ("/w/assets/{asset}", "public, max-age=31536000, immutable"),
    ("/api/v1/openapi.json", "no-store"),
    ("/api/v1/tickets", "no-store"),
    ("/ready", "no-store"),
    ("/metrics", "no-store"),
]


@pytest.mark.parametrize(("path", "wanted"), CACHED, ids=[path for path, _ in CACHED])
def test_every_answer_says_how_long_it_may_be_kept(app, client, site, path, wanted):
    folder = app.extensions["widget_assets"].folder / "assets"
    asset = next(file.name for file in folder.glob("*.js"))
    answer = client.get(path.format(key=site.key, asset=asset))
    assert answer.headers["Cache-Control"] == wanted
    if wanted.startswith("public"):
        again = client.get(
            path.format(key=site.key, asset=asset),
            headers={"If-None-Match": answer.headers["ETag"]},
        )
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == wanted
