"""Clients whose certificates are bad, made by another library than ours, against rpc-interop-server.

tls_peers.py RPC-INTEROP-SERVER   starts it on a free port, prints one line, fails when a peer is let
in, is refused for another reason than the server's log should give, or when a handler ran.
"""
import datetime
import ipaddress
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU, NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
SERVER, CLIENT = "spiffe://test.example/server", "spiffe://test.example/client"
URI = x509.UniformResourceIdentifier
CALL_PATH = b"/grpc.testing.TestService/EmptyCall"


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def usage(**bits):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})


class Entity:
    """A certificate with its key and those above it, without the root."""

    def __init__(self, certificate, key, chain=()):
        self.certificate, self.key, self.chain = certificate, key, list(chain)

    def issue(self, names=(URI(CLIENT),), **how):
        return make(self, names=names, **how)

    def below(self, name="intermediate", **how):
        how = {"ca": True, "ku": usage(key_cert_sign=True, crl_sign=True), "eku": None, **how}
        return make(self, names=None, common_name=name, **how)

    def crl(self, *revoked):
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self.certificate.subject, last_update=NOW - DAY, next_update=NOW + DAY)
        for entity in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(entity.certificate.serial_number)
                .revocation_date(NOW - DAY).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def make(issuer, names, common_name=None, ca=False, pathlen=None, eku=(EKU.CLIENT_AUTH,),
         ku=usage(digital_signature=True), start=NOW - DAY, end=NOW + DAY, key=None, more=(),
         signer=None):
    """issuer None: signed with its own key."""
    key = key or p256()
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else [])
    builder = (
        x509.CertificateBuilder().subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(start).not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca, pathlen if ca else None), True))
    if ku:
        builder = builder.add_extension(ku, True)
    if eku:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(eku)), False)
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), False)
    for extension in more:
        builder = builder.add_extension(extension, True)
    signing = signer or (issuer.key if issuer else key)
    certificate = builder.sign(signing, hashes.SHA256())
    chain = [issuer.certificate, *issuer.chain] if issuer and issuer.certificate.issuer != \
        issuer.certificate.subject else []
    return Entity(certificate, key, chain)


def root(name="root"):
    return make(None, None, name, ca=True, ku=usage(key_cert_sign=True, crl_sign=True), eku=None)


def broken(entity):
    """The same with one bit of the signature changed."""
    der = bytearray(entity.certificate.public_bytes(serialization.Encoding.DER))
    der[-5] ^= 1
    return Entity(x509.load_der_x509_certificate(bytes(der)), entity.key, entity.chain)


def without_chain(entity):
    return Entity(entity.certificate, entity.key)


def nested(ca, count):
    for index in range(count):
        ca = ca.below(f"intermediate {index}")
    return ca


def kinds(ca):
    """(kind, what is shown, what the log says, how the client differs)"""
    def other(name):
        return [URI("spiffe://test.example/" + name)]
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.1"), b"\5\0")
    elsewhere = x509.NameConstraints([URI("other.example")], None)
    wrong = "who is not let in here"
    purpose = "its key usage does not allow this purpose"
    malformed = "one of its names is malformed"
    constraint = "a constraint of its issuer is broken"
    yield "none", None, "the client presented no certificate", {}
    yield "expired", ca.issue(end=NOW - DAY / 2), "it has expired", {}
    yield "not valid yet", ca.issue(start=NOW + DAY / 2), "it is not valid yet", {}
    yield "other authority", root("other").issue(), "its issuer is not among the trust roots", {}
    # Without key identifiers only the signature tells.
    yield "same name", root().issue(), "a signature in its chain is wrong", {}
    yield "self-signed", make(None, [URI(CLIENT)], "me"), "it is self-signed", {}
    yield "another name", ca.issue(other("else")), wrong, {}
    yield "upper case", ca.issue(other("CLIENT")), wrong, {}
    yield "dot after the domain", ca.issue([URI("spiffe://test.example./client")]), wrong, {}
    yield "common name only", ca.issue(None, common_name=CLIENT), "it names nobody", {}
    yield "host name", ca.issue([x509.DNSName(CLIENT)]), "it names nobody", {}
    yield "address", ca.issue([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), \
        "it names nobody", {}
    yield "wildcard", ca.issue(other("*")), malformed, {}
    yield "slash at the end", ca.issue(other("client/")), malformed, {}
    yield "NUL", ca.issue([URI(CLIENT + "\0.example")]), malformed, {}
    yield "two names", ca.issue([URI(CLIENT), *other("else")]), "several URI names", {}
    yield "no purpose", ca.issue(eku=None), purpose, {}
    yield "server's purpose", ca.issue(eku=[EKU.SERVER_AUTH]), purpose, {}
    yield "any purpose", ca.issue(eku=[EKU.ANY_EXTENDED_KEY_USAGE]), purpose, {}
    yield "may not sign", ca.issue(ku=usage(key_agreement=True)), purpose, {}
    yield "authority as leaf", ca.issue(
        ca=True, ku=usage(digital_signature=True, key_cert_sign=True)), "it is an authority", {}
    yield "may sign certificates", ca.issue(
        ku=usage(digital_signature=True, key_cert_sign=True)), "it is an authority", {}
    yield "issued by a leaf", ca.issue(common_name="leaf").issue(), \
        "its issuer may not issue certificates", {}
    yield "issued by no authority", ca.below(ca=False).issue(), \
        "its issuer may not issue certificates", {}
    yield "path too long", ca.below(pathlen=0).below("second").issue(), constraint, {}
    yield "outside its constraints", ca.below(more=[elsewhere]).issue(), constraint, {}
    yield "unknown extension", ca.issue(more=[unknown]), "a critical extension", {}
    yield "RSA 1024", ca.issue(key=rsa.generate_private_key(65537, 1024)), "too weak", {}
    yield "broken signature", broken(ca.issue()), "a signature in its chain is wrong", {}
    yield "signed by another", ca.issue(signer=p256()), "a signature in its chain is wrong", {}
    yield "four intermediates", nested(ca, 4).issue(), "its chain is too long", {}
    yield "no intermediate", without_chain(ca.below().issue()), \
        "its issuer is not among the trust roots", {}
    yield "one megabyte", ca.issue(
        [URI(CLIENT), *(x509.DNSName(f"host-{n}.long.example") for n in range(40_000))]), \
        "excessive message size", {}
    good = ca.issue()
    yield "TLS 1.2", good, "does not speak TLS 1.3", {"newest": ssl.TLSVersion.TLSv1_2}
    yield "no ALPN", good, "no application protocol", {"alpn": []}
    yield "ALPN http/1.1", good, "no application protocol", {"alpn": ["http/1.1"]}
    yield "another's SNI", good, "asks for audit.example", {"name": "audit.example"}
    yield "plain text", good, "does not speak TLS on this port", {"plain": True}


def listed_kinds(ca, revoked, revoked_between):
    """As `kinds`, where there are revocation lists."""
    yield "revoked", revoked, "it is revoked", {}
    yield "revoked intermediate", revoked_between.issue(), "it is revoked", {}
    yield "no list", ca.below("unlisted").issue(), "no current revocation list", {}


def call_bytes():
    def frame(kind, flags, stream, payload):
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + \
            stream.to_bytes(4, "big") + payload
    fields = [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"localhost"),
              (b":path", CALL_PATH), (b"te", b"trailers"), (b"content-type", b"application/grpc")]
    block = b"".join(bytes([0, len(n)]) + n + bytes([len(v)]) + v for n, v in fields)
    return (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4, 1, block)
            + frame(0, 1, 1, bytes(5)) + frame(7, 0, 0, bytes(8)))


class Peers:
    def __init__(self, directory):
        self.directory = directory

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, *parts):
        with open(self.path(name), "wb") as file:
            file.write(b"".join(parts))
        return self.path(name)

    def install(self, name, entity):
        pem = serialization.Encoding.PEM
        return (self.write(name + ".pem", *(c.public_bytes(pem) for c in
                                            [entity.certificate, *entity.chain])),
                self.write(name + ".key", entity.key.private_bytes(
                    pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())))

    def attempt(self, port, entity, newest=ssl.TLSVersion.TLSv1_3, alpn=("h2",), name="localhost",
                plain=False):
        """What comes back for a call: application data."""
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain_socket:
            if plain:
                plain_socket.sendall(call_bytes())
                return b"" if len(plain_socket.recv(65536)) <= 7 else b"?"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.maximum_version = newest
            if alpn:
                context.set_alpn_protocols(list(alpn))
            if entity:
                context.load_cert_chain(*self.install("client", entity))
            received = b""
            try:
                with context.wrap_socket(plain_socket, server_hostname=name) as tls:
                    tls.sendall(call_bytes())
                    while data := tls.recv(65536):
                        received += data
            except OSError:
                pass
            return received


def main(binary):
    ca = root()
    between, revoked, revoked_between = ca.below(), ca.issue(), ca.below("revoked")
    lists = [ca.crl(revoked, revoked_between), between.crl(), revoked_between.crl()]
    with tempfile.TemporaryDirectory() as directory:
        peers = Peers(directory)
        count = serve(binary, peers, ca, [], kinds(ca), [ca.issue(), nested(ca, 3).issue()])
        count += serve(binary, peers, ca, lists, listed_kinds(ca, revoked, revoked_between),
                       [ca.issue(), between.issue()])
    print(f"{count} kinds of bad peers are refused, each for its reason")


def serve(binary, peers, ca, lists, bad, good):
    """Runs a server for all of them; how many bad ones there were."""
    certificate, key = peers.install("server", ca.issue(
        [URI(SERVER), x509.DNSName("localhost")], eku=[EKU.SERVER_AUTH]))
    roots = peers.write("ca.pem", ca.certificate.public_bytes(serialization.Encoding.PEM))
    arguments = ["--port", "0", "--cert", certificate, "--key", key, "--client-ca", roots,
                 "--allow", CLIENT]
    if lists:
        arguments += ["--crl", peers.write("crl.pem", *lists)]
    log_path = peers.path("log")
    with open(log_path, "wb") as log:
        server = subprocess.Popen([binary, *arguments], stdout=subprocess.PIPE, stderr=log)
    try:
        port = int(server.stdout.readline().decode().rsplit(":", 1)[1])
        count = 0
        for kind, entity, reason, how in bad:
            seen = os.path.getsize(log_path)
            received = peers.attempt(port, entity, **how)
            if received:
                raise SystemExit(f"tls_peers: {kind}: got {len(received)} bytes for an answer")
            if not wait_for(log_path, seen, re.escape(reason)):
                with open(log_path, encoding="utf8") as log:
                    log.seek(seen)
                    raise SystemExit(f"tls_peers: {kind}: the log lacks '{reason}': {log.read()}")
            count += 1
        for entity in good:
            if not peers.attempt(port, entity):
                raise SystemExit("tls_peers: a good peer got no answer")
        server.send_signal(signal.SIGUSR1)
        started = wait_for(log_path, 0, 'handlers_started="(\\d+)"')
        if not started or started.group(1) != str(len(good)):
            raise SystemExit(f"tls_peers: {started and started.group(1)} handlers, not {len(good)}")
        return count
    finally:
        server.terminate()
        server.wait(30)


def wait_for(path, start, pattern):
    """The match in what the log has after `start`, within ten seconds."""
    for _ in range(200):
        with open(path, encoding="utf8") as log:
            log.seek(start)
            if match := re.search(pattern, log.read()):
                return match
        time.sleep(0.05)
    return None


main(sys.argv[1])
