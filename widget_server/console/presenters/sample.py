"""What the preview of the window shows: requests nobody made, in each language of the window."""

from typing import Any

from ...clock import stamp

#: Two titles, a question and its answer.
TEXTS = {
    "es": ("Pedido duplicado", "Cambio de dirección", "Se ha cobrado dos veces.",
           "Lo hemos visto. El importe vuelve mañana a su tarjeta."),
    "it": ("Ordine doppio", "Cambio di indirizzo", "È stato addebitato due volte.",
           "L'abbiamo visto. L'importo torna domani sulla carta."),
    "en": ("Order placed twice", "Change of address", "It was charged twice.",
           "We have seen it. The money is back on your card tomorrow."),
    "fr": ("Commande en double", "Changement d'adresse", "Elle a été débitée deux fois.",
           "Nous l'avons vu. Le montant revient demain sur votre carte."),
    "de": ("Doppelte Bestellung", "Neue Adresse", "Es wurde zweimal abgebucht.",
           "Wir haben es gesehen. Der Betrag ist morgen wieder auf Ihrer Karte."),
    "pt": ("Encomenda duplicada", "Mudança de morada", "Foi cobrada duas vezes.",
           "Já vimos. O valor volta amanhã ao seu cartão."),
}  # fmt: skip


def answers(language: str, agent: str) -> dict[str, Any]:
    """Return what the panel asks a server for when it opens, and one request to look into."""
    first, second, question, answer = TEXTS[language]
    rows = [
        _row("sample-2", 1042, first, "in_progress", 40, hours=1),
        _row("sample-1", 1038, second, "completed", 100, hours=60),
    ]
    thread = [
        _said("m1", "requester", "", question, hours=3),
        _said("m2", "agent", agent, answer, hours=1),
    ]
    more = {"notify": True, "email": None, "can_close": True, "checklist": [], "answer_by": None,
            "fields": [], "files": [], "orders": [], "thread": thread}  # fmt: skip
    counts = {"waiting": 0, "in_progress": 1, "completed": 1}
    return {
        "session": {
            "token": "preview",
            "requester": {"id": "preview", "kind": "visitor", "name": None, "email": None,
                          "email_verified": False},
            "home": {"tickets": rows, "next": None, "unread": 0, "counts": counts,
                     "updates": "1"},
            "updates": "1",
        },
        "ticket": rows[0] | more,
    }  # fmt: skip


def _row(id: str, number: int, title: str, state: str, progress: int, hours: int) -> dict[str, Any]:
    at = stamp(seconds=-3_600 * hours)
    return {"id": id, "number": number, "title": title, "state": state, "progress": progress,
            "category": None, "opened_at": at, "updated_at": at, "unread": False}  # fmt: skip


def _said(id: str, kind: str, name: str, body: str, hours: int) -> dict[str, Any]:
    author = {"kind": kind, "name": name, "you": kind == "requester"}
    return {"type": "message", "id": id, "at": stamp(seconds=-3_600 * hours), "author": author,
            "body": body, "content": None, "attachments": []}  # fmt: skip
