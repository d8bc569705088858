internal import Domain
internal import LockboxProto
internal import RPC
internal import Testing

@testable internal import Audit

@Suite("Searching entries", .serialized)
struct SearchTests {
  private static let anna = EventV1.Actor(
    subject: .init(issuer: "https://login.acme.test", id: "anna"), role: "approver")
  private static let other = EventV1.Actor(
    subject: .init(issuer: "https://login.provider.test", id: "anna"), role: "manager")
  private static let erin = EventV1.Actor(
    subject: .init(issuer: "https://login.provider.test", id: "erin"), role: "engineer")

  private static func received(_ justification: String) -> EventV1.Event.Payload {
    .accessRequestReceived(
      .init(
        accessRequest: serialized(
          CommonV1.AccessRequest(justification: justification, ticket: "T-4711"))))
  }

  /// Eight entries of acme: what people wrote, and who they are.
  private static func fill(_ store: any AuditStore) async throws {
    var events = TestEvents()
    let records = [
      events.next(payload: received("Mail loops since Monday"), by: erin),
      events.next(
        payload: .decisionRecorded(.init(decision: .init(comment: "mail it is"))), by: anna),
      events.next("globex", payload: received("mail loops too"), by: erin),
      events.next(
        payload: .threadEntryAdded(.init(entry: .init(text: "Which MAILBOX?"))), by: other),
      events.next(payload: .withdrawalReceived(.init(comment: "Größe geprüft")), by: erin),
      events.next(payload: .grantRevoked(.init(comment: "enough")), by: anna),
      events.next(payload: .stageOpened(.init(name: "mail"))),
      events.next(payload: .accessRequestWithdrawn(.init(comment: "mail is fine")), by: erin),
      events.next(
        payload: .breakGlassReviewClosed(.init(review: .init(comment: "loops, seen"))), by: anna),
    ]
    _ = try await store.append(TestEvents.batch(.approvals, 0, records))
  }

  @Test("words find the texts that people wrote, and nobody else's", arguments: StoreKind.allCases)
  func words(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await Self.fill(store)
      let handlers = EntryHandlers(store: store, arrivals: Arrivals())
      let cases: [(String, [UInt64])] = [
        ("mail", [0, 1, 2, 6]), ("MAIL loops", [0]), ("loop", [0, 7]), ("mailbox", [2]),
        ("größe", [3]), ("t-4711", [0]), ("ail", []), ("nobody", []), ("enough!", [4]),
      ]
      for (text, expected) in cases {
        let page = try await handlers.list(.init(tenantID: "acme", text: text), by: .acme)
        #expect(page.entries.map(\.index) == expected, "\(text)")
        #expect(page.nextPageToken.isEmpty)
      }
      let some = try await handlers.list(
        .init(tenantID: "acme", kinds: ["access_request_received"], text: "mail"), by: .acme)
      #expect(some.entries.map(\.index) == [0])
    }
  }

  @Test("people are found by what they did, of any issuer or of one", arguments: StoreKind.allCases)
  func people(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await Self.fill(store)
      let handlers = EntryHandlers(store: store, arrivals: Arrivals())
      let cases: [(AuditV1.ListEntriesRequest, [UInt64])] = [
        (.init(tenantID: "acme", person: "anna"), [1, 2, 4, 7]),
        (.init(tenantID: "acme", person: "erin"), [0, 3, 6]),
        (.init(tenantID: "acme", person: "ann"), []),
        (
          .init(tenantID: "acme", person: "anna", personIssuer: "https://login.acme.test"),
          [1, 4, 7]
        ),
        (.init(tenantID: "acme", person: "anna", text: "loops"), [7]),
        (.init(tenantID: "acme", kinds: ["grant_revoked"], person: "anna"), [4]),
      ]
      for (request, expected) in cases {
        let page = try await handlers.list(request, by: .acme)
        #expect(page.entries.map(\.index) == expected, "\(request)")
      }
    }
  }

  @Test(
    "a search that looks at too much goes on page by page, while the log grows",
    arguments: StoreKind.allCases)
  func bounded(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      let handlers = EntryHandlers(store: store, arrivals: Arrivals())
      // One in 1,700 matches; a call looks at 5,000.
      for round in 0..<11 {
        let after = events.last
        let records = (0..<1_000).map { number in
          let text = (round * 1_000 + number) % 1_700 == 0 ? "needle" : "hay"
          return events.next(payload: .threadEntryAdded(.init(entry: .init(text: text))))
        }
        _ = try await store.append(TestEvents.batch(.approvals, after, records))
      }
      var seen: [UInt64] = []
      var token = ""
      var pages = 0
      repeat {
        let page = try await handlers.list(
          .init(pageSize: 2, pageToken: token, tenantID: "acme", text: "needle"), by: .acme)
        seen += page.entries.map(\.index)
        token = page.nextPageToken
        pages += 1
        if pages == 2 {
          let record = events.next(payload: .threadEntryAdded(.init(entry: .init(text: "Needle"))))
          _ = try await store.append(TestEvents.batch(.approvals, events.last - 1, [record]))
        }
      } while !token.isEmpty
      #expect(seen == [0, 1_700, 3_400, 5_100, 6_800, 8_500, 10_200, 11_000])
      var query = EntryQuery(log: .acme, limit: 5)
      query.text = TextQuery("nowhere")
      query.examined = 5_000
      #expect(try await store.list(query) == EntryList(entries: [], next: 5_000))
    }
  }

  @Test("a search without a word, or with a wrong person, is refused by its field")
  func violations() async throws {
    let handlers = EntryHandlers(store: MemoryAuditStore(), arrivals: Arrivals())
    let error = await #expect(throws: RPCError.self) {
      try await handlers.list(
        .init(
          tenantID: "acme", person: "a\u{0}", personIssuer: String(repeating: "i", count: 3_000),
          text: "…"), by: .acme)
    }
    #expect(error?.fieldViolations.map(\.field) == ["person", "person_issuer", "text"])
    let lone = await #expect(throws: RPCError.self) {
      try await handlers.list(.init(tenantID: "acme", personIssuer: "i"), by: .acme)
    }
    #expect(lone?.fieldViolations.map(\.field) == ["person_issuer"])
  }
}
