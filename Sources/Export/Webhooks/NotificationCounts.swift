internal import ServiceKit
internal import Synchronization

/// How notifications of webhooks went since the start.
final class NotificationCounts: Sendable {
  private let succeeded = Atomic<UInt64>(0)
  private let failed = Atomic<UInt64>(0)

  func count(succeeded: Bool) {
    if succeeded {
      self.succeeded.add(1, ordering: .relaxed)
    } else {
      failed.add(1, ordering: .relaxed)
    }
  }

  var collect: MetricsRegistry.Collector {
    { [self] text in
      text.describe(
        "lockbox_activity_notifications_total", .counter,
        "Notifications sent to collectors' webhooks, by result.")
      let counts = [
        ("success", succeeded.load(ordering: .relaxed)),
        ("failed", failed.load(ordering: .relaxed)),
      ]
      for (result, count) in counts {
        text.sample("lockbox_activity_notifications_total", [("result", result)], count)
      }
    }
  }
}
