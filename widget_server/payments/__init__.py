"""How an order is paid: at a provider, behind a link, by transfer, or in the site's own shop."""
