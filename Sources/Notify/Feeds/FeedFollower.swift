internal import Domain
internal import ServiceKit

/// Applies batches of the two feeds in the order that makes sense of both: an event of approvals waits
/// for intake's event of its request.
struct FeedFollower: Sendable {
  let store: any NotifyStore
  let applier: FeedApplier
  let dispatcher: Dispatcher
  private let requestsArrived = Alarm()

  /// It rings when intake has told of more; until then only a restart of intake is waited for.
  private static let patience = Duration.seconds(5)

  init(store: any NotifyStore, applier: FeedApplier, dispatcher: Dispatcher) {
    self.store = store
    self.applier = applier
    self.dispatcher = dispatcher
  }

  func cursor(of feed: ServiceName) async throws -> UInt64 {
    try await store.read { try $0.cursor(of: feed.rawValue) }
  }

  func applyIntake(_ batch: FeedBatch) async throws {
    try await store.write { [applier] transaction in
      for element in batch.elements { try applier.applyIntake(element.event, in: transaction) }
      try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
    }
    requestsArrived.ring()
  }

  func applyApprovals(_ batch: FeedBatch) async throws {
    while true {
      do {
        let lanes = try await store.write { [applier] transaction in
          var lanes: Set<Lane> = []
          for element in batch.elements {
            lanes.formUnion(
              try applier.applyApprovals(element.event, element.bytes, in: transaction))
          }
          try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
          return lanes
        }
        return dispatcher.ring(lanes)
      } catch is UnknownRequest {
        await requestsArrived.wait(atMost: Self.patience)
        try Task.checkCancellation()
      }
    }
  }
}
