internal import LockboxProto
internal import Words

// The API's words as people read them: `awaiting customer`, with what they mean to them.

extension CommonV1.AccessRequestState {
  var words: Styled {
    switch self {
    case .unspecified: "unknown"
    case .received: Styled("received", .waiting)
    case .awaitingProvider: Styled("awaiting provider", .waiting)
    case .awaitingCustomer: Styled("awaiting customer", .waiting)
    case .approved: Styled("approved", .good)
    case .denied: Styled("denied", .bad)
    case .expired: Styled("expired", .bad)
    case .withdrawn: Styled("withdrawn", .faint)
    case .revoked: Styled("revoked", .bad)
    case .ended: Styled("ended", .faint)
    case .unrecognized(let number): Styled("state \(number)")
    }
  }

  /// Nobody acts any more.
  var isFinal: Bool {
    switch self {
    case .denied, .expired, .withdrawn, .revoked, .ended: true
    case .unspecified, .received, .awaitingProvider, .awaitingCustomer, .approved, .unrecognized:
      false
    }
  }

  /// Somebody has yet to decide.
  var isPending: Bool {
    switch self {
    case .received, .awaitingProvider, .awaitingCustomer: true
    case .unspecified, .approved, .denied, .expired, .withdrawn, .revoked, .ended, .unrecognized:
      false
    }
  }

  /// What the one who asked hoped for.
  var isGood: Bool { self == .approved || self == .ended }
}

extension CommonV1.Verdict {
  var words: Styled {
    switch self {
    case .approve: Styled(word, .good)
    case .deny: Styled(word, .bad)
    case .unspecified, .unrecognized: Styled(word)
    }
  }
}
