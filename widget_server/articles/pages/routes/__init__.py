"""The help pages over HTTP, all on one blueprint."""

from . import article, errors, files, home
from .frame import bp

__all__ = ["article", "bp", "errors", "files", "home"]
