internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Words

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

extension CommonV1.RequiredCosignatures {
  /// How many of which witnesses; of their keys the name, which stands first.
  var line: String {
    let names = witnesses.map { String($0.prefix { $0 != "+" }) }
    return "\(count) of \(names.joined(separator: ", "))"
  }
}

extension CommonV1.NotificationSettings {
  /// How much they say, in which language, and when.
  var line: String {
    let detail =
      switch detail {
      case .none: "detail none"
      case .full: "detail full"
      case .summary, .unspecified, .unrecognized: "detail summary"
      }
    var parts = [detail, language.isEmpty ? "en" : language, timeZone.isEmpty ? "UTC" : timeZone]
    if let quietHours { parts.append("quiet \(quietHours.start) to \(quietHours.end)") }
    if digestInterval != nil { parts.append("digest every \(digestInterval.words)") }
    return parts.joined(separator: ", ")
  }
}

extension CommonV1.MailRecipient {
  /// Who, and of what they are told.
  var line: String {
    let kinds = kinds.isEmpty ? "everything" : kinds.map(\.words).joined(separator: ", ")
    let place = workloads.isEmpty ? "" : " of \(workloads.joined(separator: ", "))"
    return "\(address): \(kinds)\(place)\(language.isEmpty ? "" : ", \(language)")"
  }
}

extension CommonV1.Approvers {
  /// The quorum, then the people, groups and roles it may come from, then what must be true of them;
  /// empty where nobody is named.
  var line: String {
    who.isEmpty ? "" : "\(quorum) of \(who)"
  }

  /// The people, groups and roles, then what must be true of them.
  var who: String {
    let named = people + groups.map { "group \($0)" } + roles.map { "role \($0)" }
    let conditions = claims.map { "\($0.claim) is \($0.anyOf.joined(separator: " or "))" }
    guard !conditions.isEmpty else { return named.joined(separator: ", ") }
    let people = named.isEmpty ? "anybody" : named.joined(separator: ", ")
    return "\(people) where \(conditions.joined(separator: " and "))"
  }
}

extension GoogleProtobuf.Duration? {
  /// Empty where it is unset.
  var words: String { Duration(self).map { TimeSpan($0).description } ?? "" }
}
