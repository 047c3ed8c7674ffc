"""Write the tokens of ``identity_vectors.json`` again; run it after changing a case below."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

FILE = Path(__file__).with_name("identity_vectors.json")
NOW = 1_795_428_000
KID, SECRET = "k1a2b3c", "0123456789abcdefghijklmnopqrstuvwxyzABCDEF"
OTHER = "another-secret-another-secret-another-se"
HEADER = {"alg": "HS256", "kid": KID, "typ": "JWT"}
ADA = {
    "sub": "ada",
    "iat": NOW,
    "exp": NOW + 300,
    "name": "Ada Ferrer",
    "email": "ada@customers.example",
    "email_verified": True,
}
PLAIN = {"sub": "7", "iat": NOW, "exp": NOW + 60}

#: name, claims, what differs from a proper signature, and what is refused ("" accepts)
CASES = [
    ("everything the server knows", ADA, {}, ""),
    ("only what is required", PLAIN, {}, ""),
    ("letters outside ASCII", PLAIN | {"name": "Íñigo Núñez 🍷"}, {}, ""),
    ("a slash and quotes, which some encoders escape", PLAIN | {"sub": 'a/b"c\\'}, {}, ""),
    ("one language", PLAIN | {"locale": "en-GB"}, {}, ""),
    ("a claim nobody asked for", PLAIN | {"plan": "gold"}, {}, ""),
    ("a host clock one minute ahead", {"sub": "7", "iat": NOW + 60, "exp": NOW + 120}, {}, ""),
    ("expired within the allowed skew", {"sub": "7", "iat": NOW - 300, "exp": NOW - 59}, {}, ""),
    ("expired", {"sub": "7", "iat": NOW - 300, "exp": NOW - 61}, {}, "identity_refused"),
    ("from the future", {"sub": "7", "iat": NOW + 90, "exp": NOW + 120}, {}, "identity_refused"),
    ("valid for too long", {"sub": "7", "iat": NOW, "exp": NOW + 301}, {}, "identity_refused"),
    ("no exp", {"sub": "7", "iat": NOW}, {}, "identity_refused"),
    ("no iat", {"sub": "7", "exp": NOW + 60}, {}, "identity_refused"),
    ("no sub", {"iat": NOW, "exp": NOW + 60}, {}, "identity_refused"),
    ("a number for sub", PLAIN | {"sub": 7}, {}, "identity_refused"),
    ("an empty sub", PLAIN | {"sub": ""}, {}, "identity_refused"),
    ("129 characters of sub", PLAIN | {"sub": "x" * 129}, {}, "identity_refused"),
    ("a text for exp", PLAIN | {"exp": str(NOW + 60)}, {}, "identity_refused"),
    ("no address in email", PLAIN | {"email": "not an address"}, {}, "identity_refused"),
    ("another secret", PLAIN, {"secret": OTHER}, "identity_refused"),
    ("an unknown kid", PLAIN, {"header": HEADER | {"kid": "k000000"}}, "identity_refused"),
    ("no kid", PLAIN, {"header": {"alg": "HS256", "typ": "JWT"}}, "identity_refused"),
    ("alg none", PLAIN, {"header": HEADER | {"alg": "none"}, "bare": True}, "identity_refused"),
    ("alg HS512, right secret", PLAIN, {"header": HEADER | {"alg": "HS512"}, "hash": "sha512"},
     "identity_refused"),
    ("alg RS256, HS256 inside", PLAIN, {"header": HEADER | {"alg": "RS256"}}, "identity_refused"),
]  # fmt: skip


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return base64url(text.encode())


def token_of(claims: dict, header: dict, secret: str, digest: str, *, bare: bool) -> str:
    text = f"{encode(header)}.{encode(claims)}"
    signature = hmac.new(secret.encode(), text.encode(), getattr(hashlib, digest)).digest()
    return f"{text}.{'' if bare else base64url(signature)}"


def vector(name: str, claims: dict, twist: dict, code: str) -> dict:
    header, secret = twist.get("header", HEADER), twist.get("secret", SECRET)
    token = token_of(
        claims, header, secret, twist.get("hash", "sha256"), bare=twist.get("bare", False)
    )
    return {
        "name": name,
        "claims": claims,
        "signed": not twist,
        "token": token,
        "expect": {"refused": code} if code else {"accepted": claims["sub"]},
    }


if __name__ == "__main__":
    vectors = [vector(*case) for case in CASES]
    content = {
        "about": "What a host signs and what the server makes of it. The server's clock stands at"
        " `now` (Unix seconds). A token marked `signed` comes out of every language byte for byte"
        " the same: header keys alg, kid, typ; claims in the order given; no spaces; UTF-8.",
        "now": NOW,
        "kid": KID,
        "secret": SECRET,
        "vectors": vectors,
    }
    FILE.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
