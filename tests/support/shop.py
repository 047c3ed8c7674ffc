"""A site's WooCommerce behind the plugin, as docs/payments.md has the wire."""

import hashlib
import hmac
import json
import threading
import time
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from .servers import free_port


class FakeShop:
    """Makes one order for each name; signs what it says as the plugin does."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.away = False
        self.late = False  # It makes the order, and its answer is lost on the way.
        self.surcharge = 0
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = make_server("127.0.0.1", self.port, self._app(), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> "FakeShop":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def signed(self, call: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(call).encode()
        now = str(int(time.time()))
        secret = list(self.secrets.values())[-1].encode()
        mac = hmac.new(secret, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {"Ventanilla-Signature": f"t={now},v1={mac}"}

    def _app(self) -> Flask:
        app = Flask("shop")

        @app.post("/")
        def api() -> Any:
            if self.away:
                return Response("<h1>Error establishing a database connection</h1>", 500)
            if not self._believes():
                return jsonify(code="ventanilla_signature", message="Wrong signature."), 403
            route = request.args["rest_route"].removeprefix("/ventanilla/v1/orders")
            body = request.get_json()
            self.asked.append(body)
            if route == "/check":
                return jsonify(ok=True)
            if route.endswith("/cancellation"):
                order = self.orders.get(route.split("/")[1])
                if order is None:
                    return jsonify(code="ventanilla_unknown", message="No such order."), 404
                if order["status"] in ("pending", "failed", "on-hold"):
                    order["status"] = "cancelled"
                return jsonify(order)
            order = self._order(body)
            return Response("<h1>504 Gateway Time-out</h1>", 504) if self.late else jsonify(order)

        return app

    def _believes(self) -> bool:
        given = request.headers["Ventanilla-Signature"].split(",")
        text = given[0].removeprefix("t=").encode() + b"." + request.get_data()
        known = [
            f"v1={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"
            for secret in self.secrets.values()
        ]
        return any(each in known for each in given[1:])

    def _order(self, body: dict[str, Any]) -> dict[str, Any]:
        number = len(self.orders) + 501
        total = sum(float(line["net"]) + float(line["vat"]) for line in body["lines"])
        return self.orders.setdefault(
            body["order"],
            {
                "order": body["order"],
                "id": str(number),
                "status": "pending",
                "total": f"{total + self.surcharge:.{body['decimals']}f}",
                "refunded": "0.00",
                "currency": body["currency"],
                "url": f"{self.url}/checkout/order-pay/{number}/?pay_for_order=true",
            },
        )
