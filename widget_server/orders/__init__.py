"""What is offered, agreed on, paid and delivered inside a ticket."""
