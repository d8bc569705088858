internal import Domain
internal import LockboxProto

extension SettingsFile {
  /// A tenant's `break_glass`; nil where there is none.
  static func breakGlassSettings(
    _ root: YamlMapping, _ problems: inout YamlProblems
  ) -> BreakGlassSettings? {
    guard
      let mapping = root.mapping(
        "break_glass", name: "`break_glass`",
        keys: ["reasons", "longest_access", "review_lifetime"], &problems)
    else { return nil }
    var reasons: Set<ReasonCode> = []
    for word in mapping.texts("reasons", &problems) {
      if let code = ReasonArgument(rawValue: word)?.code,
        let reason = ReasonCode(rawValue: code.rawValue)
      {
        reasons.insert(reason)
      } else {
        let known = ReasonArgument.allCases.map(\.rawValue)
        let hint =
          NearestWord.to(word, among: known).map { "did you mean `\($0)`?" }
          ?? "known are \(known.joined(separator: ", "))"
        problems.add(
          mapping.line(of: "reasons"), "`\(Printable.line(word))` is no reason; \(hint)")
      }
    }
    return BreakGlassSettings(
      reasons: reasons,
      longestAccess: mapping.duration("longest_access", &problems)
        ?? Limits.defaultBreakGlassAccess,
      reviewLifetime: mapping.duration("review_lifetime", &problems)
        ?? Limits.defaultReviewLifetime)
  }

  /// A policy's `break_glass`; nil where there is none.
  static func breakGlassPolicy(
    _ root: YamlMapping, _ problems: inout YamlProblems
  ) -> BreakGlassPolicy? {
    guard
      let mapping = root.mapping(
        "break_glass", name: "`break_glass`", keys: ["lifetime", "approvers"], &problems)
    else { return nil }
    return BreakGlassPolicy(
      approvers: approvers(mapping, &problems),
      lifetime: mapping.duration("lifetime", &problems) ?? Limits.defaultBreakGlassLifetime)
  }
}
