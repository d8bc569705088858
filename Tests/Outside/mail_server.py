"""A mail server that we did not write (aiosmtpd), as bad as it is told to be.

  mail_server.py PORT CERTIFICATE KEY DIRECTORY    PORT 0: a free one, written to DIRECTORY/port

It wants STARTTLS, and appends each mail that it takes over to DIRECTORY/mails, one JSON object a line,
and its Message-ID and recipient to DIRECTORY/ids. DIRECTORY/mode says how it behaves:

  accept   takes mails over (also without the file)
  refuse   answers each recipient with 450
  slow     takes a quarter of a second for each mail
  vanish   takes each fifth mail over and ends the connection without a reply, once for each
"""

import asyncio, base64, json, os, pathlib, re, ssl, sys, time

from aiosmtpd.smtp import SMTP

port, certificate, key, directory = int(sys.argv[1]), *sys.argv[2:5]
directory = pathlib.Path(directory)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
# Without a buffer of ours: what was answered is in the file, whoever is killed.
mails = open(directory / "mails", "ab", buffering=0)
ids = open(directory / "ids", "ab", buffering=0)


class Mode:
    """What the file says, looked at every tenth of a second at most."""

    text, checked = "accept", 0.0

    @classmethod
    def read(cls):
        if time.monotonic() > cls.checked + 0.1:
            cls.checked = time.monotonic()
            try:
                cls.text = (directory / "mode").read_text().strip()
            except FileNotFoundError:
                pass
        return cls.text


class Handler:
    taken, vanished = 0, set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if Mode.read() == "refuse":
            return "450 4.2.1 not now"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        mode = Mode.read()
        if mode == "slow":
            await asyncio.sleep(0.25)
        record = {
            "time": time.time(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "content": base64.b64encode(envelope.original_content).decode(),
        }
        mails.write(json.dumps(record).encode() + b"\n")
        found = re.search(rb"^Message-ID: <(.+)>", envelope.original_content, re.MULTILINE)
        identifier = found[1] if found else b"none"
        ids.write(identifier + b" " + envelope.rcpt_tos[0].encode() + b"\n")
        self.taken += 1
        if mode == "vanish" and self.taken % 5 == 0 and identifier not in self.vanished:
            self.vanished.add(identifier)
            server.transport.abort()
        return "250 2.0.0 taken"


async def main():
    loop = asyncio.get_running_loop()
    handler = Handler()

    def connection():
        return SMTP(
            handler, hostname="localhost", require_starttls=True, tls_context=context, timeout=60
        )

    server = await loop.create_server(connection, "127.0.0.1", port)
    written = directory / "port.new"
    written.write_text(str(server.sockets[0].getsockname()[1]))
    os.replace(written, directory / "port")
    await server.serve_forever()


asyncio.run(main())
