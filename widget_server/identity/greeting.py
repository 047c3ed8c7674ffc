"""What a fresh session is answered with besides its token.

Rooms above add to it, so that a click needs one answer and not two, and identity knows no tickets.
"""

from collections.abc import Callable
from typing import Any

from .service import Caller

Greeting = Callable[[Caller, str], dict[str, Any]]
_greetings: list[Greeting] = []


def greet_with(greeting: Greeting) -> Greeting:
    """Merge ``greeting(caller, language)`` into every new session's answer."""
    if greeting not in _greetings:
        _greetings.append(greeting)
    return greeting


def compose(caller: Caller, language: str) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for greeting in _greetings:
        answer |= greeting(caller, language)
    return answer
