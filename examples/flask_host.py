"""A shop that shows the help button and vouches for its users: what a host site has to do.

Run it beside a Ventanilla server:

    VENTANILLA_URL=http://127.0.0.1:8700 SITE_KEY=… KEY_ID=… SECRET=… python examples/flask_host.py
"""

import os
import re
import time

import jwt
from flask import Flask, jsonify, redirect, render_template, request

USERS = {
    "ada": {"name": "Ada Ferrer", "email": "ada@customers.example"},
    "bruno": {"name": "Bruno Conti", "email": "bruno@customers.example"},
}


def create_host(server: str, site_key: str, key_id: str, secret: str, lang: str = "es") -> Flask:
    """Build the shop. ``key_id`` and ``secret`` are what ``ventanilla site add`` printed."""
    app = Flask("shop", root_path=os.path.dirname(os.path.abspath(__file__)), static_folder=None)

    # --- Everything identity takes: one endpoint, same origin, never cached -----------------------
    @app.post("/identity")
    def identity():
        user = request.cookies.get("shop_user")
        if request.headers.get("X-Ventanilla") != "1" or user not in USERS:
            return jsonify(anonymous=True)
        now = int(time.time())
        claims = {"sub": user, "iat": now, "exp": now + 300, "email_verified": True, **USERS[user]}
        token = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key_id})
        response = jsonify(token=token)
        response.headers["Cache-Control"] = "no-store"
        return response

    # --- The shop itself --------------------------------------------------------------------------
    def page(identity_url: str | None) -> str:
        return render_template(
            "shop.html",
            server=server,
            site_key=site_key,
            identity_url=identity_url,
            users=USERS,
            user=request.cookies.get("shop_user"),
            lang=request.args.get("lang", lang),
        )

    @app.get("/")
    def shop():
        return page("/identity")

    @app.get("/plain")
    def plain():
        return page(None)

    @app.get("/support")
    def support():
        return render_template(
            "support.html", server=server, site_key=site_key, lang=request.args.get("lang", lang)
        )

    @app.post("/sign-in")
    def sign_in():
        # To a page of this site: an address that begins with two slashes is another's.
        back = request.form.get("back", "/")
        response = redirect(back if re.match(r"/(?![/\\])", back) else "/")
        user = request.form.get("user", "")
        if user in USERS:
            response.set_cookie("shop_user", user, samesite="Lax", httponly=True)
        else:
            response.delete_cookie("shop_user")
        return response

    return app


if __name__ == "__main__":
    create_host(
        os.environ.get("VENTANILLA_URL", "http://127.0.0.1:8700"),
        os.environ["SITE_KEY"],
        os.environ["KEY_ID"],
        os.environ["SECRET"],
    ).run(port=int(os.environ.get("PORT", "8701")))
