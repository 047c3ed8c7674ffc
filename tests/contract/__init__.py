"""Facts two languages must share."""
