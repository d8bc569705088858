internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("Stopping and starting")
  struct RestartTests {
    /// All 24 orders of the four services.
    static let orders: [[ServiceName]] = permutations(Deployment.services)

    private static func permutations(_ services: [ServiceName]) -> [[ServiceName]] {
      guard !services.isEmpty else { return [[]] }
      return services.flatMap { first in
        permutations(services.filter { $0 != first }).map { [first] + $0 }
      }
    }

    @Test("every start order works, after stops and after kills: nothing stuck, nothing lost")
    func everyOrder() async throws {
      let deployment = try await Deployment()
      let lockbox = deployment.lockbox
      var pending: Lockbox.Record?
      var lives: [String] = []
      let begin = ContinuousClock.now
      for (round, order) in Self.orders.enumerated() {
        if round > 0 { await stopAll(deployment, killing: round.isMultiple(of: 2)) }
        for service in order { deployment.start(service) }
        if round == 0 { try await deployment.prepare() }
        // What waited before the stop goes on after it.
        if let waiting = pending {
          let granted = try await lockbox.decide(
            waiting, by: lockbox.cast.customer("acme").approver)
          #expect(granted.state == .approved, "\(order)")
          _ = try await withRetries { try await lockbox.token(granted) }
          lives.append(granted.accessRequest?.requestID ?? "")
        }
        pending = try await lockbox.managersApprove(try await lockbox.open(.init()))
      }
      print("\(Self.orders.count) start orders in \(ContinuousClock.now - begin)")

      let last = try #require(lives.last)
      let book = try await deployment.log(of: "acme", with: "access_token_issued", of: last)
      for id in lives {
        #expect(
          book.of(id).filter { $0.event.feed == "approvals" }.map(\.kind)
            == LifeTests.decided + ["access_token_issued"])
      }
      expectEachEventOnce(try await deployment.logs())
    }

    @Test("expiry down over a deadline: the late approval is refused, and the event follows")
    func expiryDown() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      await deployment.stop(.expiry)
      let record = try await lockbox.managersApprove(
        try await lockbox.open(.init(tenant: "brief")))
      let id = record.accessRequest?.requestID ?? ""
      let deadline = try #require(Timestamp(record.deadline))
      _ = await eventually { SystemClock().now() >= deadline }
      let late = try await refusal {
        try await lockbox.decide(record, by: lockbox.cast.customer("brief").approver)
      }
      #expect(late.code == .failedPrecondition && late.reason == "REQUEST_EXPIRED")
      #expect(try await lockbox.record(id).state == .expired)
      #expect(
        try await !deployment.log(of: "brief").kinds(of: id).contains("access_request_expired"))

      deployment.start(.expiry)
      _ = try await deployment.log(of: "brief", with: "access_request_expired", of: id)
      let book = try await deployment.log(of: "brief", with: "deadline_fired", of: id)
      #expect(book.kinds(of: id).filter { $0 == "access_request_expired" }.count == 1)
      #expect(book.kinds(of: id).filter { $0 == "deadline_fired" }.count == 1)
    }

    private func stopAll(_ deployment: Deployment, killing: Bool) async {
      if killing {
        for service in Deployment.services { deployment.kill(service) }
      } else {
        await withTaskGroup { tasks in
          for service in Deployment.services {
            tasks.addTask { await deployment.stop(service) }
          }
        }
      }
    }
  }
}

/// Repeats a call whose outcome is unknown, or whose dependency is not up yet, until it has one.
func withRetries<Value>(_ body: () async throws -> Value) async throws -> Value {
  let end = ContinuousClock.now + .seconds(60)
  while true {
    do {
      return try await body()
    } catch let error as RPCError {
      switch error.code {
      case .unavailable, .deadlineExceeded, .cancelled:
        guard ContinuousClock.now < end else { throw error }
      default: throw error
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}
