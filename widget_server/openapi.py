"""The API, and the document that describes it."""

import threading
from typing import Any

from flask import Response
from flask_smorest import Api as Smorest
from flask_smorest import Blueprint


class Api(Smorest):
    """Writes its document when somebody asks for it, which few servers are ever asked.

    flask-smorest writes it as routes are registered: a tenth of what a start takes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._untold: list[Blueprint] = []
        self._telling = threading.Lock()
        super().__init__(*args, **kwargs)

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._untold.append(blp)

    def _openapi_json(self) -> Response:
        with self._telling:
            while self._untold:
                blp = self._untold.pop(0)
                blp.register_views_in_doc(
                    self, self._app, self.spec, name=blp.name, parameters=None
                )
                self.spec.tag({"name": blp.name, "description": blp.description})
        return super()._openapi_json()
