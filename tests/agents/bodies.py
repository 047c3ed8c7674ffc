"""What each endpoint of the agents' API takes, by how its path ends."""

ARTICLE = {"locale": "es", "title": "Cómo", "body": "Así."}
HOOK = {"url": "https://hooks.example/", "events": ["ticket.opened"]}
LINE = {"text": "Work", "price": 10_000}
OFFER = {"title": "A plugin", "lines": [LINE]}

#: The longer ends first, where one is the end of another.
BODIES = {
    "/orders/<order_id>/state": {"state": "cancelled"},
    "/orders/<order_id>/versions": OFFER,
    "/orders/<order_id>/payment": {},
    "/orders/<order_id>/refund": {"amount": 1},
    "/orders": OFFER,
    "/items": LINE,
    "/offers": {},
    "/messages": {"body": "x"},
    "/state": {"state": "completed"},
    "/progress": {"progress": 5},
    "/checklist": {"steps": []},
    "/category": {"category": "bug"},
    "/assignee": {"agent": None},
    "/priority": {"priority": "high"},
    "/tags": {"tags": ["x"]},
    "/snooze": {"until": None},
    "/address": {"email": "x@x.example"},
    "/merger": {"into": 2},
    "/webhooks": HOOK,
    "/webhooks/<webhook_id>": {**HOOK, "active": True},
    "/contact": {},
    "/categories": {"name": {"es": "x"}},
    "/categories/<category_id>": {"name": {"es": "x"}},
    "/articles": ARTICLE,
    "/articles/<article_id>": ARTICLE,
    "/articles/import": {"files": [{"name": "a.md", "content": "# A\n\nB"}]},
    "/acceptance": {},
    "<site_key>/mail": {},
    "/look": {},
    "/retention": {},
    "/payments/<way>": {"on": False},
    "/assistant": {},
    "/questions/<showing>": {"dismissed": True},
}


def body_of(rule):
    return next((body for end, body in BODIES.items() if rule.endswith(end)), None)
