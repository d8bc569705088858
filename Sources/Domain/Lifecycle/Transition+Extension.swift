extension Transition {
  /// The grant that ended before its time, and how: what continues it follows, in the same
  /// transaction.
  public var earlyEnding: (grant: GrantID, ending: GrantEnding)? {
    for effect in effects {
      switch effect {
      case .revoked(let grant): return (grant.id, .revoked)
      case .ended(let grant, .returned): return (grant.id, .returned)
      case .ended(_, .windowEnded), .opened, .stageOpened, .decided, .said, .announced, .approved,
        .denied,
        .expired, .withdrawn, .breakGlassOpened, .breakGlassUsed, .reviewClosed:
        continue
      }
    }
    return nil
  }

  /// The grant that this request continues ended before its time, and whoever ended it means what
  /// follows it too: nothing is decided any more, and what was granted is over.
  static func followExtended(
    _ record: RequestRecord, _ ending: GrantEnding, at now: Timestamp
  ) -> Transition {
    guard record.extended != nil else { return unchanged(record) }
    switch record.state(at: now) {
    case .awaitingProvider, .awaitingCustomer:
      guard let open = record.state.openStage else { return unchanged(record) }
      return switch ending {
      case .revoked:
        moved(
          record, to: .denied, .denied(stage: open.index, reason: .extendedGrantRevoked))
      case .returned: moved(record, to: .withdrawn, .withdrawn)
      }
    case .approved:
      guard let grant = record.grant else { return unchanged(record) }
      return switch ending {
      case .revoked: moved(record, to: .revoked, .revoked(grant))
      case .returned: moved(record, to: .ended, .ended(grant, .returned))
      }
    case .received, .denied, .expired, .withdrawn, .revoked, .ended:
      return unchanged(record)
    }
  }
}
