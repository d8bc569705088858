internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit
internal import StrictJSON
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Export

/// Customers' addresses, as a test wants them to answer.
final class FakePoster: WebhookPoster {
  struct Post: Sendable {
    let url: HTTPSURL
    let headers: [String: String]
    let body: Json
  }

  private struct State {
    var posts: [Post] = []
    var answer: @Sendable (HTTPSURL) -> Result<Int, WebhookFault> = { _ in .success(200) }
    var silent: Set<String> = []
  }

  private let state = Mutex(State())

  var posts: [Post] { state.withLock { $0.posts } }

  /// Hosts that take what is sent and never answer, until the caller gives up.
  func silence(_ host: String) { state.withLock { _ = $0.silent.insert(host) } }

  func answer(_ answer: @escaping @Sendable (HTTPSURL) -> Result<Int, WebhookFault>) {
    state.withLock { $0.answer = answer }
  }

  func post(
    _ body: [UInt8], to url: HTTPSURL, headers: [(String, String)]
  ) async throws(WebhookFault) -> Int {
    let json = (try? JsonParser.parse(body)) ?? .null
    let (answer, isSilent) = state.withLock { state in
      state.posts.append(
        Post(
          url: url, headers: Dictionary(uniqueKeysWithValues: headers), body: json))
      return (state.answer, state.silent.contains(url.host))
    }
    if isSilent {
      try? await Task.sleep(for: .seconds(3_600))
      throw .timedOut
    }
    return try answer(url).get()
  }
}

/// The activity API over a store of its own, with a log that grows as a test wants.
final class ActivityBench {
  let clock = FakeClock()
  let store: MemoryExportStore
  let poster = FakePoster()
  let feed: ActivityFeed
  let notifications: NotificationLoop
  var log: LogWriter

  init(requestsPerMinute: Int = 1_000_000, pageSize: Int = 5) {
    store = MemoryExportStore(clock: clock)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    feed = ActivityFeed(
      store: store, webhooks: WebhookValidator(client: poster, logger: logger),
      throttle: Throttle(limit: requestsPerMinute, clock: clock),
      guids: GUIDs(trustDomain: "lockbox.test"), root: "https://export.test", pageSize: pageSize,
      clock: clock)
    notifications = NotificationLoop(
      store: store, client: poster, feed: feed, clock: clock, retryDelay: .seconds(10),
      patience: .hours(24), logger: logger)
    log = LogWriter(clock: clock)
  }

  /// What is logged of tenants comes here.
  func apply(_ events: (TenantID?, LogWriter.Payload)...) async throws {
    let batch = log.batch(events)
    try await store.write { try $0.apply(batch) }
  }

  static func caller(
    _ tenant: TenantID = .contoso, _ id: String = "siem", role: Role = .auditor,
    scope: Set<String>? = nil
  ) -> Caller {
    let person = VerifiedPerson(
      subject: Subject(issuer: "https://login.\(tenant).test", id: id),
      affiliation: .tenant(tenant), roles: [role], groups: [], scope: scope,
      expiry: .distantFuture)
    return Caller(principal: .person(person), roles: [role], tenants: .log)
  }

  static func request(
    _ query: [String: String] = ["contentType": "Audit.General"], body: String = "",
    tenant: String = "contoso", by caller: Caller = caller()
  ) -> ActivityRequest {
    ActivityRequest(
      tenant: tenant, caller: caller, query: query.map { ($0.key, $0.value) },
      body: Array(body.utf8))
  }

  @discardableResult
  func start(
    _ type: ContentType = .general, webhook: String? = nil, by caller: Caller = caller()
  ) async throws -> Json {
    let body = webhook.map { #"{"webhook":{"address":"\#($0)","authId":"o365"}}"# } ?? ""
    let tenant = caller.boundTenant?.text ?? ""
    return try await feed.start(
      Self.request(["contentType": type.rawValue], body: body, tenant: tenant, by: caller)
    ).parsed
  }

  /// Every page of a list, as a collector goes through it.
  func list(
    _ query: [String: String] = [:], type: ContentType = .general, by caller: Caller = caller()
  ) async throws -> [Json] {
    var query = query.merging(["contentType": type.rawValue]) { old, _ in old }
    var found: [Json] = []
    while true {
      let answer = try await feed.content(
        Self.request(query, tenant: caller.boundTenant?.text ?? "", by: caller))
      found += try answer.parsed.array ?? []
      guard let next = answer.nextPage else { return found }
      query = try Self.query(of: next)
    }
  }

  /// The records of a blob, as its URL gives them.
  func records(_ blob: Json, by caller: Caller = caller()) async throws -> [Json] {
    let id = try #require(blob["contentId"]?.string)
    let tenant = caller.boundTenant?.text ?? ""
    #expect(
      blob["contentUri"]?.string
        == "https://export.test/api/v1.0/\(tenant)/activity/feed/audit/\(id)")
    let answer = try await feed.audit(Self.request([:], tenant: tenant, by: caller), id)
    return try answer.parsed.array ?? []
  }

  static func query(of url: String) throws -> [String: String] {
    let text = try #require(url.split(separator: "?").last)
    return Dictionary(
      uniqueKeysWithValues: text.split(separator: "&").map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1)
        return (String(sides[0]), sides.count > 1 ? String(sides[1]) : "")
      })
  }
}

extension ActivityAnswer {
  var parsed: Json {
    get throws { try JsonParser.parse(Array((json?.text ?? "null").utf8)) }
  }
}

/// What a call is refused with.
func refusal(_ body: () async throws -> Any) async -> ActivityError? {
  do {
    _ = try await body()
    return nil
  } catch let error as ActivityError {
    return error
  } catch {
    Issue.record("no error of the API's: \(error)")
    return nil
  }
}
