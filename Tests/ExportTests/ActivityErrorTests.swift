internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Export

/// Every code of the API, each by the request that gets it.
@Suite("The activity API's errors")
struct ActivityErrorTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let code: String
    let status: Int
    let name: String
    let request: @Sendable (ActivityBench) async throws -> Void

    init(
      _ code: String, _ status: Int, _ name: String,
      _ request: @escaping @Sendable (ActivityBench) async throws -> Void
    ) {
      self.code = code
      self.status = status
      self.name = name
      self.request = request
    }

    var testDescription: String { "\(code): \(name)" }
  }

  private static func start(_ body: String) -> @Sendable (ActivityBench) async throws -> Void {
    { _ = try await $0.feed.start(ActivityBench.request(body: body)) }
  }

  private static func content(
    _ query: [String: String]
  ) -> @Sendable (ActivityBench) async throws -> Void {
    { bench in
      try await bench.start()
      _ = try await bench.list(query)
    }
  }

  private static let aBlob = ContentID(type: .general, first: 0, last: 0).description

  static let rows: [Row] = [
    Row("AF20001", 400, "no content type") {
      _ = try await $0.feed.start(ActivityBench.request([:]))
    },
    Row("AF20001", 400, "a webhook without an address", start(#"{"webhook":{"authId":"x"}}"#)),
    Row("AF20002", 400, "a body that is no JSON", start("webhook")),
    Row("AF20002", 400, "a webhook that is no object", start(#"{"webhook":"https://x.test"}"#)),
    Row("AF20002", 400, "an address that is a number", start(#"{"webhook":{"address":1}}"#)),
    Row(
      "AF20002", 400, "an auth id that no field may hold",
      start(#"{"webhook":{"address":"https://x.test","authId":"a\r\nb"}}"#)),
    Row(
      "AF20002", 400, "an expiration that is no time",
      start(#"{"webhook":{"address":"https://x.test","expiration":"soon"}}"#)),
    Row("AF20002", 400, "a time that is none", content(["startTime": "a", "endTime": "b"])),
    Row(
      "AF20003", 400, "an expiration that is over",
      start(#"{"webhook":{"address":"https://x.test","expiration":"2015-01-01"}}"#)),
    Row("AF20010", 400, "another tenant") {
      _ = try await $0.feed.list(ActivityBench.request(tenant: "fabrikam"))
    },
    Row("AF20010", 400, "a tenant that does not exist") {
      _ = try await $0.feed.list(ActivityBench.request(tenant: "nobody"))
    },
    Row("AF20020", 400, "a content type that is none") {
      _ = try await $0.feed.start(ActivityBench.request(["contentType": "Audit.Lockbox"]))
    },
    Row(
      "AF20021", 400, "a webhook without TLS",
      start(#"{"webhook":{"address":"http://x.test"}}"#)),
    Row("AF20021", 400, "a webhook that answers something else") { bench in
      bench.poster.answer { _ in .success(204) }
      try await bench.start(webhook: "https://x.test/hook")
    },
    Row("AF20021", 400, "a webhook in our own network") { bench in
      bench.poster.answer { _ in .failure(.privateAddress) }
      try await bench.start(webhook: "https://x.test/hook")
    },
    Row("AF20022", 400, "listing without a subscription") { _ = try await $0.list() },
    Row("AF20022", 400, "reading without a subscription") {
      _ = try await $0.feed.audit(ActivityBench.request([:]), aBlob)
    },
    Row("AF20022", 400, "stopping what was never started") {
      _ = try await $0.feed.stop(ActivityBench.request())
    },
    Row("AF20023", 400, "listing after a stop") { bench in
      try await bench.start()
      _ = try await bench.feed.stop(ActivityBench.request())
      _ = try await bench.list()
    },
    Row("AF20024", 400, "starting twice") { bench in
      try await bench.start()
      try await bench.start()
    },
    Row("AF20030", 400, "a start without an end", content(["startTime": "2026-01-01"])),
    Row(
      "AF20030", 400, "an end before the start",
      content(["startTime": "2026-01-02", "endTime": "2026-01-01"])),
    Row("AF20030", 400, "more than 24 hours") { bench in
      let now = bench.clock.now()
      try await content([
        "startTime": (now - .hours(24) - .seconds(1)).seconds19, "endTime": now.seconds19,
      ])(bench)
    },
    Row("AF20030", 400, "more than seven days back") { bench in
      let then = bench.clock.now() - .hours(7 * 24) - .minutes(6)
      try await content([
        "startTime": then.seconds19, "endTime": (then + .hours(1)).seconds19,
      ])(bench)
    },
    Row(
      "AF20031", 400, "a next page that is none",
      content(["nextPage": "2015101900R022885001761"])),
    Row("AF20050", 404, "content that does not exist") { bench in
      try await bench.start()
      _ = try await bench.feed.audit(ActivityBench.request([:]), aBlob)
    },
    Row("AF20051", 400, "content that is older than seven days") { bench in
      try await bench.start()
      try await bench.apply((.contoso, .general))
      bench.clock.advance(by: .hours(7 * 24))
      _ = try await bench.feed.audit(ActivityBench.request([:]), aBlob)
    },
    Row("AF20051", 400, "content that was dropped") { bench in
      try await bench.start()
      try await bench.apply((.contoso, .general))
      bench.clock.advance(by: .hours(9 * 24))
      try await RetentionLoop(
        store: bench.store, clock: bench.clock, retention: .hours(8 * 24)
      ).drop()
      _ = try await bench.feed.audit(ActivityBench.request([:]), aBlob)
    },
    Row("AF20052", 400, "a content id that is none") {
      _ = try await $0.feed.audit(ActivityBench.request([:]), "0$0$9")
    },
    Row("AF20053", 400, "two languages") { bench in
      var request = ActivityBench.request([:])
      request.acceptLanguage = "en-US, de"
      _ = try bench.feed.sensitiveTypes(request)
    },
    Row("AF20054", 400, "a language that is none") { bench in
      var request = ActivityBench.request([:])
      request.acceptLanguage = "en_US!"
      _ = try bench.feed.sensitiveTypes(request)
    },
  ]

  @Test("each wrong request gets its code", arguments: rows)
  func code(_ row: Row) async throws {
    let bench = ActivityBench()
    let error = await refusal { try await row.request(bench) }
    #expect(error?.code == row.code && error?.status == row.status, "\(String(describing: error))")
    #expect(error.map { $0.message.hasSuffix(".") || $0.code == "AF20002" } == true)
  }

  @Test("foreign and missing tenants answer alike")
  func alike() async throws {
    let bench = ActivityBench()
    try await bench.start(by: ActivityBench.caller(.fabrikam))
    var answers: [ActivityError?] = []
    for tenant in ["fabrikam", "nobody", bench.feed.guids.of(.fabrikam), ""] {
      let answer = await refusal {
        try await bench.feed.content(ActivityBench.request(tenant: tenant))
      }
      answers.append(answer)
      #expect(answer == .tenantMismatch(tenant))
    }
    // A blob of another tenant's, too.
    try await bench.start()
    try await bench.apply((.fabrikam, .general), (.fabrikam, .general))
    let foreign = ContentID(type: .general, first: 0, last: 1).description
    let missing = ContentID(type: .general, first: 0, last: 2).description
    for id in [foreign, missing] {
      let answer = await refusal { try await bench.feed.audit(ActivityBench.request([:]), id) }
      #expect(answer == .contentMissing(id))
    }
  }

  @Test("a publisher has its own quota, those without a name share one")
  func throttled() async throws {
    let bench = ActivityBench(requestsPerMinute: 3)
    func ask(_ publisher: String?, _ tenant: TenantID = .contoso) async -> ActivityError? {
      await refusal {
        try await bench.feed.list(
          ActivityBench.request(
            publisher.map { ["PublisherIdentifier": $0] } ?? [:], tenant: tenant.text,
            by: ActivityBench.caller(tenant)))
      }
    }
    for publisher in [nil, "a", "b"] {
      for _ in 0..<3 { #expect(await ask(publisher) == nil) }
      let refused = await ask(publisher)
      #expect(refused?.code == "AF429" && refused?.status == 429)
      let name = publisher ?? Throttle.nobody
      #expect(
        refused?.message == "Too many requests. Method=ListSubscriptions, PublisherId=\(name)")
    }
    #expect(await ask("A")?.code == "AF429")
    #expect(await ask(nil, .fabrikam) == nil)
    bench.clock.advance(by: .seconds(60))
    #expect(await ask("a") == nil)
  }

  @Test("made-up publishers get no quota each")
  func madeUp() throws {
    let clock = FakeClock()
    let throttle = Throttle(limit: 1, clock: clock)
    var passed = 0
    for number in 0..<1_000 {
      do throws(ActivityError) {
        try throttle.pass(.contoso, "p\(number)", method: "x")
        passed += 1
      } catch {}
    }
    #expect(passed <= Throttle.mostPublishers + 1)
  }
}
