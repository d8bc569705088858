internal import RawHTTP2
internal import Testing

/// One case of h2spec (github.com/summerwind/h2spec 2.6), under its section and its own words:
/// the frames that it sends and the outcomes that it accepts.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  /// `suite/section description`, as h2spec prints them.
  let testDescription: String
  /// Whether the connection begins as it should: preface and settings, each acknowledged.
  let handshakes: Bool
  let steps: [Step]

  enum Step: Sendable {
    case send([RawFrame])
    case sendBytes([UInt8])
    case expect(Outcome)
  }

  init(_ name: String, handshakes: Bool = true, steps: [Step]) {
    testDescription = name
    self.handshakes = handshakes
    self.steps = steps
  }

  /// A case that sends something and looks at what comes of it.
  init(_ name: String, _ frames: [RawFrame], _ outcome: Outcome) {
    self.init(name, steps: [.send(frames), .expect(outcome)])
  }

  init(_ name: String, bytes: [UInt8], _ outcome: Outcome) {
    self.init(name, steps: [.sendBytes(bytes), .expect(outcome)])
  }

  /// A request whose header block ends, or begins, with a representation under test.
  init(_ name: String, block: [UInt8], _ outcome: Outcome) {
    self.init(name, [.headers(block)], outcome)
  }
}

/// What h2spec accepts, one function of its `spec/verifier.go` each.
enum Outcome: Sendable {
  /// The next frame is the server's SETTINGS.
  case settings
  case settingsAcknowledgement
  case headers(on: UInt32)
  /// The first DATA frame, of this length if one is given.
  case data(length: Int?)
  case pingAcknowledgement(String)
  case pingAcknowledgementOrClose(String)
  /// Any PING frame.
  case ping
  /// GOAWAY with one of the codes, or the end of the connection.
  case connectionError([ErrorCode])
  /// RST_STREAM or GOAWAY with one of the codes, or the end of the connection.
  case streamError([ErrorCode])
  /// The end of the connection and nothing less.
  case close
  /// A GOAWAY frame.
  case goAway(ErrorCode?)
  case reset(ErrorCode, on: UInt32)
  /// The server ends its side of the stream.
  case streamEnd

  static func connectionError(_ codes: ErrorCode...) -> Outcome { .connectionError(codes) }
  static func streamError(_ codes: ErrorCode...) -> Outcome { .streamError(codes) }

  enum Verdict { case passed, failed, goOn }

  /// What an event means for this outcome.
  func judge(_ event: RawPeer.Event) -> Verdict {
    switch event {
    case .timedOut: .failed
    case .closed: acceptsClose ? .passed : .failed
    case .frame(let frame): judge(frame)
    }
  }

  private var acceptsClose: Bool {
    switch self {
    case .connectionError, .streamError, .close, .pingAcknowledgementOrClose: true
    default: false
    }
  }

  private func judge(_ frame: RawFrame) -> Verdict {
    switch (self, frame.kind) {
    case (.settings, _):
      frame.kind == .settings && frame.flags.isEmpty ? .passed : .failed
    case (.settingsAcknowledgement, .settings):
      frame.flags.contains(.acknowledgement) ? .passed : .failed
    case (.headers(let stream), .headers): frame.stream == stream ? .passed : .failed
    case (.data(let length), .data):
      length.map { frame.payload.count == $0 } ?? true ? .passed : .failed
    case (.pingAcknowledgement(let text), .ping), (.pingAcknowledgementOrClose(let text), .ping):
      frame == .ping(text, .acknowledgement) ? .passed : .failed
    case (.ping, .ping): .passed
    case (.goAway(let code), .goAway):
      code == nil || code == frame.errorCode ? .passed : .failed
    case (.reset(let code, let stream), .reset):
      code == frame.errorCode && frame.stream == stream ? .passed : .failed
    case (.connectionError(let codes), .goAway), (.streamError(let codes), .goAway),
      (.streamError(let codes), .reset):
      codes.contains { $0 == frame.errorCode } ? .passed : .goOn
    case (.streamEnd, .data), (.streamEnd, .headers):
      frame.flags.contains(.endStream) ? .passed : .goOn
    case (.streamEnd, .reset): frame.errorCode == .noError ? .passed : .goOn
    default: .goOn
    }
  }
}
