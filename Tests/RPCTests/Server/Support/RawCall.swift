internal import NIOCore
internal import ProtobufC
internal import Synchronization

@testable internal import RPC

/// What came back for a call.
struct RawOutcome: Sendable {
  var headers: [(String, String)] = []
  var trailers: [(String, String)] = []
  var body: [UInt8] = []
  var reset = HTTP2ErrorCode.noError

  /// The first of the name, in the trailers or, for an answer of trailers only, in the headers.
  subscript(name: String) -> String? {
    (trailers + headers).first { $0.0 == name }?.1
  }

  var status: StatusCode? { self["grpc-status"].flatMap { StatusCode(wire: $0.utf8) } }
  var message: String? { self["grpc-message"].map { PercentCoding.decode($0.utf8) } }

  func messages() throws -> [Text] {
    var reader = MessageReader(maximumBytes: 1 << 24)
    return try body.withUnsafeBytes { bytes in
      var rest = bytes
      var messages: [Text] = []
      while !rest.isEmpty, let message = try reader.next(&rest) {
        messages.append(try Text(serialized: message))
      }
      return messages
    }
  }
}

final class RawCall: HTTP2Stream, @unchecked Sendable {
  // Unchecked: confined to its loop; `state` has a lock.

  private let connection: RawConnection
  private let state = Mutex(RawOutcome())
  private let over = Occasion()
  private let started = Occasion()
  private var headersEnded = false
  /// Whether the reader gives the window back.
  private let consumes = Mutex(true)
  private var withheld = 0

  init(connection: RawConnection) {
    self.connection = connection
    super.init()
  }

  static func fields(
    _ path: String, _ more: [(String, String)], without removed: Set<String>
  ) -> HTTP2Fields {
    var list = [
      (":method", "POST"), (":scheme", "https"), (":authority", "localhost"), (":path", path),
      ("te", "trailers"), ("content-type", "application/grpc"),
    ].filter { !removed.contains($0.0) }
    for (name, value) in more {
      if let index = list.firstIndex(where: { $0.0 == name }) {
        list[index].1 = value
      } else {
        list.append((name, value))
      }
    }
    var fields = HTTP2Fields()
    for (name, value) in list { fields.append(name, value) }
    return fields
  }

  // MARK: From tests

  func outcome() async throws -> RawOutcome {
    try await over.wait()
    return state.withLock { $0 }
  }

  /// Returns when the answer's headers are there.
  func waitForHeaders() async throws { try await started.wait() }

  func send(_ bytes: [UInt8], end: Bool = false) async throws {
    try await connection.executor.loop.submit {
      self.write(bytes)
      if end { self.finish() }
    }.get()
  }

  func cancel(_ code: HTTP2ErrorCode = .cancel) async throws {
    try await connection.executor.loop.submit { self.reset(code) }.get()
  }

  func queuedCount() async throws -> Int {
    try await connection.executor.loop.submit { self.queuedBytes }.get()
  }

  func setConsuming(_ consumes: Bool) async throws {
    self.consumes.withLock { $0 = consumes }
    guard consumes else { return }
    try await connection.executor.loop.submit {
      self.consumed(self.withheld)
      self.withheld = 0
    }.get()
  }

  var bodyCount: Int { state.withLock { $0.body.count } }

  // MARK: HTTP2Stream

  override func received(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    let field = (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    state.withLock { state in
      if headersEnded { state.trailers.append(field) } else { state.headers.append(field) }
    }
  }

  override func receivedHeaders(endStream: Bool) {
    headersEnded = true
    started.come()
  }

  override func received(data: UnsafeRawBufferPointer) {
    state.withLock { $0.body += data }
    if consumes.withLock({ $0 }) { consumed(data.count) } else { withheld += data.count }
  }

  override func closed(_ code: HTTP2ErrorCode) {
    state.withLock { $0.reset = code }
    started.come()
    over.come()
  }
}

/// The bytes of a call's one message.
func framed(_ text: String) -> [UInt8] {
  try! Text(text: text).framed()
}
