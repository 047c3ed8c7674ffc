"""The console's pages."""

from flask import Blueprint

from ..agents.guards import guard

bp = Blueprint("console", __name__, template_folder="templates", static_folder="static")
bp.before_request(guard)


@bp.get("/sign-in")
def sign_in() -> str:
    return "sign in"
