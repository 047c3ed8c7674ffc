"""Host pages: the example shop, and the worst page the window has to live on."""

import importlib.util
from typing import Any

from flask import Flask, Response, request

from .servers import ROOT

HOSTILE_CSS = """
* { all: unset !important; color: lime !important; background: black !important;
    font: 40px serif !important; display: block !important; }
button, dialog, div { transform: rotate(3deg) !important; z-index: 2147483647 !important; }
"""

#: The policy of PRODUCT row 1.3, with Trusted Types on top.
POLICY = (
    "default-src 'none'; script-src 'nonce-n0nce' {server}; connect-src {server};"
    " img-src {server}; style-src 'nonce-n0nce'; require-trusted-types-for 'script';"
    " trusted-types 'none'"
)


def shop(server: str, site_key: str, key: Any) -> Flask:
    """Return the example shop of `examples/`, as a host developer would run it."""
    spec = importlib.util.spec_from_file_location("flask_host", ROOT / "examples/flask_host.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.create_host(server, site_key, key.kid, key.secret)


def strict(app: Flask, server: str, site_key: str) -> None:
    """Add ``/strict``: hostile CSS, right to left, and the strictest policy we promise."""

    @app.get("/strict")
    def strict_page() -> Response:
        html = f"""<!doctype html><html lang="es" dir="rtl"><meta charset="utf-8"><title>x</title>
<style nonce="n0nce">{HOSTILE_CSS}</style><h1>Hostile</h1>
<script nonce="n0nce">window.violations = [];
document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective +
  ' ' + e.blockedURI + ' ' + e.sourceFile));</script>
<script nonce="n0nce" async src="{server}/w/{site_key}.js"></script></html>"""
        response = Response(html)
        response.headers["Content-Security-Policy"] = POLICY.format(server=server)
        return response

    @app.get("/bare")
    def bare_page() -> str:
        return f"""<!doctype html><html lang="es"><meta charset="utf-8"><title>x</title>
<link rel="icon" href="data:,"><h1>Bare</h1><a href="/plain">on</a>
<script async src="{server}/w/{site_key}.js"></script></html>"""

    @app.get("/own")
    def own_page() -> str:
        """A page that holds whatever its address says."""
        return request.args["html"]

    @app.get("/queued")
    def queued_page() -> str:
        return f"""<!doctype html><html lang="es"><meta charset="utf-8"><title>x</title>
<link rel="icon" href="data:,"><body><script>
window.opened = 0; document.addEventListener('ventanilla:open', () => opened++);
window.ventanilla = function() {{ (ventanilla.q = ventanilla.q || []).push(arguments) }};
ventanilla('prefill', {{title: 'Desde la página', category: 'help'}});
ventanilla('open', {{screen: 'new'}});</script>
<script async src="{server}/w/{site_key}.js"></script></html>"""
