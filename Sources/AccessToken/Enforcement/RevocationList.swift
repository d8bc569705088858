public import Domain
public import LockboxProto
internal import StandardProto
internal import Synchronization

/// The grants that are over before their time, as `GrantService.WatchRevocations` tells of them.
///
/// It knows how old its knowledge is: whoever enforces grants must not go on with a list that a
/// broken connection has left behind.
public final class RevocationList: Sendable {
  private struct State {
    /// The end of each one's window: then it may be forgotten.
    var windowEnds: [GrantID: Timestamp] = [:]
    var sequence: UInt64 = 0
    var completeUntil = Timestamp.distantPast
  }

  private let state = Mutex(State())

  public init() {}

  /// What to resume after.
  public var sequence: UInt64 { state.withLock { $0.sequence } }

  /// The list is complete up to this moment.
  public var completeUntil: Timestamp { state.withLock { $0.completeUntil } }

  /// Takes an answer of the stream.
  /// - Parameter now: of the clock that tokens are judged with.
  public func take(_ answer: ApprovalsV1.WatchRevocationsResponse, at now: Timestamp) {
    state.withLock { state in
      for revoked in answer.revoked {
        // A grant that cannot be named cannot be held by a token either.
        guard let id = GrantID(revoked.grantID) else { continue }
        state.windowEnds[id] = moment(revoked.windowEndTime) ?? .distantFuture
      }
      state.sequence = max(state.sequence, answer.sequence)
      // Of two clocks the one that is behind counts: an answer that was long on its way is old.
      let complete = min(moment(answer.time) ?? .distantPast, now)
      state.completeUntil = max(state.completeUntil, complete)
      if state.windowEnds.count > 1024 {
        let past = now - Limits.accessTokenLifetime
        state.windowEnds = state.windowEnds.filter { $0.value > past }
      }
    }
  }

  /// How many it knows.
  public var count: Int { state.withLock { $0.windowEnds.count } }

  public func contains(_ grant: GrantID) -> Bool { state.withLock { $0.windowEnds[grant] != nil } }
}

private func moment(_ time: GoogleProtobuf.Timestamp?) -> Timestamp? {
  time.flatMap { Timestamp(seconds: $0.seconds, nanos: $0.nanos) }
}
