internal import Domain
internal import Mail
internal import NIOCore
internal import NIOPosix
internal import ServiceKit
internal import Synchronization
internal import TLS
internal import TestKit
internal import Testing

@testable internal import Development

@Suite struct SmtpServerTests {
  private struct World {
    let directory = TemporaryDirectory()
    let mails = CaughtMails()
    let server: SmtpServer
    let address: Address
    let pki: TestPKI

    init(limits: SmtpLimits = SmtpLimits()) async throws {
      pki = TestPKI(in: directory)
      let files = pki.files("mail", uri: nil)
      var tls = TLSConfiguration.server(
        identity: .init(chainFile: files.certificate, keyFile: files.key),
        clientCertificates: .none)
      tls.applicationProtocols = ["http/1.1"]
      tls.requiresApplicationProtocol = false
      server = SmtpServer(mails, tls: try TLSContext(tls), limits: limits, clock: FakeClock())
      address = try await server.start(Address(host: "127.0.0.1", port: 0))
    }
  }

  /// Says all at once, and returns what comes back until the server ends.
  private static func say(_ text: String, to address: Address) async throws -> String {
    let heard = Heard()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Hearing(heard))
        }
      }
      .connect(host: address.host, port: address.port).get()
    channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    try await channel.closeFuture.get()
    return heard.text
  }

  @Test func `What Mail sends is caught, over TLS`() async throws {
    let world = try await World()
    let settings = try #require(
      SmtpSettings(
        host: "localhost", port: world.address.port, security: .startTLS,
        authorities: world.pki.authorities, connectTimeout: .seconds(20)))
    let transport = try SmtpTransport(settings)
    for number in 1...3 {
      let message = MailMessage(
        sender: try #require(MailAddress("lockbox@provider.test")),
        recipient: try #require(MailAddress("ana@acme.test")), subject: "Number \(number)",
        text: ".\n..\n", messageID: try #require(MailMessageID(local: "a", domain: "b.test")),
        date: .epoch)
      #expect(await transport.send(message) == .accepted(reply: "250 2.0.0 caught"))
    }
    #expect(world.mails.all.map(\.number) == [3, 2, 1])
    let entity = MimeEntity(try #require(world.mails[2]).content)
    #expect(entity["subject"] == "Number 2")
    #expect(entity.text("text/plain") == ".\n..\n")
    await world.server.stop()
  }

  @Test func `Commands may come all at once`() async throws {
    let world = try await World()
    let text = try await Self.say(
      "EHLO x\r\nNOOP\r\nMAIL FROM:<a@b.test>\r\nQUIT\r\n", to: world.address)
    let codes = text.split(separator: "\r\n").map { $0.prefix(4) }
    #expect(
      codes == [
        "220 ", "250-", "250-", "250-", "250-", "250-", "250 ", "250 ", "530 ", "221 ",
      ])
  }

  @Test func `What is said in the clear behind STARTTLS is dropped`() async throws {
    let world = try await World()
    let text = try await Self.say(
      "EHLO x\r\nSTARTTLS\r\nEHLO x\r\nMAIL FROM:<a@b.test>\r\nQUIT\r\nNo TLS\r\n",
      to: world.address)
    #expect(text.contains("220 2.0.0 go on\r\n"))
    #expect(!text.contains("sender ok") && !text.contains("bye"))
  }

  @Test func `A line without an end is ended`() async throws {
    let world = try await World()
    let text = try await Self.say(String(repeating: "a", count: 4_000), to: world.address)
    #expect(text.hasSuffix("500 5.5.2 the line is too long\r\n"))
  }

  @Test func `Who says nothing is cut, and who is one too many is told so`() async throws {
    var limits = SmtpLimits()
    limits.idle = .milliseconds(300)
    limits.connections = 0
    let full = try await World(limits: limits)
    #expect(try await Self.say("", to: full.address) == "421 4.3.2 too many connections\r\n")
    limits.connections = 1
    let world = try await World(limits: limits)
    let text = try await Self.say("EHLO x\r\n", to: world.address)
    #expect(text.hasSuffix("421 4.4.2 nothing was said for too long\r\n"))
  }
}

private final class Heard: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  func add(_ buffer: ByteBuffer) { bytes.withLock { $0 += buffer.readableBytesView } }
  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

private final class Hearing: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let heard: Heard

  init(_ heard: Heard) { self.heard = heard }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    heard.add(unwrapInboundIn(data))
  }

  // The server may end while we still speak.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
