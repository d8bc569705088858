internal import Domain
internal import Mail
internal import TestKit
internal import Testing

@Suite struct SmtpTransportTests {
  struct World {
    let directory = TemporaryDirectory()
    let others = TemporaryDirectory()
    let server: ScriptedMailServer
    let port: Int
    let transport: SmtpTransport

    init(
      security: SmtpSettings.Security = .startTLS, hasTLS: Bool = true, strangers: Bool = false,
      host: String = "localhost", password: String? = nil, timeout: Duration = .seconds(60),
      mostConnections: Int = 8
    ) async throws {
      let pki = TestPKI(in: directory)
      server = try ScriptedMailServer(
        hasTLS ? pki : nil, isImplicit: security == .implicitTLS)
      port = try await server.start()
      var credentials: SmtpSettings.Credentials?
      if let password {
        directory.write("password", password)
        credentials = .init(user: "lockbox", passwordFile: directory.file("password"))
      }
      let settings = try #require(
        SmtpSettings(
          host: host, port: port, security: security,
          authorities: strangers ? TestPKI(in: others).authorities : pki.authorities,
          credentials: credentials, clientName: "notify.lockbox.test",
          connectTimeout: .seconds(20), timeout: timeout, mostConnections: mostConnections))
      transport = try SmtpTransport(settings)
    }

    func send(_ text: String = "Hello\n", number: Int = 1) async throws -> MailOutcome {
      await transport.send(try sampleMail(text, number: number))
    }
  }

  private static func isDeferred(_ outcome: MailOutcome) -> Bool {
    if case .deferred = outcome { true } else { false }
  }

  @Test(arguments: [SmtpSettings.Security.startTLS, .implicitTLS, .plain])
  func `A mail arrives as it was written`(_ security: SmtpSettings.Security) async throws {
    let world = try await World(security: security, hasTLS: security != .plain)
    let outcome = try await world.send(".\n..\nJust dots\n")
    #expect(outcome == .accepted(reply: "250 2.0.0 queued as 42"))
    let mail = try #require(world.server.mails.first)
    #expect(mail.isEncrypted == (security != .plain))
    #expect(mail.from.hasPrefix("MAIL FROM:<lockbox@provider.test>"))
    #expect(mail.to == "RCPT TO:<ana@acme.test>")
    // Dots that begin a line are doubled on the wire.
    #expect(mail.content.contains("\r\n\r\n..\r\n...\r\nJust dots"))
    #expect(world.server.commands.first == "EHLO notify.lockbox.test")
  }

  @Test func `Mails share a connection`() async throws {
    let world = try await World()
    for number in 0..<5 {
      #expect(
        try await world.send(number: number) == .accepted(reply: "250 2.0.0 queued as 42"))
    }
    #expect(world.server.mails.map(\.connection) == [1, 1, 1, 1, 1])
  }

  @Test func `No more connections than allowed are open at once`() async throws {
    let world = try await World(mostConnections: 3)
    let outcomes = try await withThrowingTaskGroup(of: MailOutcome.self) { tasks in
      for number in 0..<40 { tasks.addTask { try await world.send(number: number) } }
      return try await tasks.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0 == .accepted(reply: "250 2.0.0 queued as 42") })
    #expect(world.server.mails.count == 40)
    #expect(world.server.connections <= 3)
  }

  @Test func `A server without STARTTLS gets nothing`() async throws {
    let world = try await World(hasTLS: false)
    #expect(Self.isDeferred(try await world.send()))
    #expect(world.server.mails.isEmpty)
    let commands = world.server.commands
    #expect(!commands.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
  }

  @Test(arguments: [SmtpSettings.Security.startTLS, .implicitTLS])
  func `A server of another authority gets nothing`(_ security: SmtpSettings.Security) async throws
  {
    let world = try await World(security: security, strangers: true)
    #expect(Self.isDeferred(try await world.send()))
    #expect(world.server.mails.isEmpty)
  }

  @Test func `A server of another name gets nothing`() async throws {
    // Its certificate is for 127.0.0.1 and localhost.
    let world = try await World(host: "127.0.0.2")
    #expect(Self.isDeferred(try await world.send()))
    #expect(world.server.mails.isEmpty)
  }

  @Test func `The password is told to a server that has proved who it is`() async throws {
    let world = try await World(password: "s3cret\n")
    _ = try await world.send()
    // "\0lockbox\0s3cret"
    #expect(world.server.logins == ["AGxvY2tib3gAczNjcmV0"])
  }

  @Test func `A refused password befalls no single mail`() async throws {
    let world = try await World(password: "wrong")
    world.server.at(.login, .reply("535 5.7.8 no"))
    #expect(Self.isDeferred(try await world.send()))
  }

  @Test(
    arguments: [
      (.mail, "550 5.7.1 not you", 550), (.recipient, "550 5.1.1 nobody", 550),
      (.data, "554 5.6.0 no", 554), (.content, "552 5.3.4 too big", 552),
    ] as [(ScriptedMailServer.Stage, String, Int)])
  func `A 5xx reply refuses the mail for good`(
    _ stage: ScriptedMailServer.Stage, _ reply: String, _ code: Int
  ) async throws {
    let world = try await World()
    world.server.at(stage, .reply(reply))
    #expect(try await world.send() == .refused(code: code, reply: reply))
    // The connection, or another one, is as good as before.
    #expect(try await world.send() == .accepted(reply: "250 2.0.0 queued as 42"))
  }

  @Test(
    arguments: [
      (.greeting, "421 4.3.2 later"), (.greeting, "554 5.3.2 not today"),
      (.ehlo, "421 4.3.2 later"), (.mail, "451 4.3.0 later"), (.mail, "530 5.7.0 log in"),
      (.recipient, "450 4.2.1 greylisted"), (.data, "451 4.3.0 later"),
      (.content, "452 4.3.1 full"),
    ] as [(ScriptedMailServer.Stage, String)])
  func `What may be good later is deferred`(
    _ stage: ScriptedMailServer.Stage, _ reply: String
  ) async throws {
    let world = try await World()
    world.server.at(stage, .reply(reply))
    #expect(Self.isDeferred(try await world.send()))
    #expect(world.server.mails.isEmpty)
  }

  @Test(
    arguments: [.greeting, .ehlo, .startTLS, .mail, .recipient, .data]
      as [ScriptedMailServer.Stage])
  func `An end before the mail's end is deferred`(_ stage: ScriptedMailServer.Stage) async throws {
    let world = try await World()
    world.server.at(stage, .hangUp)
    #expect(Self.isDeferred(try await world.send()))
  }

  @Test(arguments: [ScriptedMailServer.Step.hangUp, .silence])
  func `An end behind the mail's end leaves open what became of it`(
    _ step: ScriptedMailServer.Step
  ) async throws {
    let world = try await World(timeout: .seconds(5))
    world.server.at(.content, step)
    guard case .unknown = try await world.send() else {
      Issue.record("it is not unknown")
      return
    }
  }

  @Test func `A server that says nothing is cut`() async throws {
    let world = try await World(timeout: .milliseconds(700))
    world.server.at(.recipient, .silence)
    #expect(Self.isDeferred(try await world.send()))
  }

  @Test func `A kept connection that the server has ended costs no attempt`() async throws {
    let world = try await World()
    _ = try await world.send()
    world.server.at(.mail, .hangUp)
    #expect(try await world.send() == .accepted(reply: "250 2.0.0 queued as 42"))
    world.server.at(.mail, .reply("421 4.4.2 idle too long"))
    #expect(try await world.send() == .accepted(reply: "250 2.0.0 queued as 42"))
    #expect(world.server.mails.map(\.connection) == [1, 2, 3])
  }

  @Test func `A server that is down gets everything once it is up`() async throws {
    let world = try await World()
    await world.server.stop()
    #expect(Self.isDeferred(try await world.send()))
    _ = try await world.server.start(port: world.port)
    #expect(try await world.send() == .accepted(reply: "250 2.0.0 queued as 42"))
  }

  @Test func `A mail that is given up ends at once`() async throws {
    let world = try await World()
    world.server.at(.recipient, .silence)
    let sending = Task { try await world.send() }
    #expect(
      await eventually {
        world.server.commands.contains { $0.hasPrefix("RCPT") }
      })
    sending.cancel()
    #expect(Self.isDeferred(try await sending.value))
  }

  @Test func `Nothing is left waiting when it is closed`() async throws {
    let world = try await World(mostConnections: 1)
    world.server.at(.recipient, .silence)
    let sending = (0..<3).map { number in Task { try await world.send(number: number) } }
    #expect(
      await eventually {
        world.server.commands.contains { $0.hasPrefix("RCPT") }
      })
    world.transport.close()
    for task in sending { #expect(Self.isDeferred(try await task.value)) }
    #expect(Self.isDeferred(try await world.send()))
  }

  @Test func `A plain connection leads to this machine only`() {
    for host in ["mail.example.com", "10.0.0.1", "128.0.0.1"] {
      #expect(SmtpSettings(host: host, port: 25, security: .plain) == nil)
    }
    #expect(SmtpSettings(host: "127.0.0.1", port: 25, security: .plain) != nil)
  }
}

func sampleMail(_ text: String, number: Int = 1) throws -> MailMessage {
  MailMessage(
    sender: try #require(MailAddress("lockbox@provider.test", name: "Lockbox")),
    recipient: try #require(MailAddress("ana@acme.test", name: "Ana Ångström")),
    subject: "Access request", text: text,
    messageID: try #require(MailMessageID(local: "notice-\(number)", domain: "provider.test")),
    date: FakeClock().now())
}
