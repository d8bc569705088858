internal import LockboxProto
internal import StandardProto

extension CommonV1.TenantSettings {
  var lockboxWords: Styled { lockboxEnabled ? Styled("on", .good) : Styled("off", .waiting) }
}

extension CommonV1.Approvers {
  /// The quorum, then the people and groups it may come from.
  var words: [Styled] {
    [Styled("\(quorum) of")] + people.map { Styled("person \($0)") }
      + groups.map { Styled("group \($0)") }
  }

  /// On one line.
  var line: String {
    "\(quorum) of " + (people + groups.map { "group \($0)" }).joined(separator: ", ")
  }
}

extension GoogleProtobuf.Duration? {
  /// Empty where it is unset.
  var words: String { Duration(self).map { TimeSpan($0).description } ?? "" }
}
