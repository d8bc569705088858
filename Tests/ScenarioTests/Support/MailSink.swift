internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A mail server on loopback without TLS: takes every mail and keeps it.
final class MailSink: Sendable {
  private struct State {
    var mails: [String] = []
    var isHolding = false
    var held = 0
  }

  private let state = Mutex(State())
  private let channel = Mutex<(any Channel)?>(nil)

  /// - Returns: the port.
  func start(on host: String) async throws -> Int {
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.addHandler(MailSinkHandler(self))
        }
      }
      .bind(host: host, port: 0).get()
    channel.withLock { $0 = bound }
    return bound.localAddress?.port ?? 0
  }

  func stop() async {
    let bound = channel.withLock { $0.take() }
    try? await bound?.close().get()
  }

  /// Header and text, in the order in which they came.
  var mails: [String] { state.withLock { $0.mails } }

  /// The next mail is taken over, and nobody is told.
  func holdNext() { state.withLock { $0.isHolding = true } }

  /// Mails that were taken over without a word.
  var held: Int { state.withLock { $0.held } }

  /// - Returns: whether to say so.
  fileprivate func keep(_ mail: String) -> Bool {
    state.withLock { state in
      state.mails.append(mail)
      guard state.isHolding else { return true }
      state.isHolding = false
      state.held += 1
      return false
    }
  }

  /// The value of a field; nil: the mail has none.
  static func field(_ name: String, of mail: String) -> String? {
    let header = mail.split(separator: "\r\n\r\n", maxSplits: 1).first ?? ""
    let line = header.split(separator: "\r\n").first {
      $0.lowercased().hasPrefix(name.lowercased() + ":")
    }
    return line.map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
  }
}

private final class MailSinkHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let sink: MailSink
  private var received = ""
  private var isContent = false

  init(_ sink: MailSink) { self.sink = sink }

  func channelActive(context: ChannelHandlerContext) { reply("220 sink", context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    while let end = received.firstRange(of: isContent ? "\r\n.\r\n" : "\r\n") {
      let text = String(received[..<end.lowerBound])
      received = String(received[end.upperBound...])
      if isContent {
        isContent = false
        if sink.keep(text) { reply("250 taken", context) }
      } else {
        command(text.prefix { $0 != " " }.uppercased(), context)
      }
    }
  }

  private func command(_ word: String, _ context: ChannelHandlerContext) {
    switch word {
    case "DATA":
      isContent = true
      reply("354 go on", context)
    case "QUIT":
      reply("221 bye", context)
      context.close(promise: nil)
    default: reply("250 ok", context)
    }
  }

  private func reply(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
  }
}
