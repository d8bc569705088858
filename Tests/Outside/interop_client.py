"""The gRPC project's interoperability test cases, with grpcio as the client.

interop_client.py HOST:PORT CA CERT KEY [CASE...]   prints one line a case; fails when one fails.
Needs stubs of grpc/testing/test.proto in PYTHONPATH. Source of the cases: gRPC
doc/interop-test-descriptions.md.
"""
import gzip
import pkgutil
import sys
import threading

import grpc

# The stubs lie in another directory `grpc` than grpcio.
grpc.__path__ = pkgutil.extend_path(grpc.__path__, "grpc")
from grpc.testing import empty_pb2, messages_pb2 as pb, test_pb2_grpc as stubs  # noqa: E402

REQUEST_SIZES = [27182, 8, 1828, 45904]
RESPONSE_SIZES = [31415, 9, 2653, 58979]
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
GZIP = grpc.Compression.Gzip
PLAIN = grpc.Compression.NoCompression
TIMEOUT = 30


def payload(size):
    return pb.Payload(body=bytes(size))


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what} is {actual!r}, not {wanted!r}")


def failure(call):
    """The error of a call that must fail."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call succeeded, but should have failed")


def empty_unary(test, _):
    expect(test.EmptyCall(empty_pb2.Empty(), timeout=TIMEOUT), empty_pb2.Empty(), "the answer")


def large_unary(test, _):
    answer = test.UnaryCall(
        pb.SimpleRequest(response_size=314159, payload=payload(271828)), timeout=TIMEOUT)
    expect(answer.payload, payload(314159), "the payload")


def client_streaming(test, _):
    requests = (pb.StreamingInputCallRequest(payload=payload(size)) for size in REQUEST_SIZES)
    answer = test.StreamingInputCall(requests, timeout=TIMEOUT)
    expect(answer.aggregated_payload_size, 74922, "the size of all payloads")


def parameters(sizes, **more):
    return [pb.ResponseParameters(size=size, **more) for size in sizes]


def server_streaming(test, _):
    request = pb.StreamingOutputCallRequest(response_parameters=parameters(RESPONSE_SIZES))
    answers = [answer.payload for answer in test.StreamingOutputCall(request, timeout=TIMEOUT)]
    expect(answers, [payload(size) for size in RESPONSE_SIZES], "the payloads")


class Requests:
    """Requests of a stream, one at a time."""

    def __init__(self):
        self.condition = threading.Condition()
        self.queue = []
        self.ended = False

    def send(self, *requests, end=False):
        with self.condition:
            self.queue.extend(requests)
            self.ended |= end
            self.condition.notify()

    def __iter__(self):
        return self

    def __next__(self):
        with self.condition:
            self.condition.wait_for(lambda: self.queue or self.ended, TIMEOUT)
            if self.queue:
                return self.queue.pop(0)
            raise StopIteration


def ball(request_size, response_size):
    return pb.StreamingOutputCallRequest(
        response_parameters=parameters([response_size]), payload=payload(request_size))


def ping_pong(test, _):
    requests = Requests()
    answers = test.FullDuplexCall(requests, timeout=TIMEOUT)
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        requests.send(ball(request_size, response_size))
        expect(next(answers).payload, payload(response_size), "the payload")
    requests.send(end=True)
    expect(list(answers), [], "the rest of the answers")


def empty_stream(test, _):
    expect(list(test.FullDuplexCall(iter(()), timeout=TIMEOUT)), [], "the answers")


def custom_metadata(test, _):
    initial = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
    trailing = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
    _, unary = test.UnaryCall.with_call(
        pb.SimpleRequest(response_size=1, payload=payload(1)), metadata=[initial, trailing],
        timeout=TIMEOUT)
    requests = Requests()
    duplex = test.FullDuplexCall(requests, metadata=[initial, trailing], timeout=TIMEOUT)
    requests.send(ball(1, 1), end=True)
    expect(len(list(duplex)), 1, "the number of answers")
    for call in unary, duplex:
        expect(initial in [tuple(field) for field in call.initial_metadata()], True,
               "whether the initial metadata came back")
        expect(trailing in [tuple(field) for field in call.trailing_metadata()], True,
               "whether the trailing metadata came back")


def status_code_and_message(test, _):
    wanted = pb.EchoStatus(code=2, message="test status message")
    for call in (
            lambda: test.UnaryCall(pb.SimpleRequest(response_status=wanted), timeout=TIMEOUT),
            lambda: list(test.FullDuplexCall(
                iter([pb.StreamingOutputCallRequest(response_status=wanted)]), timeout=TIMEOUT))):
        error = failure(call)
        expect(error.code(), grpc.StatusCode.UNKNOWN, "the status")
        expect(error.details(), wanted.message, "the message")


def special_status_message(test, _):
    wanted = pb.EchoStatus(code=2, message=SPECIAL)
    error = failure(
        lambda: test.UnaryCall(pb.SimpleRequest(response_status=wanted), timeout=TIMEOUT))
    expect(error.code(), grpc.StatusCode.UNKNOWN, "the status")
    expect(error.details(), SPECIAL, "the message")


def unimplemented_method(test, _):
    error = failure(lambda: test.UnimplementedCall(empty_pb2.Empty(), timeout=TIMEOUT))
    expect(error.code(), grpc.StatusCode.UNIMPLEMENTED, "the status")


def unimplemented_service(_, channel):
    other = stubs.UnimplementedServiceStub(channel)
    error = failure(lambda: other.UnimplementedCall(empty_pb2.Empty(), timeout=TIMEOUT))
    expect(error.code(), grpc.StatusCode.UNIMPLEMENTED, "the status")


def cancel_after_begin(test, _):
    requests = Requests()
    call = test.StreamingInputCall.future(requests, timeout=TIMEOUT)
    call.cancel()
    requests.send(end=True)
    expect(call.cancelled(), True, "whether the call is cancelled")
    expect(call.code(), grpc.StatusCode.CANCELLED, "the status")


def cancel_after_first_response(test, _):
    requests = Requests()
    answers = test.FullDuplexCall(requests, timeout=TIMEOUT)
    requests.send(ball(27182, 31415))
    expect(next(answers).payload, payload(31415), "the payload")
    answers.cancel()
    error = failure(lambda: next(answers))
    requests.send(end=True)
    expect(error.code(), grpc.StatusCode.CANCELLED, "the status")


def timeout_on_sleeping_server(test, _):
    request = pb.StreamingOutputCallRequest(
        response_parameters=[pb.ResponseParameters(size=31415, interval_us=1_000_000)],
        payload=payload(27182))
    error = failure(lambda: list(test.FullDuplexCall(iter([request]), timeout=0.001)))
    expect(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED, "the status")


def compressed(request):
    """Whether to expect a compressed request."""
    return pb.BoolValue(value=request)


def client_compressed_unary(test, _):
    probe = pb.SimpleRequest(
        expect_compressed=compressed(True), response_size=314159, payload=payload(271828))
    error = failure(lambda: test.UnaryCall(probe, compression=PLAIN, timeout=TIMEOUT))
    expect(error.code(), grpc.StatusCode.INVALID_ARGUMENT, "the status of the probe")
    for wish, compression in (True, GZIP), (False, PLAIN):
        request = pb.SimpleRequest(
            expect_compressed=compressed(wish), response_size=314159, payload=payload(271828))
        answer = test.UnaryCall(request, compression=compression, timeout=TIMEOUT)
        expect(answer.payload, payload(314159), "the payload")


def deserialize(kind):
    """Reads an answer, and whether it was compressed: on a channel that leaves messages as they
    are, and no protobuf message begins as gzip does."""
    def read(data):
        is_compressed = data.startswith(b"\x1f\x8b")
        return kind.FromString(gzip.decompress(data) if is_compressed else data), is_compressed
    return read


def server_compressed_unary(_, channel):
    call = channel.as_it_is.unary_unary(
        "/grpc.testing.TestService/UnaryCall",
        request_serializer=pb.SimpleRequest.SerializeToString,
        response_deserializer=deserialize(pb.SimpleResponse))
    for wish in True, False:
        request = pb.SimpleRequest(
            response_compressed=compressed(wish), response_size=314159, payload=payload(271828))
        answer, is_compressed = call(request, timeout=TIMEOUT)
        expect(answer.payload, payload(314159), "the payload")
        expect(is_compressed, wish, "whether the answer is compressed")


def client_compressed_streaming(test, _):
    probe = pb.StreamingInputCallRequest(
        expect_compressed=compressed(True), payload=payload(27182))
    error = failure(
        lambda: test.StreamingInputCall(iter([probe]), compression=PLAIN, timeout=TIMEOUT))
    expect(error.code(), grpc.StatusCode.INVALID_ARGUMENT, "the status of the probe")
    # grpcio compresses whole calls: both kinds of message in calls of their own.
    for wish, compression in (True, GZIP), (False, PLAIN):
        requests = [pb.StreamingInputCallRequest(
            expect_compressed=compressed(wish), payload=payload(size)) for size in (27182, 45904)]
        answer = test.StreamingInputCall(iter(requests), compression=compression, timeout=TIMEOUT)
        expect(answer.aggregated_payload_size, 73086, "the size of all payloads")


def server_compressed_streaming(_, channel):
    call = channel.as_it_is.unary_stream(
        "/grpc.testing.TestService/StreamingOutputCall",
        request_serializer=pb.StreamingOutputCallRequest.SerializeToString,
        response_deserializer=deserialize(pb.StreamingOutputCallResponse))
    request = pb.StreamingOutputCallRequest(response_parameters=[
        pb.ResponseParameters(size=31415, compressed=compressed(True)),
        pb.ResponseParameters(size=92653, compressed=compressed(False))])
    answers = list(call(request, timeout=TIMEOUT))
    expect([answer.payload for answer, _ in answers], [payload(31415), payload(92653)],
           "the payloads")
    expect([flag for _, flag in answers], [True, False], "which answers are compressed")


CASES = [
    empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream,
    custom_metadata, status_code_and_message, special_status_message, unimplemented_method,
    unimplemented_service, cancel_after_begin, cancel_after_first_response,
    timeout_on_sleeping_server, client_compressed_unary, server_compressed_unary,
    client_compressed_streaming, server_compressed_streaming]


def main(target, ca, certificate, key, *names):
    def read(path):
        with open(path, "rb") as file:
            return file.read()

    credentials = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    failed = False
    with grpc.secure_channel(target, credentials) as channel, grpc.secure_channel(
            target, credentials, [("grpc.per_message_decompression", 0)]) as as_it_is:
        channel.as_it_is = as_it_is
        test = stubs.TestServiceStub(channel)
        for case in CASES:
            if names and case.__name__ not in names:
                continue
            try:
                case(test, channel)
                print(f"{case.__name__} pass", flush=True)
            except Exception as error:  # whatever it is, it is the case's failure
                failed = True
                print(f"{case.__name__} FAIL {type(error).__name__}: {error}".replace("\n", " "),
                      flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
