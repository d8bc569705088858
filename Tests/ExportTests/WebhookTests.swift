internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Export

@Suite("Webhooks of the activity API")
struct WebhookTests {
  private static let hook = "https://siem.contoso.test/hook?key=secret"

  private func tell(_ bench: ActivityBench) async throws {
    for subscription in try await bench.store.read({ try $0.subscriptionsToTell() }) {
      await bench.notifications.tell(subscription)
    }
  }

  @Test("a webhook is asked for a code before it is taken, and then told of what comes")
  func validated() async throws {
    let bench = ActivityBench()
    try await bench.apply((.contoso, .general))
    let started = try await bench.start(webhook: Self.hook)
    #expect(
      started
        == (try JsonParser.parse(
          Array(
            """
            {"contentType":"Audit.General","status":"enabled","webhook":{"status":"enabled",\
            "address":"\(Self.hook)","authId":"o365","expiration":null}}
            """.utf8))))
    let asked = try #require(bench.poster.posts.first)
    let code = try #require(asked.headers["webhook-validationcode"])
    #expect(code.utf8.count >= 20 && asked.body["validationCode"]?.string == code)
    #expect(asked.headers["webhook-authid"] == "o365")

    try await tell(bench)
    #expect(bench.poster.posts.count == 1, "what was there before is not told")
    try await bench.apply((.contoso, .general))
    try await bench.apply((.contoso, .general), (.contoso, .decision))
    try await tell(bench)
    try await tell(bench)
    #expect(bench.poster.posts.count == 2)
    let told = try #require(bench.poster.posts.last)
    #expect(told.headers["webhook-authid"] == "o365")
    #expect(told.headers["webhook-validationcode"] == nil)
    let listed = try await bench.list()
    let blobs = try #require(told.body.array)
    #expect(
      blobs.compactMap { $0["contentId"] } == listed.dropFirst().compactMap { $0["contentId"] })
    for blob in blobs {
      #expect(blob["tenantId"]?.string == bench.feed.guids.of(.contoso))
      let client = Subject(issuer: "https://login.contoso.test", id: "siem")
      #expect(blob["clientId"]?.string == bench.feed.guids.of(client: client))
      #expect(try await bench.records(blob).count == 1)
    }
  }

  @Test("a webhook that does not answer leaves the subscription as it was")
  func notValidated() async throws {
    let bench = ActivityBench()
    bench.poster.answer { _ in .failure(.connection("refused by 10.1.2.3")) }
    let refused = await refusal { try await bench.start(webhook: Self.hook) }
    #expect(
      refused?.message == """
        The webhook endpoint (https://siem.contoso.test/hook) could not be validated. No trusted \
        connection could be made.
        """)
    #expect(await refusal { try await bench.list() } == .noSubscription)
    try await bench.start()
    _ = await refusal { try await bench.start(webhook: Self.hook) }
    let listed = try await bench.feed.list(ActivityBench.request([:])).parsed
    #expect(listed.array?.first?["webhook"] == .null)
  }

  @Test("what fails is tried again, later each time, and listed; then it goes on in order")
  func retries() async throws {
    let bench = ActivityBench(pageSize: 2)
    try await bench.start(webhook: Self.hook)
    bench.poster.answer { _ in .success(503) }
    try await bench.apply((.contoso, .general))
    var delays: [Duration] = []
    for _ in 0..<4 {
      try await tell(bench)
      let subscription = try #require(
        try await bench.store.read { try $0.subscriptionsToTell() }.first)
      let next = try #require(subscription.webhook?.nextAttempt)
      delays.append(next - bench.clock.now())
      bench.clock.advance(by: next - bench.clock.now())
    }
    #expect(delays == [.seconds(10), .seconds(20), .seconds(40), .seconds(80)])
    bench.poster.answer { _ in .success(200) }
    try await bench.apply((.contoso, .general))
    try await tell(bench)
    #expect(try await bench.store.read { try $0.subscriptionsToTell() }.isEmpty)
    #expect(bench.poster.posts.last?.body.array?.count == 2)

    var statuses: [String] = []
    var query = ["contentType": "Audit.General"]
    while true {
      let answer = try await bench.feed.notifications(ActivityBench.request(query))
      let page = try answer.parsed.array ?? []
      #expect(page.allSatisfy { $0["notificationSent"]?.string != nil })
      statuses += page.compactMap { $0["notificationStatus"]?.string }
      guard let next = answer.nextPage else { break }
      query = try ActivityBench.query(of: next)
    }
    #expect(statuses == Array(repeating: "failed", count: 4) + ["success", "success"])
  }

  @Test("a webhook that fails for a day is told nothing more, until it is started again")
  func disabled() async throws {
    let bench = ActivityBench()
    try await bench.start(webhook: Self.hook)
    bench.poster.answer { _ in .failure(.timedOut) }
    try await bench.apply((.contoso, .general))
    var attempts = 0
    while let waiting = try await bench.store.read({ try $0.subscriptionsToTell() }).first {
      attempts += 1
      await bench.notifications.tell(waiting)
      let current = try await bench.store.read { try $0.subscription(waiting.key) }
      guard let next = current?.webhook?.nextAttempt else { break }
      bench.clock.advance(by: max(.zero, next - bench.clock.now()))
      if attempts > 100 { break }
    }
    #expect((20...40).contains(attempts))
    let listed = try await bench.feed.list(ActivityBench.request([:])).parsed
    #expect(listed.array?.first?["webhook"]?["status"]?.string == "disabled")
    #expect(try await bench.list().count <= 1)

    bench.poster.answer { _ in .success(200) }
    let again = try await bench.start(webhook: Self.hook)
    #expect(again["webhook"]?["status"]?.string == "enabled")
    // It goes on where it was: nothing is missing.
    try await tell(bench)
    #expect(bench.poster.posts.last?.body.array?.count == 1)
  }

  @Test("an expired webhook is told nothing")
  func expired() async throws {
    let bench = ActivityBench()
    let end = (bench.clock.now() + .hours(1)).seconds19
    _ = try await bench.feed.start(
      ActivityBench.request(
        body: #"{"webhook":{"address":"\#(Self.hook)","expiration":"\#(end)"}}"#))
    bench.clock.advance(by: .hours(2))
    let listed = try await bench.feed.list(ActivityBench.request([:])).parsed
    #expect(listed.array?.first?["webhook"]?["status"]?.string == "expired")
    let subscription = try await bench.store.read { reader in
      try reader.subscriptions(
        of: .contoso, client: Subject(issuer: "https://login.contoso.test", id: "siem"))
    }
    #expect(subscription.first?.webhook?.status(at: bench.clock.now()) == .expired)
  }

  @Test("a webhook that never answers holds up nobody else's")
  func independent() async throws {
    let bench = ActivityBench()
    try await bench.start(webhook: "https://slow.test/")
    try await bench.start(
      webhook: "https://quick.test/", by: ActivityBench.caller(.contoso, "other"))
    bench.poster.silence("slow.test")
    func told(_ host: String) -> Int {
      bench.poster.posts.count { $0.url.host == host && $0.body.array != nil }
    }
    let loop = Task { [notifications = bench.notifications] in try await notifications.run() }
    for round in 1...5 {
      try await bench.apply((.contoso, .general))
      bench.notifications.ring()
      #expect(await eventually { told("quick.test") == round })
    }
    #expect(told("slow.test") == 1)
    loop.cancel()
    _ = await loop.result
  }

  @Test("settings are events, without what a query may hide")
  func events() async throws {
    let bench = ActivityBench()
    try await bench.start(webhook: Self.hook)
    try await bench.start()
    _ = try await bench.feed.stop(ActivityBench.request())
    _ = try await bench.feed.stop(ActivityBench.request())
    let told = try bench.store.feed.map { try EventV1.Event(serialized: $0) }
    #expect(told.map(\.tenantID) == ["contoso", "contoso", "contoso"])
    #expect(told.allSatisfy { $0.actor?.subject?.id == "siem" && $0.actor?.role == "auditor" })
    #expect(
      told.map(\.payload) == [
        .activitySubscriptionStarted(
          .init(contentType: "Audit.General", webhook: "https://siem.contoso.test/hook")),
        .activitySubscriptionStarted(.init(contentType: "Audit.General")),
        .activitySubscriptionStopped(.init(contentType: "Audit.General")),
      ])
  }

  @Test("each client has subscriptions of its own")
  func clients() async throws {
    let bench = ActivityBench()
    let other = ActivityBench.caller(.contoso, "other")
    try await bench.start()
    #expect(await refusal { try await bench.list(by: other) } == .noSubscription)
    try await bench.start(by: other)
    _ = try await bench.feed.stop(ActivityBench.request())
    #expect(try await bench.list(by: other).isEmpty)
  }
}
