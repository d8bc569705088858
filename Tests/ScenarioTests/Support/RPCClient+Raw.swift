internal import NIOCore

@testable internal import RPC

extension RPCClient {
  /// Calls a method of any kind with any bytes for its message.
  func raw(
    _ path: String, _ message: [UInt8], metadata: Metadata = [:]
  ) async -> Result<Metadata, RPCError> {
    let length = UInt32(message.count).bigEndian
    let timeout = TimeAmount.seconds(20)
    let call = UnaryCall(
      .init(
        path: path, metadata: metadata,
        message: [0] + withUnsafeBytes(of: length, Array.init) + message),
      deadline: .now() + timeout, timeout: .seconds(20), waitForReady: false, retry: nil,
      maximumResponseBytes: 1 << 20)
    let answer = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<UnaryCall.Answer, Never>) in
      call.continuation = continuation
      pool.post(.start(call))
    }
    return answer.map(\.trailers)
  }
}
