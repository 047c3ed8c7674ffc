"""The way out leads to the internet and nowhere else."""

import datetime
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from widget_server.errors import Invalid
from widget_server.outbound import Answer, Outbound, Refused, Unreached, is_public

PUBLIC = "93.184.216.34"

INSIDE = [
    "0.0.0.0", "10.0.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "192.168.1.1", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::5db8:d822", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%lo",
    "fec0::1", "ff02::1", "not an address",
]  # fmt: skip

#: Refused as they are typed, before anything is resolved.
NEVER = [
    "", "hooks", "//example.com/", "ftp://example.com/", "FILE:///etc/passwd", "gopher://x/",
    "javascript:alert(1)", "http://example.com/", "https://", "https:///x", "https://user@x.example/",
    "https://user:pw@x.example/", "https://x.example@127.0.0.1/", "https://x.example:0/",
    "https://x.example:99999/", "https://x.example:a/", "https://x.example/a b",
    "https://x.example\\@127.0.0.1/", "https://x.example/\r\nHost: y", "https://x.example/\0",
    "https://bücher.example/", "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/",
    "https://2130706433/", "https://0177.0.0.1/", "https://0/", "https://[::1]/", "https://[::]/",
    "https://[::ffff:127.0.0.1]/", "https://[fe80::1%25lo]/", "https://[64:ff9b::7f00:1]/",
    "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1./", "https://[fd00::1]:8443/",
    "https://x.example/" + "a" * 2_000,
]  # fmt: skip


def out(*found, **options):
    """Return a way out on which every name leads to ``found``."""
    return Outbound(resolver=lambda host, port: list(found), **options)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "2a00:1450:4003::5"])
def test_what_is_outside_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("url", NEVER)
def test_addresses_that_could_never_be_called_are_refused_when_typed(url):
    way = out(PUBLIC)
    with pytest.raises(Invalid):
        way.check(url)
    with pytest.raises(Refused):
        way.post(url, b"", {})


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_called(address, receiver):
    with pytest.raises(Refused):
        out(address).post("https://innocent.example/hook", b"{}", {})
    assert receiver.calls == []


def test_one_address_inside_among_public_ones_is_enough_to_refuse():
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        out(PUBLIC, "10.0.0.1").post("https://innocent.example/", b"", {})


def test_a_name_is_asked_once_and_the_address_looked_at_is_the_one_called(receiver):
    """DNS rebinding: the first answer is public, every later one leads inside."""
    asked = []

    def turning(host, port):
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    way = Outbound(resolver=turning)
    called = way._target(receiver.url.replace("http://127.0.0.1", "https://turning.example"))
    assert (called.address, called.host, asked) == (PUBLIC, "turning.example", ["turning.example"])
    with pytest.raises(Refused):
        way.post("https://turning.example/", b"", {})
    assert receiver.calls == []


def test_loopback_is_called_only_where_the_setting_says_so(receiver):
    assert Outbound(loopback=True).post(receiver.url, b"{}", {}).status == 204
    with pytest.raises(Refused):
        Outbound().post(receiver.url, b"{}", {})
    for address in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", PUBLIC):
        with pytest.raises(Refused):
            out(address, loopback=True).post("http://x.example/", b"", {})
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_answers_and_nobody_follows_them(receiver, status):
    receiver.answers = [status]
    receiver.headers = {"Location": receiver.url.replace("/hook", "/inside")}
    answer = Outbound(loopback=True).post(receiver.url, b"{}", {})
    assert answer.status == status
    assert [call.path for call in receiver.calls] == ["/hook"]


@pytest.mark.parametrize("how", ["stall", "drip"])
def test_who_never_ends_is_left_at_the_deadline(receiver, how):
    receiver.answers = [how]
    with pytest.raises(Unreached, match="in time"):
        Outbound(loopback=True, deadline=0.3).post(receiver.url, b"{}", {})


def test_a_status_that_came_in_time_counts_whatever_follows_it(receiver):
    receiver.answers = ["linger"]
    assert Outbound(loopback=True, deadline=2).post(receiver.url, b"{}", {}).status == 200


def test_only_the_beginning_of_an_answer_is_read(receiver):
    receiver.answers = ["huge"]
    answer = Outbound(loopback=True).post(receiver.url, b"{}", {})
    assert isinstance(answer, Answer)
    assert answer.start == b"x" * 4_096


def test_a_name_nobody_knows_and_a_resolver_that_hangs_are_told(receiver):
    def unknown(host, port):
        raise OSError("no such name")

    hanging = threading.Event()

    def hangs(host, port):
        hanging.wait(5)
        return []

    for resolver in (unknown, hangs):
        with pytest.raises(Unreached, match="x.example"):
            Outbound(resolver=resolver, deadline=0.2).post("https://x.example/", b"", {})
    hanging.set()


@pytest.fixture
def authority(tmp_path, receiver):
    """Let the receiver speak TLS as hooks.example; return what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    receiver.server.socket = serving.wrap_socket(receiver.server.socket, server_side=True)
    return ssl.create_default_context(cafile=pem)


def test_the_certificate_is_of_the_name_not_of_the_address(authority, receiver):
    port = receiver.server.server_port
    way = out("127.0.0.1", loopback=True, context=authority)
    assert way.post(f"https://hooks.example:{port}/hook?a=1", b"{}", {"x-mine": "1"}).status == 204
    (call,) = receiver.calls
    assert (call.path, call.headers["host"]) == ("/hook?a=1", f"hooks.example:{port}")
    assert call.headers["x-mine"] == "1"
    for url in (f"https://other.example:{port}/", f"https://127.0.0.1:{port}/"):
        with pytest.raises(Unreached, match="certificate"):
            way.post(url, b"{}", {})
    with pytest.raises(Unreached, match="certificate"):
        out("127.0.0.1", loopback=True).post(f"https://hooks.example:{port}/", b"{}", {})
    assert len(receiver.calls) == 1


def test_a_slow_speaker_of_tls_is_left_at_the_deadline_too(authority, receiver):
    receiver.answers = ["drip"]
    way = out("127.0.0.1", loopback=True, context=authority, deadline=0.5)
    with pytest.raises(Unreached):
        way.post(f"https://hooks.example:{receiver.server.server_port}/", b"{}", {})


def test_a_status_said_by_tls_in_time_counts_too(authority, receiver):
    receiver.answers = ["linger"]
    way = out("127.0.0.1", loopback=True, context=authority, deadline=2)
    url = f"https://hooks.example:{receiver.server.server_port}/"
    assert way.post(url, b"{}", {}).status == 200
