"""Receivers of what lockbox-export sends, that we did not write the parsers of.

  feed_receiver.py CERTIFICATE KEY DIRECTORY [FAILURES] [SEED]

Listens for webhooks (HTTPS) and for syslog (TLS, octet counts) on free ports of loopback, writes the
ports to DIRECTORY/ports, and every request and message to DIRECTORY/webhooks and DIRECTORY/syslog,
one JSON object a line. FAILURES is the share of webhooks that are answered with 500, 429, by silence
of the connection, or by its end, each before or after the request was kept.
"""

import base64, json, os, random, socket, ssl, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

certificate, key, directory = sys.argv[1:4]
failures = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0
seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
print(f"feed_receiver: seed {seed}", file=sys.stderr)
dice = random.Random(seed)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
lock = threading.Lock()


def keep(name, record):
    with lock, open(os.path.join(directory, name), "a") as file:
        file.write(json.dumps(record) + "\n")


class Webhooks(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with lock:
            fails = dice.random() < failures
            way = dice.choice(["500", "429", "hang up", "hang up after keeping"])
        record = {
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": base64.b64encode(body).decode(),
        }
        if fails and way != "hang up after keeping":
            if way == "hang up":
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(int(way))
            self.send_header("retry-after", "0")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        keep("webhooks", record)
        if fails:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def finish_request(self, request, client):
        self.RequestHandlerClass(context.wrap_socket(request, server_side=True), client, self)

    def handle_error(self, request, client):
        pass


def syslog(connection):
    try:
        stream = context.wrap_socket(connection, server_side=True).makefile("rb")
        while True:
            digits = b""
            while (byte := stream.read(1)) != b" ":
                if not byte:
                    return
                digits += byte
            message = stream.read(int(digits))
            if len(message) == int(digits):
                keep("syslog", {"message": message.decode()})
    except (OSError, ValueError) as error:
        print(f"feed_receiver: syslog: {error}", file=sys.stderr)


webhooks = Server(("127.0.0.1", 0), Webhooks)
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=webhooks.serve_forever, daemon=True).start()
with open(os.path.join(directory, "ports.new"), "w") as file:
    file.write(f"{webhooks.server_address[1]} {listener.getsockname()[1]}\n")
os.rename(os.path.join(directory, "ports.new"), os.path.join(directory, "ports"))
while True:
    connection, _ = listener.accept()
    threading.Thread(target=syslog, args=(connection,), daemon=True).start()
