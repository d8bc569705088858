internal import LockboxProto
internal import StandardProto

extension CommonV1.TenantSettings {
  var lockboxWords: Styled { lockboxEnabled ? Styled("on", .good) : Styled("off", .waiting) }
}

extension CommonV1.BreakGlassSettings {
  /// For which reasons and how long.
  var line: Styled {
    let reasons = reasons.map(\.words).joined(separator: ", ")
    return Styled(
      "\(reasons); \(longestAccess.words) at most, reviewed within \(reviewLifetime.words)", .bad)
  }
}

extension CommonV1.Approvers {
  /// The quorum, then the people and groups it may come from; empty where nobody is named.
  var line: String {
    let named = people + groups.map { "group \($0)" }
    return named.isEmpty ? "" : "\(quorum) of \(named.joined(separator: ", "))"
  }
}

extension GoogleProtobuf.Duration? {
  /// Empty where it is unset.
  var words: String { Duration(self).map { TimeSpan($0).description } ?? "" }
}
