"""Who answers: agents, their passwords and their sessions."""
