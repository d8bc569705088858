internal import Logging
internal import NIOCore
internal import TLS

extension ServerConnection {
  // MARK: - Receiving

  /// Hands nghttp2 what may be received, and ends the connection where that ends.
  func inspectAndReceive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionError) {
    guard !isDefended else { return }
    let session = session!
    let stop = inspector.inspect(
      bytes, at: now, sentFrames: session.sentFrames,
      isOpen: { session.stream(Int32(bitPattern: $0)) != nil })
    guard let stop else {
      try session.receive(bytes)
      if inspector.frameBegan != nil { wake(by: now + limits.requestTimeout) }
      return
    }
    try session.receive(UnsafeRawBufferPointer(rebasing: bytes[..<stop.offset]))
    switch stop.reason {
    case .defence(let defence): defend(defence)
    case .violation(let code): defend(.protocolError, code)
    }
  }

  /// Resets that the peer's own errors caused count like those that it sent (CVE-2025-8671); those
  /// of streams beyond what is allowed have a budget of their own.
  func chargeReset(_ code: HTTP2ErrorCode) {
    switch code {
    case .noError: break
    case .refusedStream:
      if !inspector.chargeRefusal(at: now) { defend(.refusedStreams) }
    default:
      if !inspector.chargeReset(at: now) { defend(.resets) }
    }
  }

  /// nghttp2 itself ends connections whose peers break the protocol.
  func noteGoAway(_ code: HTTP2ErrorCode) {
    guard code != .noError, !isDefended else { return }
    isDefended = true
    note(.protocolError, code)
    endSoon()
  }

  // MARK: - Ending

  /// Ends the connection with GOAWAY: its peer costs more than calls do.
  func defend(_ defence: Defence, _ code: HTTP2ErrorCode = .enhanceYourCalm) {
    guard isServing, !session.isClosed, !isDefended else { return }
    isDefended = true
    note(defence, code)
    session.terminate(code)
    endSoon()
  }

  /// Ends a connection that has not shown what it is good for: too many came after it.
  func makeRoom() {
    guard !isProven else { return }
    guard isShakingHands else { return defend(.unproven) }
    note(.unproven, .noError)
    close()
  }

  /// Lets what runs finish and no more begin: this may be bad luck.
  func defendMildly(_ defence: Defence) {
    guard isServing, !session.isClosed, !isDefended else { return }
    note(defence, .noError)
    drain(endingStreams: false)
  }

  /// The defence that an error of the transport or of the session is a case of.
  static func defence(against error: any Error) -> Defence? {
    switch error {
    case let error as TLSConnectionError:
      if case .handshakeTimeout = error.reason { return .slowHandshake }
      return nil
    case is HTTP2SessionError: return .protocolError
    default: return nil
    }
  }

  // MARK: - Telling

  /// Counts and logs what ended the connection first.
  func note(_ defence: Defence, _ code: HTTP2ErrorCode) {
    guard !isNoted else { return }
    isNoted = true
    metrics?.connectionEnded(by: defence)
    guard let unlogged = listener.defenceLines.spend() else { return }
    let remote = info.remoteAddress ?? context?.remoteAddress
    var metadata: Logger.Metadata = [
      "defence": "\(defence.rawValue)", "code": "\(code.rawValue)",
      "remote": "\(remote.map(String.init(describing:)) ?? "?")",
      "peer": "\(info.peer?.connectionKey ?? "")",
    ]
    if unlogged > 0 { metadata["unlogged"] = "\(unlogged)" }
    logger.warning("connection ended by a defence", metadata: metadata)
  }

  /// Counts and logs that all handlers run that may: once in a while, since nobody is ended.
  func noteBusy() {
    guard listener.handlers.shouldTell() else { return }
    metrics?.connectionEnded(by: .handlers)
    logger.warning(
      "calls refused by a defence", metadata: ["defence": "\(Defence.handlers.rawValue)"])
  }

  // MARK: - Slow readers

  /// What tells whether the peer takes what waits for it; nil when nothing waits.
  var stallMark: StallWatch.Mark? {
    guard session.queuedBytes > 0 || hasLeftOver else { return nil }
    return StallWatch.Mark(
      taken: session.takenBytes &+ session.sentFrames, buffered: bufferedBytes)
  }

  /// Something waits for the peer: looks after it from now on.
  func watchStall() {
    guard stall.due == nil, !isDefended else { return }
    // The last read may be long ago.
    _ = stall.hasStalled(stallMark, at: .now)
    if let due = stall.due { wake(by: due) }
  }
}
