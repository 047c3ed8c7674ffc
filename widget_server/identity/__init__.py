"""Who is asking: the host's word, our own session, and nothing the page says unsigned."""
