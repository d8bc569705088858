internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit

extension FiringLoop {
  /// After which a stage is asked about again whose next notice lies behind: approvals' clock is
  /// behind this one.
  static let noticeInterval = Duration.seconds(1)

  /// Has approvals tell the notices that are due, and keeps the moment of each next one.
  ///
  /// - Returns: Whether approvals took any of them; nil: none is due.
  func announceDue(by now: Timestamp) async throws -> Bool? {
    let due = try await store.read {
      try $0.deadlines(withNoticeBy: now, limit: FiringLoop.batch)
    }
    guard !due.isEmpty else { return nil }
    let next = await withTaskGroup(of: (Deadline, Timestamp?)?.self) { tasks in
      for deadline in due {
        tasks.addTask { await self.announce(deadline).map { (deadline, $0) } }
      }
      return await tasks.reduce(into: [Deadline: Timestamp?]()) { next, told in
        if let told { next[told.0] = .some(told.1) }
      }
    }
    guard !next.isEmpty else { return false }
    try await store.write { transaction in
      for deadline in due {
        // The one told of, and no other that the request has got meanwhile.
        guard let next = next[deadline],
          try transaction.deadline(of: deadline.request) == deadline
        else { continue }
        var later = deadline
        later.notice = next.map { $0 > now ? $0 : now + FiringLoop.noticeInterval }
        try transaction.set(later)
      }
    }
    return true
  }

  /// Nil: to be told again.
  private func announce(_ deadline: Deadline) async -> Timestamp?? {
    guard case .stage(let stage) = deadline.kind else { return .some(nil) }
    do {
      return .some(try await target.announce(stage, of: deadline.request))
    } catch {
      logger.log(
        .warning, "notice not taken, trying again", .request(deadline.request), .error(error))
      return nil
    }
  }
}
