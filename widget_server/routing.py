"""Addresses of routes."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class Lately(Rule):
    """Learns to write its address when it is first asked to.

    werkzeug compiles two functions for each rule as it is added, an eighth of what a start takes;
    most rules are only ever matched.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        compiled: list[Callable[..., Any]] = []
        learn = super()._compile_builder

        def build(rule: Rule, **values: Any) -> Any:
            if not compiled:
                compiled.append(learn(append_unknown))
            return compiled[0](rule, **values)

        return build
