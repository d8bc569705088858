/// An answer that goes on: server-sent events (WHATWG HTML §9.2).
public struct WebEvents: Sendable {
  /// Whose stream it is: their number is bounded for each owner; never logged.
  public let owner: [UInt8]
  /// Sends events until it returns or is cancelled: by its peer's end, its age, or the drain.
  public let send: @Sendable (WebEventWriter) async throws -> Void

  public init(
    owner: [UInt8], _ send: @escaping @Sendable (WebEventWriter) async throws -> Void
  ) {
    self.owner = owner
    self.send = send
  }
}

/// One event.
public struct WebEvent: Sendable, Hashable {
  /// What listeners of the page are called by: a constant.
  public var name: String
  /// One line.
  public var data: String

  public init(_ name: String, data: String = "") {
    self.name = name
    self.data = data
  }

  var bytes: [UInt8] {
    Array("event: \(name)\n".utf8)
      + data.split(omittingEmptySubsequences: false) { $0.isNewline }
      .flatMap { Array("data: \($0)\n".utf8) } + [UInt8(ascii: "\n")]
  }

  /// When the peer may come again after the end: not all at the same moment.
  static func comeback(_ milliseconds: Int) -> [UInt8] {
    Array("retry: \(milliseconds)\n\n".utf8)
  }

  /// A comment, which tells the peer and all between that there is still somebody.
  static let heartBeat = Array(":\n\n".utf8)
}

/// Where the sender of a stream puts its events.
public struct WebEventWriter: Sendable {
  let channel: EventChannel

  /// Returns when the peer's connection has taken the event, so that a slow one slows the sender.
  ///
  /// - Throws: `CancellationError` once the stream is over.
  public func send(_ event: WebEvent) async throws { try await channel.put(event.bytes) }
}
