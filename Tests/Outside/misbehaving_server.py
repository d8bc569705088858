"""An HTTP/2 server that misbehaves in one of six ways, for clients to bear.

misbehaving_server.py CASE CA CERT KEY   prints `listening on 127.0.0.1:PORT` and serves until its
input ends; then one line says what it saw, and it exits with 1 when the client did not behave.

Source of the cases: gRPC doc/negative-http2-interop-test-descriptions.md.
"""
import socket
import ssl
import struct
import sys
import threading

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings

REQUEST_BYTES = 271828
RESPONSE_BYTES = 314159


def varint(number):
    text = b""
    while number > 0x7F:
        text += bytes([number & 0x7F | 0x80])
        number >>= 7
    return text + bytes([number])


def response():
    """A SimpleResponse with a payload of zeros, and its prefix."""
    body = b"\x12" + varint(RESPONSE_BYTES) + bytes(RESPONSE_BYTES)
    message = b"\x0a" + varint(len(body)) + body
    return struct.pack(">BI", 0, len(message)) + message


HEADERS = [(":status", "200"), ("content-type", "application/grpc")]
TRAILERS = [("grpc-status", "0")]


class Tally:
    """What all connections of the server saw."""

    def __init__(self):
        self.lock = threading.Lock()
        self.connections = 0
        self.calls = 0
        self.streams = []
        self.pings = 0
        self.answered_pings = 0
        self.most_at_once = 0


class Connection:
    def __init__(self, case, sock, tally):
        self.case = case
        self.sock = sock
        self.tally = tally
        with tally.lock:
            tally.connections += 1
            self.number = tally.connections
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        self.http = h2.connection.H2Connection(config)
        self.received = {}
        self.unsent = {}
        self.resets = set()
        self.open = set()

    def serve(self):
        self.http.initiate_connection()
        if self.case == "max_streams":
            self.http.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 1})
        self.flush()
        while True:
            try:
                data = self.sock.recv(65536)
            except (ConnectionError, ssl.SSLError):
                return
            if not data:
                return
            for event in self.http.receive_data(data):
                self.handle(event)
            self.flush()

    def flush(self):
        data = self.http.data_to_send()
        if data:
            self.sock.sendall(data)

    def handle(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.received[event.stream_id] = 0
            self.open.add(event.stream_id)
            with self.tally.lock:
                self.tally.most_at_once = max(self.tally.most_at_once, len(self.open))
                self.tally.streams.append((self.number, event.stream_id))
        elif isinstance(event, h2.events.DataReceived):
            self.received[event.stream_id] += len(event.data)
            self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            if self.received[event.stream_id] < REQUEST_BYTES:
                return
            with self.tally.lock:
                self.tally.calls += 1
            self.answer(event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.open.discard(event.stream_id)
            self.unsent.pop(event.stream_id, None)
        elif isinstance(event, h2.events.PingAckReceived):
            with self.tally.lock:
                self.tally.answered_pings += 1
        elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            for stream in list(self.unsent):
                self.send(stream)

    def ping(self):
        with self.tally.lock:
            self.tally.pings += 1
            self.http.ping(struct.pack(">Q", self.tally.pings))

    def answer(self, stream):
        if self.case == "goaway" and self.number == 1:
            self.http.close_connection(last_stream_id=stream)
            # h2 takes its own GOAWAY for the end of everything: the answer is made by hand.
            self.answer_after_goaway(stream)
            return
        if self.case == "ping":
            self.ping()
        self.http.send_headers(stream, HEADERS)
        if self.case == "ping":
            self.ping()
            self.ping()
        if self.case == "rst_after_header":
            return self.reset(stream)
        body = response()
        if self.case == "rst_during_data":
            body = body[: len(body) // 2]
            self.resets.add(stream)
        elif self.case == "rst_after_data":
            self.resets.add(stream)
        self.unsent[stream] = body
        self.send(stream)

    def answer_after_goaway(self, stream):
        self.http.state_machine.state = h2.connection.ConnectionState.SERVER_OPEN
        self.http.send_headers(stream, HEADERS)
        self.unsent[stream] = response()
        self.send(stream)

    def reset(self, stream):
        self.http.reset_stream(stream, h2.errors.ErrorCodes.NO_ERROR)
        self.open.discard(stream)

    def send(self, stream):
        """As much of the answer as the windows allow; then its end."""
        while self.unsent[stream]:
            room = min(
                self.http.local_flow_control_window(stream), self.http.max_outbound_frame_size)
            if room == 0:
                return
            self.http.send_data(stream, self.unsent[stream][:room])
            self.unsent[stream] = self.unsent[stream][room:]
        del self.unsent[stream]
        if stream in self.resets:
            return self.reset(stream)
        if self.case == "ping":
            self.ping()
        self.http.send_headers(stream, TRAILERS, end_stream=True)
        self.open.discard(stream)


def verdict(case, tally):
    """What was wrong with the client; nothing if it behaved."""
    if case == "goaway":
        if tally.calls != 2:
            return f"{tally.calls} calls arrived, not 2"
        if len(set(tally.streams)) != 2 or tally.connections != 2:
            return f"the second call did not take a new stream of a new connection: {tally.streams}"
    elif case == "ping":
        if tally.pings == 0 or tally.answered_pings != tally.pings:
            return f"{tally.answered_pings} of {tally.pings} pings were acknowledged"
    elif case == "max_streams":
        if tally.calls != 11 or tally.connections != 1:
            return f"{tally.calls} calls on {tally.connections} connections, not 11 on 1"
        if tally.most_at_once != 1:
            return f"{tally.most_at_once} streams were open at once, not 1"
    elif tally.calls != 1:
        return f"{tally.calls} calls arrived, not 1"
    return None


def main(case, ca, certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["h2"])
    tally = Tally()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(sock):
        try:
            with context.wrap_socket(sock, server_side=True) as secured:
                Connection(case, secured, tally).serve()
        except OSError as error:
            print(f"connection ended: {error}", file=sys.stderr)

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    sys.stdin.read()
    wrong = verdict(case, tally)
    print(f"{case}: {wrong or 'the client behaved'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
