internal import Domain
internal import RPC
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import ServiceKit

@Suite("Keys that come over HTTPS")
struct RemoteKeyTests {
  /// An identity provider behind HTTPS, and an authorizer that lets its people in.
  struct World {
    let directory = TemporaryDirectory()
    let clock = FakeClock()
    let log = LogCapture()
    let server: HTTPSServer
    var issuer: TestIssuer
    let issuers: IssuerDirectory
    let authenticator: Authenticator

    init(
      serving: Bool = true, maxAge: Int? = nil, source: ((HTTPSServer) -> KeySource)? = nil,
      change: (inout Issuer) -> Void = { _ in }
    ) async throws {
      let pki = TestPKI(in: directory)
      server = try await HTTPSServer(pki)
      issuer = try await TestIssuer(url: server.url)
      var entry = Issuer(
        url: issuer.url, audience: "lockbox", keys: source?(server) ?? .discovery,
        affiliation: .provider)
      entry.authorities = pki.authorities
      change(&entry)
      if serving { server.serve(issuer, maxAge: maxAge) }
      issuers = try await IssuerDirectory(
        [entry], environment: .production, clock: clock, logger: log.logger())
      authenticator = Authenticator(issuers: issuers, clock: clock)
    }

    func token(lifetime: Duration = .hours(24)) -> String {
      "Bearer "
        + issuer.token(subject: "erin", roles: ["engineer"], at: clock.now(), lifetime: lifetime)
    }

    /// As the authorizer does it: once more, after the issuer was asked for the key.
    func enter(_ token: String) async -> TokenRefusal? {
      do {
        _ = try authenticator.authenticate(authorization: token)
        return nil
      } catch {
        guard error.isForKeys, await authenticator.learnKey(of: token) else { return error }
      }
      do {
        _ = try authenticator.authenticate(authorization: token)
        return nil
      } catch {
        return error
      }
    }

    /// Fetches what is due.
    func tick() async {
      await issuers.reloadChanged()
      await issuers.settle()
    }
  }

  @Test("keys are discovered when they are first needed, and asked for once")
  func discovery() async throws {
    let world = try await World()
    await withTaskGroup(of: TokenRefusal?.self) { tasks in
      for _ in 0..<8 { tasks.addTask { await world.enter(world.token()) } }
      for await refusal in tasks { #expect(refusal == nil) }
    }
    #expect(world.server.asked("/jwks") == 1)
    #expect(world.server.asked("/.well-known/openid-configuration") == 1)
    #expect(world.log.lines.count { $0.contains("issuer keys fetched") } == 1)
  }

  @Test("keys behind a URL of their own need no discovery")
  func url() async throws {
    let world = try await World(source: { .url("\($0.url)/jwks") })
    #expect(await world.enter(world.token()) == nil)
    #expect(world.server.asked("/.well-known/openid-configuration") == 0)
  }

  @Test("a rotated key is learnt with its first token, and the old one's tokens end with it")
  func rotation() async throws {
    var world = try await World()
    let old = world.token()
    #expect(await world.enter(old) == nil)
    world.issuer.keys = [try await .es256("k2")]
    world.server.serve(world.issuer)
    #expect(await world.enter(old) == nil)

    world.clock.advance(by: KeySchedule.pauseBetweenQuestions)
    #expect(await world.enter(world.token()) == nil)
    #expect(await world.enter(old) == .keyUnknown)
  }

  @Test("unknown keys make one request in a while, however many ask")
  func rateLimit() async throws {
    let world = try await World()
    #expect(await world.enter(world.token()) == nil)
    world.clock.advance(by: KeySchedule.pauseBetweenQuestions)
    var stranger = world.issuer
    stranger.keys = [try await .eddsa("nobody")]
    let forged = "Bearer " + stranger.token(subject: "m", roles: [], at: world.clock.now())
    for _ in 0..<20 { #expect(await world.enter(forged) == .keyUnknown) }
    #expect(world.server.asked("/jwks") == 2)
    world.clock.advance(by: KeySchedule.pauseBetweenQuestions)
    #expect(await world.enter(forged) == .keyUnknown)
    #expect(world.server.asked("/jwks") == 3)
    #expect(await world.enter(world.token()) == nil)
  }

  @Test("a token of an unknown issuer makes no request at all")
  func foreign() async throws {
    let world = try await World()
    let other = try await TestIssuer(url: "https://127.0.0.1:1")
    let token = "Bearer " + other.token(subject: "m", roles: [], at: world.clock.now())
    #expect(await world.enter(token) == .issuerUnknown)
    #expect(world.server.asked("/jwks") == 0)
  }

  @Test("with the issuer away, known keys go on counting until they are too old")
  func outage() async throws {
    let world = try await World(change: { $0.longestKeyAge = .hours(2) })
    #expect(await world.enter(world.token()) == nil)
    world.server.set("/jwks", .init("no", status: 503))
    let token = world.token()
    world.clock.advance(by: .hours(2) - .seconds(1))
    await world.tick()
    #expect(await world.enter(token) == nil)
    // Verified before, and from then on refused all the same.
    world.clock.advance(by: .seconds(1))
    #expect(await world.enter(token) == .keysTooOld)
    #expect(world.log.lines.contains { $0.contains("the answer has the status 503") })

    world.server.serve(world.issuer)
    world.clock.advance(by: .seconds(60))
    await world.tick()
    #expect(await world.enter(token) == nil)
  }

  @Test("without any key nobody gets in, and the service starts all the same")
  func neverSeen() async throws {
    let world = try await World(serving: false)
    await world.tick()
    #expect(await world.enter(world.token()) == .keyUnknown)
    #expect(world.log.lines.count { $0.contains("cannot be fetched") } == 1)
  }

  @Test("the server's Cache-Control is honoured within bounds")
  func freshness() async throws {
    for (maxAge, after) in [
      (nil, KeySchedule.usualRefresh), (1, KeySchedule.refresh.lowerBound), (600, .seconds(600)),
      (86_400, KeySchedule.refresh.upperBound),
    ] {
      let world = try await World(maxAge: maxAge)
      await world.tick()
      world.clock.advance(by: after - .nanoseconds(1))
      await world.tick()
      #expect(world.server.asked("/jwks") == 1)
      world.clock.advance(by: .nanoseconds(1))
      await world.tick()
      #expect(world.server.asked("/jwks") == 2)
    }
  }

  @Test("an answer that cannot be trusted keeps the old keys", arguments: BadAnswer.all)
  func badAnswer(_ bad: BadAnswer) async throws {
    let world = try await World()
    #expect(await world.enter(world.token()) == nil)
    bad.arrange(world.server)
    world.clock.advance(by: .hours(1))
    await world.tick()
    #expect(await world.enter(world.token()) == nil)
    #expect(world.log.lines.contains { $0.contains(bad.complaint) }, "\(world.log.lines)")
  }

  struct BadAnswer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let complaint: String
    let arrange: @Sendable (HTTPSServer) -> Void

    static let discovery = "/.well-known/openid-configuration"
    static let all = [
      BadAnswer(testDescription: "another issuer's document", complaint: "of another issuer") {
        $0.set(
          discovery, .init(#"{"issuer":"https://evil.example","jwks_uri":"\#($0.url)/jwks"}"#))
      },
      BadAnswer(testDescription: "an issuer with a slash more", complaint: "of another issuer") {
        $0.set(discovery, .init(#"{"issuer":"\#($0.url)/","jwks_uri":"\#($0.url)/jwks"}"#))
      },
      BadAnswer(testDescription: "keys without TLS", complaint: "no `jwks_uri` with https") {
        $0.set(discovery, .init(#"{"issuer":"\#($0.url)","jwks_uri":"http://127.0.0.1/jwks"}"#))
      },
      BadAnswer(testDescription: "no JSON", complaint: "no JSON object") {
        $0.set(discovery, .init("<html>"))
      },
      BadAnswer(testDescription: "a redirection", complaint: "the status 302") {
        $0.set("/jwks", .init("", status: 302, headers: ["location": "\($0.url)/other"]))
      },
      BadAnswer(testDescription: "no keys", complaint: "holds no key") {
        $0.set("/jwks", .init(#"{"keys":[]}"#))
      },
      BadAnswer(testDescription: "a private key", complaint: "private or shared") {
        $0.set("/jwks", .init(#"{"keys":[{"kid":"a","kty":"OKP","crv":"Ed25519","d":"x"}]}"#))
      },
      BadAnswer(testDescription: "a body beyond the limit", complaint: "larger than 262144") {
        $0.set("/jwks", .init(String(repeating: " ", count: 300_000)))
      },
      BadAnswer(testDescription: "half a body", complaint: "the connection") {
        $0.set("/jwks", .init(#"{"keys":["#, isCut: true))
      },
    ]
  }

  @Test("a server that another authority vouches for is not asked")
  func foreignAuthority() async throws {
    let other = TemporaryDirectory()
    let foreign = TestPKI(in: other)
    let world = try await World(change: { $0.authorities = foreign.authorities })
    #expect(await world.enter(world.token()) == .keyUnknown)
    #expect(world.server.asked("/jwks") == 0)
  }

  @Test("a server whose certificate has another name is not asked")
  func wrongName() async throws {
    let world = try await World(source: {
      .url($0.url.replacing("127.0.0.1", with: "127.0.0.2") + "/jwks")
    })
    #expect(await world.enter(world.token()) == .keyUnknown)
    #expect(world.server.asked("/jwks") == 0)
  }

  @Test("a token without a key id counts only where that is allowed and there is one key")
  func missingKeyID() async throws {
    func bare(_ world: World) -> String {
      "Bearer "
        + world.issuer.token(
          claims: .object(
            world.issuer.claims(subject: "erin", roles: ["engineer"], at: world.clock.now())),
          header: ["kid": nil])
    }
    let strict = try await World()
    #expect(await strict.enter(bare(strict)) == .keyUnknown)
    var world = try await World(change: { $0.allowsMissingKeyID = true })
    let old = bare(world)
    #expect(await world.enter(old) == nil)

    world.issuer.keys = [try await .eddsa("k2")]
    world.server.serve(world.issuer)
    world.clock.advance(by: KeySchedule.pauseBetweenQuestions)
    #expect(await world.enter(bare(world)) == nil)
    #expect(await world.enter(old) == .keyUnknown)

    world.issuer.keys.append(try await .eddsa("k3"))
    world.server.serve(world.issuer)
    world.clock.advance(by: KeySchedule.pauseBetweenQuestions)
    await world.tick()
    world.clock.advance(by: .hours(1))
    await world.tick()
    #expect(await world.enter(bare(world)) == .keyUnknown)
  }

  @Test(
    "addresses that are no https URL are none",
    arguments: [
      "http://x/", "https://", "https:///x", "https://u@x/", "https://x:0/", "https://x:99999/",
      "https://x/#a", "https://x y/", "https://x./", "https://[::1/", "https://x:+1/", "HTTPS://x",
      "https://x\\@y/",
    ])
  func badURL(_ text: String) {
    #expect(HTTPSURL(text) == nil)
  }

  @Test("an address is taken apart")
  func goodURL() throws {
    let url = try #require(HTTPSURL("https://idp.example:8443/a/b?c=d"))
    #expect(url.host == "idp.example" && url.port == 8443 && url.target == "/a/b?c=d")
    #expect(HTTPSURL("https://[::1]/")?.authority == "[::1]")
    #expect(HTTPSURL("https://x?a")?.target == "/?a")
    #expect(
      HTTPSURL(wellKnown: "openid-configuration", of: "https://x/t/")?.description
        == "https://x/t/.well-known/openid-configuration")
  }

  @Test(
    "Cache-Control is read as RFC 9111 has it",
    arguments: [
      ("max-age=60", Duration.seconds(60)), ("public, MAX-AGE = \"5\"", .seconds(5)),
      ("no-store, max-age=60", .zero), ("max-age=60, no-cache", .zero), ("max-age=x", .zero),
      ("max-age", .zero), ("max-age=99999999999", .seconds(Int32.max)), ("private", nil), ("", nil),
    ])
  func cacheControl(_ field: String, _ freshness: Duration?) {
    #expect(CacheControl.freshness([field]) == freshness)
  }
}
