internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TLS
internal import TestKit

/// A mail server on loopback that does as it is told, and keeps the mails that it took over.
final class ScriptedMailServer: Sendable {
  /// Where it may do something else than take mails.
  enum Stage: String, Sendable {
    case greeting, ehlo = "EHLO", startTLS = "STARTTLS", login = "AUTH", mail = "MAIL",
      recipient = "RCPT", data = "DATA", content
  }

  enum Step: Sendable {
    case reply(String)
    /// Nothing more is said on this connection.
    case silence
    case hangUp
  }

  struct Mail: Sendable {
    let from: String
    let to: String
    /// As it came, dots doubled.
    let content: String
    /// Of which connection, counted from 1.
    let connection: Int
    let isEncrypted: Bool
  }

  struct State: Sendable {
    var script: [(stage: Stage, step: Step)] = []
    var mails: [Mail] = []
    var connections = 0
    var logins: [String] = []
    var commands: [String] = []
  }

  let state = Mutex(State())
  let tls: TLSContext?
  let isImplicit: Bool
  /// Replies to `EHLO`, behind the name.
  let extensions: [String]
  private let channel = Mutex<(any Channel)?>(nil)

  /// - Parameter pki: nil: no TLS.
  init(_ pki: TestPKI?, isImplicit: Bool = false, extensions: [String] = ["8BITMIME"]) throws {
    tls = try pki.map { pki in
      let files = pki.files("mail", uri: nil)
      var configuration = TLSConfiguration.server(
        identity: .init(chainFile: files.certificate, keyFile: files.key),
        clientCertificates: .none)
      configuration.applicationProtocols = ["smtp"]
      configuration.requiresApplicationProtocol = false
      return try TLSContext(configuration)
    }
    self.isImplicit = isImplicit
    self.extensions = extensions
  }

  func start(port: Int = 0) async throws -> Int {
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] child in
        child.eventLoop.makeCompletedFuture {
          let number = state.withLock { state in
            state.connections += 1
            return state.connections
          }
          let pipeline = child.pipeline.syncOperations
          if let tls, isImplicit { try pipeline.addHandler(TLSHandler(server: tls)) }
          try pipeline.addHandler(ScriptedMailHandler(self, connection: number))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    channel.withLock { $0 = bound }
    return bound.localAddress?.port ?? 0
  }

  func stop() async {
    let bound = channel.withLock { $0.take() }
    try? await bound?.close().get()
  }

  /// The next time that it is at a stage, it does this instead.
  func at(_ stage: Stage, _ step: Step) { state.withLock { $0.script.append((stage, step)) } }

  var mails: [Mail] { state.withLock { $0.mails } }
  var commands: [String] { state.withLock { $0.commands } }
  var logins: [String] { state.withLock { $0.logins } }
  var connections: Int { state.withLock { $0.connections } }
}

private final class ScriptedMailHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let server: ScriptedMailServer
  private let connection: Int
  private var received = ""
  private var isEncrypted: Bool
  private var isSilent = false
  private var isContent = false
  private var isLogin = false
  private var from = ""
  private var to = ""

  init(_ server: ScriptedMailServer, connection: Int) {
    self.server = server
    self.connection = connection
    isEncrypted = server.isImplicit
  }

  func channelActive(context: ChannelHandlerContext) {
    if !server.isImplicit { perform(.greeting, "220 here", context) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is TLSHandshakeCompleted, server.isImplicit { perform(.greeting, "220 here", context) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    while let end = received.range(of: isContent ? "\r\n.\r\n" : "\r\n") {
      let text = String(received[..<end.lowerBound])
      received = String(received[end.upperBound...])
      if isSilent { return }
      if isContent { content(text, context) } else { command(text, context) }
    }
  }

  private func command(_ line: String, _ context: ChannelHandlerContext) {
    server.state.withLock { $0.commands.append(line) }
    let word = line.prefix { $0 != " " }.uppercased()
    if isLogin {
      isLogin = false
      server.state.withLock { $0.logins.append(line) }
      return perform(.login, "235 welcome", context)
    }
    switch ScriptedMailServer.Stage(rawValue: word) {
    case .ehlo:
      let more =
        server.extensions
        + (server.tls != nil && !isEncrypted ? ["STARTTLS"] : ["AUTH PLAIN LOGIN"])
      let lines = ["here"] + more
      let text = lines.enumerated().map { index, line in
        "250\(index == lines.count - 1 ? " " : "-")\(line)"
      }
      perform(.ehlo, text.joined(separator: "\r\n"), context)
    case .startTLS: startTLS(context)
    case .login:
      isLogin = true
      write("334 ", context)
    case .mail:
      from = line
      perform(.mail, "250 sender ok", context)
    case .recipient:
      to = line
      perform(.recipient, "250 recipient ok", context)
    case .data: perform(.data, "354 go on", context) { self.isContent = true }
    case .greeting, .content, nil: write(word == "QUIT" ? "221 bye" : "250 ok", context)
    }
  }

  private func content(_ text: String, _ context: ChannelHandlerContext) {
    isContent = false
    let mail = ScriptedMailServer.Mail(
      from: from, to: to, content: text, connection: connection, isEncrypted: isEncrypted)
    // Before the reply, which ends the test's wait.
    server.state.withLock { state in
      if !state.script.contains(where: { $0.stage == .content }) { state.mails.append(mail) }
    }
    perform(.content, "250 2.0.0 queued as 42", context)
  }

  private func startTLS(_ context: ChannelHandlerContext) {
    guard let tls = server.tls else { return write("502 no", context) }
    perform(.startTLS, "220 go on", context) {
      self.isEncrypted = true
      try? context.pipeline.syncOperations.addHandler(
        TLSHandler(server: tls), position: .before(self))
    }
  }

  /// Does what the script says, or the usual.
  private func perform(
    _ stage: ScriptedMailServer.Stage, _ usual: String, _ context: ChannelHandlerContext,
    _ effect: () -> Void = {}
  ) {
    let step = server.state.withLock { state -> ScriptedMailServer.Step? in
      guard let index = state.script.firstIndex(where: { $0.stage == stage }) else { return nil }
      return state.script.remove(at: index).step
    }
    switch step {
    case nil:
      write(usual, context)
      effect()
    case .reply(let text): write(text, context)
    case .silence: isSilent = true
    case .hangUp: context.close(promise: nil)
    }
  }

  private func write(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
  }
}

extension String {
  /// Without Foundation.
  fileprivate func range(of part: String) -> Range<String.Index>? {
    let (bytes, wanted) = (utf8, Array(part.utf8))
    var start = bytes.startIndex
    while start < bytes.endIndex {
      if bytes[start...].starts(with: wanted) {
        return start..<bytes.index(start, offsetBy: wanted.count)
      }
      start = bytes.index(after: start)
    }
    return nil
  }
}
