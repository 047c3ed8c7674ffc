"""Ask an OpenAI-compatible server and read what it says as it says it.

Such servers are many and differ: some refuse limits, some do not stream, some stall, err in the
middle or stop. Whatever happens is one exception here, and nothing is waited for without an end.
"""

import codecs
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .endpoints import Endpoint

if TYPE_CHECKING:
    import requests

#: Seconds for all of an answer; bytes of it that are read, and at a time.
WHOLE = 20
BYTES, PART = 1 << 18, 1 << 13

#: A few sentences; the reader stops listening at its own limit in any case.
TOKENS = 400

Messages = list[dict[str, str]]


class EndpointFailed(Exception):
    """The server cannot be used now; the text says what it did."""


def stream(endpoint: Endpoint, messages: Messages) -> Iterator[str]:
    """Yield an answer's text piece by piece, to its proper end.

    Raises :exc:`EndpointFailed` if it does not begin within the endpoint's patience, pauses for
    longer than that, or ends before it is finished.
    """
    began = time.monotonic()
    patience = endpoint.patience / 1000
    body: dict[str, Any] = {"model": endpoint.model, "messages": messages, "stream": True}
    with _post(endpoint, body | {"temperature": 0, "max_tokens": TOKENS}, patience) as answer:
        if answer.status_code != 400:
            yield from _read(answer, began, patience)
            return
    # Some models take neither: ask again without.
    with _post(endpoint, body, patience) as answer:
        yield from _read(answer, began, patience)


def check(endpoint: Endpoint) -> str | None:
    """Return what is wrong with a server, in its own words if it can; ``None`` if it answers."""
    question = [{"role": "user", "content": "Answer with one word: ready"}]
    try:
        said = "".join(stream(endpoint, question)).strip()
    except EndpointFailed as error:
        return str(error)
    return None if said else "It answered with nothing."


def _post(endpoint: Endpoint, body: dict[str, Any], patience: float) -> "requests.Response":
    import requests  # Here as below: only a server with a writer needs it.

    headers = {"Accept": "text/event-stream"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    try:
        return requests.post(
            f"{endpoint.url}/chat/completions",
            json=body,
            headers=headers,
            # Whoever answers from elsewhere is not who was chosen, and gets no key.
            allow_redirects=False,
            stream=True,
            timeout=patience,
        )
    except (requests.RequestException, UnicodeError) as error:
        raise EndpointFailed(_reason(error)) from error


def _read(answer: "requests.Response", began: float, patience: float) -> Iterator[str]:
    if answer.status_code != 200:
        raise EndpointFailed(f"{answer.status_code}: {_said(answer)}"[:300])
    if "json" in answer.headers.get("Content-Type", ""):
        yield from _whole(answer)
        return
    heard = began
    for line in _lines(answer, began):
        now = time.monotonic()
        text, finished = _delta(line)
        if text:
            heard = now
            yield text
        elif now - heard > patience:
            raise EndpointFailed("It says nothing.")
        if finished:
            return
        # The listener may have taken its time; that is not the server's.
        heard += time.monotonic() - now
    raise EndpointFailed("It stopped in the middle.")


def _lines(answer: "requests.Response", began: float) -> Iterator[str]:
    """Yield lines as they come; an empty one whenever something came that ends none."""
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    left = ""
    for part in _parts(answer, began):
        *whole, left = (left + decode(part)).split("\n")
        yield from whole or [""]


def _parts(answer: "requests.Response", began: float) -> Iterator[bytes]:
    """Yield what comes as it comes, within bounds."""
    from urllib3.exceptions import HTTPError

    read = 0
    try:
        # `iter_content` would wait for all of an answer that has no length.
        while part := answer.raw.read1(PART, decode_content=True):
            read += len(part)
            if read > BYTES or time.monotonic() - began > WHOLE:
                raise EndpointFailed("It does not come to an end.")
            yield part
    except (HTTPError, OSError) as error:
        raise EndpointFailed(_reason(error)) from error


def _delta(line: str) -> tuple[str, bool]:
    """Return the text of one event, and whether it is the last."""
    if not line.startswith("data:"):
        return "", False
    data = line[5:].strip()
    if data == "[DONE]":
        return "", True
    try:
        event = json.loads(data)
        if event.get("error"):
            raise EndpointFailed(_fault(event))
        choice = (event.get("choices") or [{}])[0]
        text = (choice.get("delta") or {}).get("content") or ""
        end = choice.get("finish_reason")
    except (ValueError, AttributeError, LookupError, TypeError, RecursionError) as error:
        raise EndpointFailed("It answers in a form that is not known.") from error
    if end == "length":
        raise EndpointFailed("It stopped in the middle.")
    return (text if isinstance(text, str) else ""), end is not None


def _whole(answer: "requests.Response") -> Iterator[str]:
    """Yield the answer of a server that does not stream."""
    content = _body(answer)
    try:
        said = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise EndpointFailed("It answers in a form that is not known.") from error
    yield said if isinstance(said, str) else ""


def _said(answer: "requests.Response") -> str:
    content = _body(answer)
    try:
        return _fault(json.loads(content))
    except (ValueError, RecursionError):
        return content.decode(errors="replace").strip() or answer.reason or ""


def _fault(event: Any) -> str:
    fault = event.get("error") if isinstance(event, dict) else None
    said = fault.get("message") if isinstance(fault, dict) else fault
    return str(said or event)[:300]


def _body(answer: "requests.Response") -> bytes:
    return b"".join(_parts(answer, time.monotonic()))


def _reason(error: Exception) -> str:
    import requests
    from urllib3.exceptions import ProtocolError, ReadTimeoutError

    if isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError):
        return "It says nothing."
    if isinstance(error, ProtocolError):
        return "It stopped in the middle."
    return f"It cannot be reached: {type(error).__name__}."
