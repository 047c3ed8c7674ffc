"""An order as the help desk asks a shop for it, signed, and what the shop made of it."""

import hashlib
import hmac
import json
import time

ORDER = {
    "order": "o_7f", "number": "P-2026-0007", "title": "New kitchen", "currency": "EUR", "decimals": 2,
    "lines": [
        {"text": "Oak", "quantity": "3.000", "price": "100.00", "net": "300.00", "vat_rate": "22.00", "vat": "66.00"},
        {"text": "Work", "quantity": "2.500", "price": "40.00", "net": "100.00", "vat_rate": "22.00", "vat": "22.00"},
        {"text": "Book", "quantity": "1.000", "price": "9.99", "net": "9.99", "vat_rate": "10.00", "vat": "1.00"},
    ],
    "net": "409.99", "vat": "89.00", "total": "498.99",
    "customer": {"sub": "wp-1-2", "name": "Alice Æther", "email": "alice@shop.example"},
    "locale": "it", "return": "https://help.example/t/abc",
}  # fmt: skip


def sign(body, secret, at=None):
    moment = int(time.time()) if at is None else at
    key = secret.split(".", 1)[1].encode()
    return (
        f"t={moment},v1={hmac.new(key, f'{moment}.'.encode() + body, hashlib.sha256).hexdigest()}"
    )


def orders(site):
    return json.loads(
        site.evaluate("echo json_encode(array_values(get_option('test_shop_orders', [])));")
    )
