"""Whatever cache stands in front, and whoever came first: everybody is who they are."""

import re
import signal

import pytest
import requests
from playwright.sync_api import expect

from ..support.nginx import Nginx
from ..support.servers import free_port
from .versions import on

#: What each cache leaves out or ignores; all keep every other GET for a while.
MODES = {
    "host rule": "proxy_cache_bypass $cookie_in; proxy_no_cache $cookie_in;",
    "obeys Cache-Control": "",
    "every page": "proxy_ignore_headers Cache-Control Expires Set-Cookie; proxy_hide_header Set-Cookie;"
    " proxy_cache_bypass $rest; proxy_no_cache $rest;",
    "everything": "proxy_ignore_headers Cache-Control Expires Set-Cookie; proxy_hide_header Set-Cookie;",
}

MAPS = """
  map $http_cookie $cookie_in { default 0; ~wordpress_logged_in_ 1; }
  map $request_uri $rest { default 0; ~^/wp-json 1; }
"""

SERVER = """
  proxy_cache_path {folder}/{zone} keys_zone={zone}:1m;
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $http_host;
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_cache {zone}; proxy_cache_valid 200 301 302 10m; {rules}
      add_header X-Cache $upstream_cache_status always;
    }}
    location ~ ^/(wp-admin/|wp-login\\.php) {{ proxy_pass http://127.0.0.1:{behind}; }}
  }}
"""


@pytest.fixture(scope="session")
def fronts(build, tmp_path_factory):
    """An nginx with one cache of each kind before one site."""
    site = build("6.8", WP_TEST_ANY_HOST="1")
    folder = tmp_path_factory.mktemp("n")
    ports = {mode: free_port() for mode in MODES}
    servers = "".join(
        SERVER.format(folder=folder, zone=f"z{i}", port=ports[mode], behind=site.port, rules=rules)
        for i, (mode, rules) in enumerate(MODES.items())
    )
    nginx = Nginx(folder, MAPS + servers).start(
        f"http://127.0.0.1:{ports['host rule']}/wp-login.php"
    )
    yield site, {mode: f"http://127.0.0.1:{port}" for mode, port in ports.items()}
    nginx.kill(signal.SIGTERM)


KNOWN = """key => JSON.parse(localStorage.getItem(`ventanilla:${key}:session`) || '{}').requester?.name ?? ''"""


@on("6.8")
@pytest.mark.parametrize("first", ["a visitor", "a user"])
@pytest.mark.parametrize("mode", MODES)
def test_everybody_is_who_they_are_behind_a_cache(
    fronts, desk, connect, page_of, version, mode, first
):
    site, urls = fronts
    site.reset()
    connect(site)
    site.evaluate(
        "foreach (get_users() as $u) update_user_meta($u->ID, 'show_admin_bar_front', 'false');"
    )
    page_url = f"{urls[mode]}/?{first.replace(' ', '-')}"

    def open_as(user):
        page = page_of(locale="en")
        if user:
            jar = site.sign_in(user, urls[mode]).cookies
            page.context.add_cookies(
                [{"name": c.name, "value": c.value, "url": urls[mode]} for c in jar]
            )
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        answer = page.goto(page_url)
        expect(page.locator("ventanilla-widget .launch")).to_be_visible()
        ours = [url for url in asked if desk.url in url or "ventanilla" in url]
        assert ours == [f"{desk.url}/w/{desk.site_key}.js"], "one script before the click"
        page.locator("ventanilla-widget .launch").click()
        expect(page.get_by_role("button", name="New request")).to_be_visible()
        return page.evaluate(KNOWN, desk.site_key), answer.headers.get("x-cache")

    users = ["alice", "bob"]
    order = [None, *users] if first == "a visitor" else [*users, None]
    known = {user: open_as(user) for user in order}
    assert {user: name for user, (name, _) in known.items()} == {
        None: "", "alice": "Alice Æther", "bob": "Bob",
    }  # fmt: skip
    if mode in ("every page", "everything"):
        assert known[order[1]][1] == known[order[2]][1] == "HIT", "the cache was really in between"
    for cookies in ({}, site.sign_in("alice", urls[mode]).cookies):
        html = requests.get(page_url, cookies=cookies, timeout=20).text
        assert desk.site_key in html
        for secret in ("eyJ", "nonce", "wp-1-", "alice", "shop.example", desk.secret[:20]):
            assert secret not in html, secret
        assert not re.search(r'ventanilla[^>]*="[^"]*(user|author|subscriber)', html)


@on("6.8")
def test_public_pages_are_the_same_for_everybody(fronts, connect, version):
    site, _ = fronts
    site.reset()
    connect(site)
    site.evaluate(
        "foreach (get_users() as $u) update_user_meta($u->ID, 'show_admin_bar_front', 'false');"
    )
    ours = re.compile(r"<[^>]*ventanilla[^>]*>")
    pages = [
        ours.findall(requests.get(f"{site.url}/", cookies=cookies, timeout=20).text)
        for cookies in ({}, *(site.sign_in(user).cookies for user in ("admin", "alice", "bob")))
    ]
    assert len(pages[0]) == 1
    assert all(page == pages[0] for page in pages)
