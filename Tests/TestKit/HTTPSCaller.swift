internal import NIOCore
internal import NIOPosix
public import ServiceKit
internal import TLS

/// One HTTPS/1.1 connection, byte by byte.
public final class HTTPSCaller: Sendable {
  private let channel: any Channel
  private let inbound: AsyncStream<[UInt8]>

  public struct Answer: Hashable, Sendable {
    public var status: Int
    /// Names in lower case.
    public var fields: [String: String]
    /// Each `set-cookie`, in order.
    public var cookies: [String] = []
    public var bytes: [UInt8]

    public var body: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// The connection ended before a whole answer.
  public struct Ended: Error {}

  /// - Parameters:
  ///   - identity: the certificate to show.
  ///   - name: the URI that the listener's certificate must say; nil: the host `localhost`.
  public init(
    _ address: Address, _ pki: TestPKI, identity: (certificate: String, key: String)? = nil,
    protocols: [String] = ["http/1.1"], expecting name: String? = nil
  ) async throws {
    var configuration = TLSConfiguration.client(
      trustRootsFile: pki.authorities,
      identity: identity.map { .init(chainFile: $0.certificate, keyFile: $0.key) })
    configuration.applicationProtocols = protocols
    configuration.requiresApplicationProtocol = false
    let tls = try TLSContext(configuration)
    let (inbound, bytes) = AsyncStream.makeStream(of: [UInt8].self)
    self.inbound = inbound
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            TLSHandler(client: tls, expecting: name.map { .uri($0) } ?? .hostname("localhost")),
            Receiver(bytes),
          ])
        }
      }
      .connect(host: address.host, port: address.port).get()
  }

  public func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// Sends one request and reads its answer.
  public func ask(
    _ method: String = "GET", _ target: String, _ fields: [String: String] = [:], body: String = ""
  ) async throws -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nhost: localhost\r\n"
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if !body.isEmpty { head += "content-length: \(body.utf8.count)\r\n" }
    try await send(head + "\r\n" + body)
    return try await answer(hasBody: method != "HEAD")
  }

  /// Reads the next answer.
  public func answer(hasBody: Bool = true) async throws -> Answer {
    var bytes: [UInt8] = []
    for await more in inbound {
      bytes += more
      if let answer = Self.parse(bytes, hasBody: hasBody) { return answer }
    }
    throw Ended()
  }

  /// Reads on until a text has come, for answers that go on.
  /// - Returns: everything up to then.
  @discardableResult
  public func read(until text: String) async throws -> String {
    var bytes: [UInt8] = []
    for await more in inbound {
      bytes += more
      let all = String(decoding: bytes, as: UTF8.self)
      if all.contains(text) { return all }
    }
    throw Ended()
  }

  private static func parse(_ bytes: [UInt8], hasBody: Bool) -> Answer? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = bytes[..<end.lowerBound].split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
    }
    var fields: [String: String] = [:]
    var cookies: [String] = []
    for line in lines.dropFirst() {
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      let (name, value) = (line[..<colon].lowercased(), String(line[colon...].dropFirst(2)))
      fields[name] = value
      if name == "set-cookie" { cookies.append(value) }
    }
    let body = bytes[end.upperBound...]
    guard !hasBody || body.count == Int(fields["content-length"] ?? "0") else { return nil }
    let status = lines[0].split(separator: " ")[1]
    return Answer(
      status: Int(status) ?? 0, fields: fields, cookies: cookies, bytes: Array(body))
  }

  /// Waits for the end of the connection.
  public func ended() async throws { try await channel.closeFuture.get() }

  public func close() async throws { try await channel.close().get() }
}

private final class Receiver: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let bytes: AsyncStream<[UInt8]>.Continuation

  init(_ bytes: AsyncStream<[UInt8]>.Continuation) { self.bytes = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes.yield(Array(unwrapInboundIn(data).readableBytesView))
  }

  func channelInactive(context: ChannelHandlerContext) { bytes.finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    bytes.finish()
    context.close(promise: nil)
  }
}
