internal import Domain
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Export

@Suite("Content of the activity API")
struct ContentTests {
  @Test("every entry of the tenant is in one blob, by its type, whatever the pages")
  func complete() async throws {
    let bench = ActivityBench(pageSize: 3)
    try await bench.start()
    try await bench.start(.exchange)
    for _ in 0..<10 {
      try await bench.apply(
        (.contoso, .general), (.contoso, .decision), (.fabrikam, .general), (nil, .general),
        (.contoso, .general))
      bench.clock.advance(by: .seconds(1))
    }
    let general = try await bench.list()
    let exchange = try await bench.list(type: .exchange)
    #expect(general.count == 10 && exchange.count == 10)
    #expect(Set((general + exchange).compactMap { $0["contentId"]?.string }).count == 20)
    var indexes: [Int64] = []
    for blob in general + exchange {
      for record in try await bench.records(blob) {
        #expect(record["TenantId"]?.string == "contoso")
        indexes.append(record["LogIndex"]?.integer ?? -1)
      }
    }
    #expect(indexes.sorted() == (0..<30).map { Int64($0) })
  }

  @Test("a blob is the same whenever it is read")
  func immutable() async throws {
    let bench = ActivityBench()
    try await bench.start()
    try await bench.apply((.contoso, .general), (.contoso, .general))
    let blob = try #require(try await bench.list().first)
    let before = try await bench.records(blob)
    for _ in 0..<5 { try await bench.apply((.contoso, .general)) }
    #expect(try await bench.records(blob) == before)
    #expect(try await bench.list().first == blob)
  }

  /// A collector that asks for one window after the other, each beginning where the one before
  /// ended, with a clock that is not ours, while entries come in at any time.
  @Test("windows that meet miss nothing and show nothing twice", arguments: 0..<20)
  func windows(round: Int) async throws {
    var random = TestGenerator.announced("windows \(round)")
    let bench = ActivityBench(pageSize: Int.random(in: 1...4, using: &random))
    try await bench.start()
    var logged = 0
    var seen: [Int64] = []
    var start = bench.clock.now()
    let ahead = Duration.milliseconds(Int.random(in: -120_000...290_000, using: &random))
    for _ in 0..<60 {
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        try await bench.apply((.contoso, .general))
        logged += 1
        if Bool.random(using: &random) {
          bench.clock.advance(by: .milliseconds(Int.random(in: 0...1_500, using: &random)))
        }
      }
      let end = Timestamp(nanoseconds: (bench.clock.now() + ahead).seconds * 1_000_000_000)
      guard end > start else {
        bench.clock.advance(by: .milliseconds(Int.random(in: 1...40_000, using: &random)))
        continue
      }
      let window = ["startTime": start.activity, "endTime": end.activity]
      for blob in try await bench.list(window) {
        seen += try await bench.records(blob).compactMap { $0["LogIndex"]?.integer }
      }
      start = end
    }
    bench.clock.advance(by: .minutes(10))
    let end = Timestamp(nanoseconds: bench.clock.now().seconds * 1_000_000_000)
    for blob in try await bench.list(["startTime": start.activity, "endTime": end.activity]) {
      seen += try await bench.records(blob).compactMap { $0["LogIndex"]?.integer }
    }
    #expect(seen == (0..<Int64(logged)).map { $0 })
  }

  @Test("without times the last 24 hours are listed, and the next page keeps to them")
  func usual() async throws {
    let bench = ActivityBench(pageSize: 2)
    try await bench.start()
    try await bench.apply((.contoso, .general))
    bench.clock.advance(by: .hours(24) + .seconds(2))
    for _ in 0..<3 { try await bench.apply((.contoso, .general)) }
    let answer = try await bench.feed.content(
      ActivityBench.request([
        "contentType": "audit.general", "PublisherIdentifier": "a b&c",
      ]))
    #expect(try answer.parsed.array?.count == 2)
    let next = try #require(answer.nextPage)
    #expect(
      next.hasPrefix(
        "https://export.test/api/v1.0/contoso/activity/feed/subscriptions/content?"))
    var query = try ActivityBench.query(of: next)
    #expect(query["PublisherIdentifier"] == "a%20b%26c")
    query["PublisherIdentifier"] = "a b&c"
    bench.clock.advance(by: .hours(1))
    let rest = try await bench.feed.content(ActivityBench.request(query))
    #expect(try rest.parsed.array?.count == 1 && rest.nextPage == nil)
    // A page of another list is none of this one.
    query["contentType"] = "Audit.Exchange"
    try await bench.start(.exchange)
    let foreign = await refusal { try await bench.feed.content(ActivityBench.request(query)) }
    #expect(foreign?.code == "AF20031")
  }

  @Test("times are read in the API's forms, and in those that collectors send")
  func times() throws {
    let forms = [
      "2026-11-22": "2026-11-22T00:00:00Z", "2026-11-22T09:10": "2026-11-22T09:10:00Z",
      "2026-11-22T09:10:11": "2026-11-22T09:10:11Z", "2026-11-22T09:10:11Z": "2026-11-22T09:10:11Z",
      "2026-11-22T09:10:11.125Z": "2026-11-22T09:10:11.125Z",
      "2026-11-22T09:10:11.125": "2026-11-22T09:10:11.125Z",
    ]
    for (text, expected) in forms {
      #expect(Timestamp(activity: text)?.description == expected, "\(text)")
    }
    let others = [
      "", "2026", "2026-11-22T", "2026-13-01", "22.11.2026", "2026-11-22T09:10:11+01:00",
    ]
    for text in others {
      #expect(Timestamp(activity: text) == nil, "\(text)")
    }
    let moment = try #require(Timestamp(rfc3339: "2026-11-22T09:10:11.0015Z"))
    #expect(moment.roundedUpToMillisecond.milliseconds == "2026-11-22T09:10:11.002Z")
    #expect(moment.seconds19 == "2026-11-22T09:10:11")
  }

  @Test("a tenant's GUID stands for its id")
  func tenantGUID() async throws {
    let bench = ActivityBench()
    let guid = bench.feed.guids.of(.contoso)
    for name in [guid, guid.uppercased(), "contoso"] {
      _ = try await bench.feed.list(ActivityBench.request([:], tenant: name))
    }
  }
}
