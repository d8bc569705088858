// The gRPC project's interoperability test cases, with Debian's gRPC C++ as the client.
//
//   interop_client HOST:PORT CA CERT KEY
//
// Prints one line a case; exits with 1 when one fails. Source of the cases: gRPC
// doc/interop-test-descriptions.md.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "grpc/testing/test.grpc.pb.h"

// Exported by libgrpc, declared in no header of Debian's: what gRPC's own client of these cases asks.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace {

using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;
using grpc::testing::Empty;
using grpc::testing::SimpleRequest;
using grpc::testing::SimpleResponse;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;
using grpc::testing::StreamingOutputCallRequest;
using grpc::testing::StreamingOutputCallResponse;
using grpc::testing::TestService;
using grpc::testing::UnimplementedService;

const std::vector<int> kRequestSizes = {27182, 8, 1828, 45904};
const std::vector<int> kResponseSizes = {31415, 9, 2653, 58979};
constexpr int kLargeRequest = 271828;
constexpr int kLargeResponse = 314159;

struct Failure {
  std::string reason;
};

void Expect(bool holds, const std::string& what) {
  if (!holds) throw Failure{what};
}

void ExpectStatus(const Status& status, StatusCode code) {
  Expect(status.error_code() == code, "the status is " + std::to_string(status.error_code()) +
                                          " (" + status.error_message() + "), not " +
                                          std::to_string(code));
}

void ExpectZeros(const grpc::testing::Payload& payload, int size) {
  Expect(payload.body() == std::string(size, '\0'),
         "the payload is not " + std::to_string(size) + " zeros");
}

std::unique_ptr<ClientContext> Context(int milliseconds = 30000) {
  auto context = std::make_unique<ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() +
                        std::chrono::milliseconds(milliseconds));
  return context;
}

// Whether the message last received was compressed.
bool LastWasCompressed(ClientContext* context) {
  constexpr uint32_t kCompressed = 0x80000000u, kWasCompressed = 0x40000000u;
  uint32_t flags = grpc_call_test_only_get_message_flags(context->c_call());
  return (flags & (kCompressed | kWasCompressed)) != 0;
}

struct Test {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<TestService::Stub> stub;

  SimpleRequest Large() {
    SimpleRequest request;
    request.set_response_size(kLargeResponse);
    request.mutable_payload()->set_body(std::string(kLargeRequest, '\0'));
    return request;
  }

  StreamingOutputCallRequest Ball(int request_size, int response_size, int interval_us = 0) {
    StreamingOutputCallRequest request;
    auto* parameters = request.add_response_parameters();
    parameters->set_size(response_size);
    parameters->set_interval_us(interval_us);
    request.mutable_payload()->set_body(std::string(request_size, '\0'));
    return request;
  }

  void EmptyUnary() {
    auto context = Context();
    Empty answer;
    ExpectStatus(stub->EmptyCall(context.get(), Empty(), &answer), StatusCode::OK);
    Expect(answer.ByteSizeLong() == 0, "the answer is not empty");
  }

  void LargeUnary() {
    auto context = Context();
    SimpleResponse answer;
    ExpectStatus(stub->UnaryCall(context.get(), Large(), &answer), StatusCode::OK);
    ExpectZeros(answer.payload(), kLargeResponse);
  }

  void ClientStreaming() {
    auto context = Context();
    StreamingInputCallResponse answer;
    auto writer = stub->StreamingInputCall(context.get(), &answer);
    for (int size : kRequestSizes) {
      StreamingInputCallRequest request;
      request.mutable_payload()->set_body(std::string(size, '\0'));
      Expect(writer->Write(request), "a request could not be written");
    }
    writer->WritesDone();
    ExpectStatus(writer->Finish(), StatusCode::OK);
    Expect(answer.aggregated_payload_size() == 74922, "the size of all payloads is not 74922");
  }

  void ServerStreaming() {
    auto context = Context();
    StreamingOutputCallRequest request;
    for (int size : kResponseSizes) request.add_response_parameters()->set_size(size);
    auto reader = stub->StreamingOutputCall(context.get(), request);
    StreamingOutputCallResponse answer;
    for (int size : kResponseSizes) {
      Expect(reader->Read(&answer), "an answer is missing");
      ExpectZeros(answer.payload(), size);
    }
    Expect(!reader->Read(&answer), "there is an answer too many");
    ExpectStatus(reader->Finish(), StatusCode::OK);
  }

  void PingPong() {
    auto context = Context();
    auto stream = stub->FullDuplexCall(context.get());
    StreamingOutputCallResponse answer;
    for (size_t i = 0; i < kRequestSizes.size(); i++) {
      Expect(stream->Write(Ball(kRequestSizes[i], kResponseSizes[i])), "a write failed");
      Expect(stream->Read(&answer), "an answer is missing");
      ExpectZeros(answer.payload(), kResponseSizes[i]);
    }
    stream->WritesDone();
    Expect(!stream->Read(&answer), "there is an answer too many");
    ExpectStatus(stream->Finish(), StatusCode::OK);
  }

  void EmptyStream() {
    auto context = Context();
    auto stream = stub->FullDuplexCall(context.get());
    stream->WritesDone();
    StreamingOutputCallResponse answer;
    Expect(!stream->Read(&answer), "there is an answer");
    ExpectStatus(stream->Finish(), StatusCode::OK);
  }

  static void ExpectMetadata(ClientContext* context) {
    const auto& initial = context->GetServerInitialMetadata();
    auto field = initial.find("x-grpc-test-echo-initial");
    Expect(field != initial.end() && field->second == "test_initial_metadata_value",
           "the initial metadata did not come back");
    const auto& trailing = context->GetServerTrailingMetadata();
    field = trailing.find("x-grpc-test-echo-trailing-bin");
    Expect(field != trailing.end() && field->second == "\xab\xab\xab",
           "the trailing metadata did not come back");
  }

  static void AddMetadata(ClientContext* context) {
    context->AddMetadata("x-grpc-test-echo-initial", "test_initial_metadata_value");
    context->AddMetadata("x-grpc-test-echo-trailing-bin", "\xab\xab\xab");
  }

  void CustomMetadata() {
    auto context = Context();
    AddMetadata(context.get());
    SimpleRequest request;
    request.set_response_size(1);
    SimpleResponse answer;
    ExpectStatus(stub->UnaryCall(context.get(), request, &answer), StatusCode::OK);
    ExpectMetadata(context.get());

    context = Context();
    AddMetadata(context.get());
    auto stream = stub->FullDuplexCall(context.get());
    StreamingOutputCallResponse part;
    Expect(stream->Write(Ball(1, 1)) && stream->Read(&part), "the stream failed");
    stream->WritesDone();
    Expect(!stream->Read(&part), "there is an answer too many");
    ExpectStatus(stream->Finish(), StatusCode::OK);
    ExpectMetadata(context.get());
  }

  void StatusCodeAndMessage() {
    const std::string message = "test status message";
    auto context = Context();
    SimpleRequest request;
    request.mutable_response_status()->set_code(2);
    request.mutable_response_status()->set_message(message);
    SimpleResponse answer;
    Status status = stub->UnaryCall(context.get(), request, &answer);
    ExpectStatus(status, StatusCode::UNKNOWN);
    Expect(status.error_message() == message, "the message is " + status.error_message());

    context = Context();
    auto stream = stub->FullDuplexCall(context.get());
    StreamingOutputCallRequest part;
    *part.mutable_response_status() = request.response_status();
    stream->Write(part);
    stream->WritesDone();
    StreamingOutputCallResponse ignored;
    while (stream->Read(&ignored)) {
    }
    status = stream->Finish();
    ExpectStatus(status, StatusCode::UNKNOWN);
    Expect(status.error_message() == message, "the stream's message differs");
  }

  void SpecialStatusMessage() {
    const std::string message =
        "\t\ntest with whitespace\r\nand Unicode BMP \xE2\x98\xBA and non-BMP \xF0\x9F\x98\x88\t\n";
    auto context = Context();
    SimpleRequest request;
    request.mutable_response_status()->set_code(2);
    request.mutable_response_status()->set_message(message);
    SimpleResponse answer;
    Status status = stub->UnaryCall(context.get(), request, &answer);
    ExpectStatus(status, StatusCode::UNKNOWN);
    Expect(status.error_message() == message, "the message is " + status.error_message());
  }

  void UnimplementedMethod() {
    auto context = Context();
    Empty answer;
    ExpectStatus(stub->UnimplementedCall(context.get(), Empty(), &answer),
                 StatusCode::UNIMPLEMENTED);
  }

  void UnimplementedServiceCall() {
    auto context = Context();
    Empty answer;
    ExpectStatus(UnimplementedService::NewStub(channel)->UnimplementedCall(context.get(), Empty(),
                                                                           &answer),
                 StatusCode::UNIMPLEMENTED);
  }

  void CancelAfterBegin() {
    auto context = Context();
    StreamingInputCallResponse answer;
    auto writer = stub->StreamingInputCall(context.get(), &answer);
    context->TryCancel();
    ExpectStatus(writer->Finish(), StatusCode::CANCELLED);
  }

  void CancelAfterFirstResponse() {
    auto context = Context();
    auto stream = stub->FullDuplexCall(context.get());
    StreamingOutputCallResponse answer;
    Expect(stream->Write(Ball(27182, 31415)) && stream->Read(&answer), "the stream failed");
    ExpectZeros(answer.payload(), 31415);
    context->TryCancel();
    ExpectStatus(stream->Finish(), StatusCode::CANCELLED);
  }

  void TimeoutOnSleepingServer() {
    auto context = Context(1);
    auto stream = stub->FullDuplexCall(context.get());
    stream->Write(Ball(27182, 31415, 1000000));
    ExpectStatus(stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
  }

  Status CompressedCall(grpc_compression_algorithm algorithm, bool expected) {
    auto context = Context();
    context->set_compression_algorithm(algorithm);
    SimpleRequest request = Large();
    request.mutable_expect_compressed()->set_value(expected);
    SimpleResponse answer;
    Status status = stub->UnaryCall(context.get(), request, &answer);
    if (status.ok()) ExpectZeros(answer.payload(), kLargeResponse);
    return status;
  }

  void ClientCompressedUnary() {
    ExpectStatus(CompressedCall(GRPC_COMPRESS_NONE, true), StatusCode::INVALID_ARGUMENT);
    ExpectStatus(CompressedCall(GRPC_COMPRESS_GZIP, true), StatusCode::OK);
    ExpectStatus(CompressedCall(GRPC_COMPRESS_NONE, false), StatusCode::OK);
  }

  void ServerCompressedUnary() {
    for (bool wish : {true, false}) {
      auto context = Context();
      SimpleRequest request = Large();
      request.mutable_response_compressed()->set_value(wish);
      SimpleResponse answer;
      ExpectStatus(stub->UnaryCall(context.get(), request, &answer), StatusCode::OK);
      ExpectZeros(answer.payload(), kLargeResponse);
      Expect(LastWasCompressed(context.get()) == wish,
             wish ? "the answer is not compressed" : "the answer is compressed");
    }
  }

  static StreamingInputCallRequest Part(int size, bool expected) {
    StreamingInputCallRequest request;
    request.mutable_payload()->set_body(std::string(size, '\0'));
    request.mutable_expect_compressed()->set_value(expected);
    return request;
  }

  void ClientCompressedStreaming() {
    {
      auto context = Context();
      context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
      StreamingInputCallResponse answer;
      auto writer = stub->StreamingInputCall(context.get(), &answer);
      writer->Write(Part(27182, true), grpc::WriteOptions().set_no_compression());
      writer->WritesDone();
      ExpectStatus(writer->Finish(), StatusCode::INVALID_ARGUMENT);
    }
    auto context = Context();
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    StreamingInputCallResponse answer;
    auto writer = stub->StreamingInputCall(context.get(), &answer);
    Expect(writer->Write(Part(27182, true)), "a write failed");
    Expect(writer->Write(Part(45904, false), grpc::WriteOptions().set_no_compression()),
           "a write failed");
    writer->WritesDone();
    ExpectStatus(writer->Finish(), StatusCode::OK);
    Expect(answer.aggregated_payload_size() == 73086, "the size of all payloads is not 73086");
  }

  void ServerCompressedStreaming() {
    const std::vector<std::pair<int, bool>> wanted = {{31415, true}, {92653, false}};
    auto context = Context();
    StreamingOutputCallRequest request;
    for (const auto& part : wanted) {
      auto* parameters = request.add_response_parameters();
      parameters->set_size(part.first);
      parameters->mutable_compressed()->set_value(part.second);
    }
    auto reader = stub->StreamingOutputCall(context.get(), request);
    StreamingOutputCallResponse answer;
    for (const auto& part : wanted) {
      Expect(reader->Read(&answer), "an answer is missing");
      ExpectZeros(answer.payload(), part.first);
      Expect(LastWasCompressed(context.get()) == part.second,
             "an answer is compressed otherwise than wanted");
    }
    Expect(!reader->Read(&answer), "there is an answer too many");
    ExpectStatus(reader->Finish(), StatusCode::OK);
  }
};

std::string Read(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: interop_client HOST:PORT CA CERT KEY\n");
    return 64;
  }
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = Read(argv[2]);
  options.pem_cert_chain = Read(argv[3]);
  options.pem_private_key = Read(argv[4]);
  Test test;
  test.channel = grpc::CreateChannel(argv[1], grpc::SslCredentials(options));
  test.stub = TestService::NewStub(test.channel);
  const std::vector<std::pair<const char*, void (Test::*)()>> cases = {
      {"empty_unary", &Test::EmptyUnary},
      {"large_unary", &Test::LargeUnary},
      {"client_streaming", &Test::ClientStreaming},
      {"server_streaming", &Test::ServerStreaming},
      {"ping_pong", &Test::PingPong},
      {"empty_stream", &Test::EmptyStream},
      {"custom_metadata", &Test::CustomMetadata},
      {"status_code_and_message", &Test::StatusCodeAndMessage},
      {"special_status_message", &Test::SpecialStatusMessage},
      {"unimplemented_method", &Test::UnimplementedMethod},
      {"unimplemented_service", &Test::UnimplementedServiceCall},
      {"cancel_after_begin", &Test::CancelAfterBegin},
      {"cancel_after_first_response", &Test::CancelAfterFirstResponse},
      {"timeout_on_sleeping_server", &Test::TimeoutOnSleepingServer},
      {"client_compressed_unary", &Test::ClientCompressedUnary},
      {"server_compressed_unary", &Test::ServerCompressedUnary},
      {"client_compressed_streaming", &Test::ClientCompressedStreaming},
      {"server_compressed_streaming", &Test::ServerCompressedStreaming},
  };
  int failed = 0;
  for (const auto& entry : cases) {
    try {
      (test.*entry.second)();
      std::printf("%s pass\n", entry.first);
    } catch (const Failure& failure) {
      failed = 1;
      std::printf("%s FAIL %s\n", entry.first, failure.reason.c_str());
    }
    std::fflush(stdout);
  }
  return failed;
}
