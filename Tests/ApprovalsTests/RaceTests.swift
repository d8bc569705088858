internal import Domain
internal import Glibc
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

/// Two calls at once on one request, each over its own stream, through handlers, engine and the
/// SQLite store: one wins, and the log tells of one end. `RACES` says how often, 500 otherwise.
@Suite("Races over the wire", .serialized)
struct RaceTests {
  private static let count = getenv("RACES").flatMap { Int(String(cString: $0)) } ?? 500
  /// Pairs at once: two calls each, within what one connection may run.
  private static let batch = 40

  @Test("exactly one of two wins, and the log says which", arguments: Race.all)
  func race(_ race: Race) async throws {
    try await ApprovalsFixture.run { lockbox in
      var seen: [Race.Outcome: Int] = [:]
      for start in stride(from: 0, to: Self.count, by: Self.batch) {
        let size = min(Self.batch, Self.count - start)
        for outcome in try await run(race, size, pivot: min(2, size - 1), lockbox) {
          seen[outcome, default: 0] += 1
        }
      }
      #expect(Set(seen.keys).isSubset(of: race.allowed), "\(seen)")
      #expect(seen.values.reduce(0, +) == Self.count)
      let counts = seen.map { "\($0.value) × \($0.key)" }.sorted().joined(separator: ", ")
      print("\(race.name): \(counts)")
    }
  }

  /// Races `size` pairs side by side.
  private func run(
    _ race: Race, _ size: Int, pivot: Int, _ lockbox: ApprovalsFixture
  ) async throws -> [Race.Outcome] {
    let stored = try await race.prepare(lockbox, size)
    let before = lockbox.store.database.feed.last
    let tokens = Race.Tokens(lockbox, pivot: pivot)
    let calls = try await withThrowingTaskGroup(of: (Int, String, String).self) { tasks in
      for (index, request) in stored.enumerated() {
        tasks.addTask {
          let turn = Race.Turn(lockbox: lockbox, tokens: tokens, request: request, index: index)
          // Who is first to start changes from pair to pair.
          if index.isMultiple(of: 2) {
            async let left = turn.answer(race.left)
            async let right = turn.answer(race.right)
            return (index, try await left, try await right)
          }
          async let right = turn.answer(race.right)
          async let left = turn.answer(race.left)
          return (index, try await left, try await right)
        }
      }
      return try await tasks.reduce(into: []) { $0.append($1) }
    }
    var kinds: [String: [String]] = [:]
    for event in try await lockbox.events(after: before) {
      kinds[event.requestID, default: []].append(event.payload?.fieldName ?? "")
    }
    return calls.map { index, left, right in
      let id = stored[index].record.request.id.description
      return .init(left, right, kinds[id, default: []].joined(separator: " "))
    }
  }
}
