"""An OpenID provider that we did not write (oidc-provider-mock), behind TLS of the development authority.
  oidc.py serve HOME PORT                     a new signing key with each start
  oidc.py token HOME PORT SUBJECT CLAIMS      an ID token by the authorization code flow; CLAIMS is JSON"""
import datetime, http.client, ipaddress, json, ssl, sys, urllib.parse

HOME, PORT = sys.argv[2], int(sys.argv[3])
CALLBACK = "https://127.0.0.1/callback"


def certificate():
    """A server certificate for 127.0.0.1, in a file of its own."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority = x509.load_pem_x509_certificate(open(f"{HOME}/ca/ca.pem", "rb").read())
    signer = serialization.load_pem_private_key(open(f"{HOME}/ca/ca.key", "rb").read(), None)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "oidc")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(authority.subject).public_key(
        key.public_key()).serial_number(x509.random_serial_number()).not_valid_before(
        now - datetime.timedelta(minutes=5)).not_valid_after(now + datetime.timedelta(days=1))
    for extension, critical in (
        (x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False),
        (x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.KeyUsage(True, *[False] * 8), True),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), False),
    ):
        builder = builder.add_extension(extension, critical)
    digest = None if "ed25519" in type(signer).__name__.lower() else hashes.SHA256()
    with open(f"{HOME}/oidc.pem", "wb") as file:
        file.write(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        file.write(builder.sign(signer, digest).public_bytes(serialization.Encoding.PEM))
    return f"{HOME}/oidc.pem"


def serve():
    import oidc_provider_mock, werkzeug.serving

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate())
    werkzeug.serving.make_server(
        "127.0.0.1", PORT, oidc_provider_mock.app(), threaded=True, ssl_context=context).serve_forever()


def ask(method, path, body=None, kind="application/x-www-form-urlencoded"):
    trust = ssl.create_default_context(cafile=f"{HOME}/ca/ca.pem")
    connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=trust, timeout=10)
    connection.request(method, path, body, {"content-type": kind} if body else {})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status < 400, f"{path}: {answer.status} {text[:200]}"
    return answer, text


def token(subject, claims):
    ask("PUT", f"/users/{subject}", claims, "application/json")
    query = urllib.parse.urlencode(dict(
        client_id="lockbox", redirect_uri=CALLBACK, response_type="code", scope="openid profile"))
    answer, _ = ask("POST", f"/oauth2/authorize?{query}", urllib.parse.urlencode({"sub": subject}))
    code = urllib.parse.parse_qs(urllib.parse.urlparse(answer.getheader("location")).query)["code"][0]
    _, text = ask("POST", "/oauth2/token", urllib.parse.urlencode(dict(
        grant_type="authorization_code", code=code, redirect_uri=CALLBACK, client_id="lockbox",
        client_secret="any")))
    return json.loads(text)["id_token"]


if sys.argv[1] == "serve":
    serve()
else:
    print(token(sys.argv[4], sys.argv[5]))
