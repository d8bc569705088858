"""grpc.testing.TestService with grpcio, for our client.

interop_server.py CA CERT KEY   prints `listening on 127.0.0.1:PORT`, serves until its input ends.

Needs stubs of grpc/testing/test.proto in PYTHONPATH.
"""
import gzip
import pkgutil
import sys
import time
from concurrent import futures

import grpc

# The stubs lie in another directory `grpc` than grpcio.
grpc.__path__ = pkgutil.extend_path(grpc.__path__, "grpc")
from grpc.testing import empty_pb2, messages_pb2 as pb  # noqa: E402

INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


def echo_metadata(context):
    fields = dict(context.invocation_metadata())
    if INITIAL in fields:
        context.send_initial_metadata([(INITIAL, fields[INITIAL])])
    if TRAILING in fields:
        context.set_trailing_metadata([(TRAILING, fields[TRAILING])])


def deserialize(kind):
    """Reads a request, and whether it was compressed. grpcio does not tell a service; so it is told
    to leave messages as they are, and no protobuf message begins as gzip does."""
    def read(data):
        compressed = data.startswith(b"\x1f\x8b")
        return kind.FromString(gzip.decompress(data) if compressed else data), compressed
    return read


def check(request, compressed, context):
    if request.HasField("expect_compressed") and request.expect_compressed.value != compressed:
        context.abort(
            grpc.StatusCode.INVALID_ARGUMENT,
            "the request is compressed" if compressed else "the request is not compressed")


def fail_with(status, context):
    if status.code:
        codes = {code.value[0]: code for code in grpc.StatusCode}
        context.abort(codes[status.code], status.message)


def answers(request, context):
    fail_with(request.response_status, context)
    for parameters in request.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        if not parameters.compressed.value:
            context.disable_next_message_compression()
        yield pb.StreamingOutputCallResponse(payload=pb.Payload(body=bytes(parameters.size)))


class TestService:
    def EmptyCall(self, request, context):
        return empty_pb2.Empty()

    def UnaryCall(self, received, context):
        request, compressed = received
        check(request, compressed, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        fail_with(request.response_status, context)
        return pb.SimpleResponse(payload=pb.Payload(body=bytes(request.response_size)))

    def StreamingOutputCall(self, request, context):
        context.set_compression(grpc.Compression.Gzip)
        yield from answers(request, context)

    def StreamingInputCall(self, requests, context):
        size = 0
        for request, compressed in requests:
            check(request, compressed, context)
            size += len(request.payload.body)
        return pb.StreamingInputCallResponse(aggregated_payload_size=size)

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            yield from answers(request, context)


def handlers(service):
    """What generated code would make of the service, but for the reading of two requests."""
    def plain(kind):
        return {"response_serializer": kind.SerializeToString}

    stream = pb.StreamingOutputCallRequest.FromString
    return {
        "EmptyCall": grpc.unary_unary_rpc_method_handler(
            service.EmptyCall, empty_pb2.Empty.FromString, **plain(empty_pb2.Empty)),
        "UnaryCall": grpc.unary_unary_rpc_method_handler(
            service.UnaryCall, deserialize(pb.SimpleRequest), **plain(pb.SimpleResponse)),
        "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(
            service.StreamingOutputCall, stream, **plain(pb.StreamingOutputCallResponse)),
        "StreamingInputCall": grpc.stream_unary_rpc_method_handler(
            service.StreamingInputCall, deserialize(pb.StreamingInputCallRequest),
            **plain(pb.StreamingInputCallResponse)),
        "FullDuplexCall": grpc.stream_stream_rpc_method_handler(
            service.FullDuplexCall, stream, **plain(pb.StreamingOutputCallResponse)),
    }


def main(ca, certificate, key):
    def read(path):
        with open(path, "rb") as file:
            return file.read()

    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4),
        options=[("grpc.per_message_decompression", 0)])
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(
        "grpc.testing.TestService", handlers(TestService()))])
    credentials = grpc.ssl_server_credentials(
        [(read(key), read(certificate))], read(ca), require_client_auth=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    print(f"listening on 127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    server.stop(1).wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
