"""Which events there are, and which of the tickets' they stand for."""

#: What a ticket announces, and the event programs are told of.
OF_TICKETS = {
    "opened": "ticket.opened",
    "replied": "ticket.replied",
    "moved": "ticket.state_changed",
    "closed": "ticket.closed",
    "reopened": "ticket.reopened",
    "soon_late": "ticket.soon_late",
    "late": "ticket.late",
    "rated": "ticket.rated",
    "quoted": "quote.sent",
    "accepted": "quote.accepted",
    "declined": "quote.declined",
    "ordered": "order.sent",
    "paid": "order.paid",
    "order_moved": "order.state_changed",
    "refunded": "order.refunded",
    "part_refunded": "order.part_refunded",
    "surplus": "order.surplus",
}

#: What an address can be told of, in the order it is offered.
EVENTS = tuple(OF_TICKETS.values())

#: Sent without being asked for: by a rule that names the address, and by somebody who tries it.
BY_RULE, TEST = "rule.matched", "webhook.test"
