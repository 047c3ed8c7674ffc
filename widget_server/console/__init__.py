"""Where agents answer: server-rendered pages that keep themselves up to date."""
