internal import COpenSSL
internal import TLS

/// One end of a connection, by libssl over two memory BIOs and a socket: what leaves can be cut and
/// forged. For threads that may block.
final class EvilLink {
  let socket: PlainSocket
  /// Owned, with both BIOs.
  let ssl: OpaquePointer
  let chosenProtocol: UnsafeMutableBufferPointer<UInt8>
  private let context: OpaquePointer
  private let inbound: OpaquePointer
  private let outbound: OpaquePointer
  private var secrets: [String] = []

  init(_ socket: PlainSocket, _ setup: EvilSetup, _ side: TLSSide) throws {
    self.socket = socket
    context = try setup.context(side)
    ssl = try forged(SSL_new(context))
    inbound = try forged(BIO_new(BIO_s_mem()))
    outbound = try forged(BIO_new(BIO_s_mem()))
    let name = Array((setup.protocols.first ?? "").utf8)
    chosenProtocol = .allocate(capacity: name.count)
    _ = chosenProtocol.initialize(from: name)
    SSL_set_bio(ssl, inbound, outbound)
    // Not retained: this object keeps the SSL no longer than itself.
    SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    switch side {
    case .server: SSL_set_accept_state(ssl)
    case .client:
      SSL_set_connect_state(ssl)
      if let name = setup.serverName { try forge(shim_SSL_set_tlsext_host_name(ssl, name)) }
      if let session = setup.session { try forge(SSL_set_session(ssl, session.pointer)) }
    }
  }

  deinit {
    SSL_free(ssl)
    SSL_CTX_free(context)
    chosenProtocol.deallocate()
  }

  static func of(_ ssl: OpaquePointer?) -> EvilLink? {
    guard let ssl, let data = SSL_get_ex_data(ssl, 0) else { return nil }
    return Unmanaged<EvilLink>.fromOpaque(data).takeUnretainedValue()
  }

  /// - Parameter line: in the key log's format.
  func keep(_ line: UnsafePointer<CChar>?) {
    if let line { secrets.append(String(cString: line)) }
  }

  /// A secret of the key log, such as `CLIENT_TRAFFIC_SECRET_0`.
  func secret(_ label: String) -> [UInt8]? {
    guard let hex = secrets.first(where: { $0.hasPrefix(label + " ") })?.split(separator: " ").last
    else { return nil }
    let digits = Array(hex.utf8).map { $0 <= 0x39 ? $0 - 0x30 : ($0 | 0x20) - 0x57 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// What libssl has to say by now.
  func takeOutput() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(outbound))
    guard !bytes.isEmpty else { return [] }
    let count = BIO_read(outbound, &bytes, Int32(bytes.count))
    return Array(bytes.prefix(Int(max(count, 0))))
  }

  /// Hands libssl what has arrived; false at the end.
  func fill() -> Bool {
    let bytes = socket.receive()
    guard !bytes.isEmpty else { return false }
    return BIO_write(inbound, bytes, Int32(bytes.count)) == bytes.count
  }

  /// Goes on with the handshake until it is done, has failed, or the peer is gone.
  /// - Parameter flight: given each flight before it is sent; returns what to send instead, or nil
  ///   to stop.
  func handshake(_ flight: ([UInt8]) -> [UInt8]? = { $0 }) -> Bool {
    while true {
      ERR_clear_error()
      let result = SSL_do_handshake(ssl)
      let isWaiting = result != 1 && SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ
      let output = takeOutput()
      if !output.isEmpty {
        guard let bytes = flight(output) else { return false }
        socket.send(bytes)
      }
      if result == 1 { return true }
      guard isWaiting, fill() else { return false }
    }
  }

  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    ERR_clear_error()
    guard SSL_write(ssl, bytes, Int32(bytes.count)) > 0 else { return false }
    return socket.send(takeOutput())
  }

  /// All data until the end, whatever ends it.
  func readAll() -> [UInt8] {
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      ERR_clear_error()
      let result = SSL_read(ssl, &bytes, Int32(bytes.count))
      socket.send(takeOutput())
      if result > 0 {
        all += bytes.prefix(Int(result))
        continue
      }
      guard SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ, fill() else { return all }
    }
  }

  /// The alert that ended the last step; nil for another end. Empties the error queue.
  func takeAlert() -> UInt8? {
    defer { ERR_clear_error() }
    let reason = shim_ERR_GET_REASON(ERR_peek_error())
    let range = Int32(SSL_AD_REASON_OFFSET) + 1...Int32(SSL_AD_REASON_OFFSET) + 255
    return range.contains(reason) ? UInt8(reason - Int32(SSL_AD_REASON_OFFSET)) : nil
  }
}
