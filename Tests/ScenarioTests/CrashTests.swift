internal import AccessToken
internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Synchronization
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("Crashes under load")
  struct CrashTests {
    static let cycles = 25
    static let callers = 8

    @Test("kill -9 at random moments: nothing acknowledged lost, nothing done twice")
    func killUnderLoad() async throws {
      var random = TestGenerator.announced()
      let deployment = try await Deployment.running()
      let ledger = Ledger()
      let begin = ContinuousClock.now
      let restarts = try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<Self.callers {
          let seed = random.next()
          tasks.addTask {
            var caller = Caller(
              "caller-\(caller)", deployment.lockbox, ledger, TestGenerator(seed: seed))
            try await caller.run()
          }
        }
        var restarts: [Duration] = []
        for _ in 0..<Self.cycles {
          try await Task.sleep(for: .milliseconds(Int.random(in: 50...500, using: &random)))
          guard let service = Deployment.services.randomElement(using: &random) else { continue }
          deployment.kill(service)
          deployment.start(service)
          restarts.append(try await deployment.ready(service))
        }
        ledger.finish()
        try await tasks.waitForAll()
        return restarts.sorted()
      }
      let lives = ledger.lives
      print(
        """
        \(Self.cycles) kills in \(ContinuousClock.now - begin): \(lives.count) lives, \
        \(lives.filter { $0.token != nil }.count) tokens, ready again in \
        \(restarts[restarts.count / 2]) (median), \(restarts[restarts.count - 1]) (longest, p99)
        """)
      #expect(lives.count >= Self.callers)
      try await expectNothingLost(lives, deployment)
    }

    private func expectNothingLost(_ lives: [Life], _ deployment: Deployment) async throws {
      let lockbox = deployment.lockbox
      #expect(Set(lives.map(\.request)).count == lives.count)
      var book = LogBook(entries: [])
      let isComplete = try await eventually {
        book = try await deployment.log(of: "acme")
        let ended = Set(book.entries.map { "\($0.event.requestID) \($0.kind)" })
        return lives.allSatisfy { ended.contains("\($0.request) \($0.end.kind)") }
      }
      #expect(isComplete)
      let known = Set(book.entries.map(\.event.requestID)).subtracting([""])
      // One request a key, whatever was repeated.
      #expect(known == Set(lives.map(\.request)))
      for life in lives {
        let record = try await lockbox.record(life.request)
        #expect(record.requestDigest == life.digest)
        #expect(record.state == life.end.state)
        #expect(record.decisions.count == life.decisions, "of \(life.request)")
        let kinds = book.kinds(of: life.request)
        #expect(kinds.filter { $0 == "decision_recorded" }.count == life.decisions)
        #expect(kinds.filter { $0 == "access_request_received" }.count == 1)
        #expect(
          kinds.filter { $0 == "access_request_approved" }.count == (life.end.isGranted ? 1 : 0))
        #expect(kinds.filter { $0 == life.end.kind }.count >= 1)
        if let token = life.token {
          let verdict = try deployment.verdict(on: token.accessToken, at: life.tokenTime)
          #expect(verdict.holds, "\(String(describing: verdict.firstFailure))")
          let receipt = try #require(token.receipt)
          #expect(book.entries[Int(receipt.index)].bytes == receipt.entry)
        }
      }
      expectEachEventOnce(try await deployment.logs())
    }
  }
}

/// How a life under load ends.
enum End: CaseIterable {
  case denied, withdrawn, used, revoked, returned

  var isGranted: Bool {
    switch self {
    case .denied, .withdrawn: false
    case .used, .revoked, .returned: true
    }
  }

  var state: CommonV1.AccessRequestState {
    switch self {
    case .denied: .denied
    case .withdrawn: .withdrawn
    case .used: .approved
    case .revoked: .revoked
    case .returned: .ended
    }
  }

  /// The last event's kind.
  var kind: String {
    switch self {
    case .denied: "access_request_denied"
    case .withdrawn: "access_request_withdrawn"
    case .used: "access_token_issued"
    case .revoked: "grant_revoked"
    case .returned: "grant_ended"
    }
  }
}

/// One request, as its people were told.
struct Life: Sendable {
  var request: String
  var digest: [UInt8]
  var end: End
  var decisions = 0
  var token: ApprovalsV1.IssueAccessTokenResponse?
  var tokenTime = Timestamp.epoch
}

/// What was acknowledged.
final class Ledger: Sendable {
  private let state = Mutex((lives: [Life](), isFinished: false))

  var lives: [Life] { state.withLock { $0.lives } }
  var isFinished: Bool { state.withLock { $0.isFinished } }
  func add(_ life: Life) { state.withLock { $0.lives.append(life) } }
  func finish() { state.withLock { $0.isFinished = true } }
}

/// Lives through one request after the other, repeating every call until it has an outcome.
private struct Caller {
  let name: String
  let lockbox: Lockbox
  let ledger: Ledger
  var random: TestGenerator

  init(_ name: String, _ lockbox: Lockbox, _ ledger: Ledger, _ random: TestGenerator) {
    self.name = name
    self.lockbox = lockbox
    self.ledger = ledger
    self.random = random
  }

  mutating func run() async throws {
    var count = 0
    while !ledger.isFinished {
      count += 1
      guard let end = End.allCases.randomElement(using: &random) else { continue }
      ledger.add(try await live("\(name).\(count)", until: end))
    }
  }

  private func live(_ key: String, until end: End) async throws -> Life {
    let cast = lockbox.cast
    let ask = Lockbox.Ask(key: key)
    let status = try await withRetries { try await lockbox.submit(ask) }
    var life = Life(
      request: try lockbox.id(status), digest: status.requestDigest, end: end)
    // The same key again: the same request.
    let again = try await withRetries { try await lockbox.submit(ask) }
    #expect(again.accessRequest == status.accessRequest)

    var record = try await withRetries { try await lockbox.opened(life.request) }
    func decide(_ verdict: CommonV1.Verdict, by person: Person) async throws {
      record = try await withRetries { try await lockbox.decide(record, verdict, by: person) }
      life.decisions += 1
    }
    try await decide(.approve, by: cast.managers[0])
    switch end {
    case .denied:
      try await decide(.deny, by: cast.managers[1])
      return life
    case .withdrawn:
      try await withRetries { try await lockbox.withdraw(life.request) }
      return life
    case .used, .revoked, .returned: break
    }
    try await decide(.approve, by: cast.managers[1])
    try await decide(.approve, by: cast.customer("acme").approver)
    life.token = try await withRetries { try await lockbox.token(record) }
    life.tokenTime = SystemClock().now()
    if end == .revoked { _ = try await withRetries { try await lockbox.revoke(record) } }
    if end == .returned { try await withRetries { try await lockbox.giveBack(record) } }
    return life
  }
}
