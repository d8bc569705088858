internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Words

extension Page {
  /// What the engineer would get.
  mutating func add(_ terms: CommonV1.Terms, _ times: LocalTime) {
    field("Resources", (terms.scope?.resources ?? []).map { Styled($0) })
    field("Actions", Styled(terms.scope?.actionWords ?? ""))
    if let duration = Duration(terms.duration) {
      field("Duration", Styled(TimeSpan(duration).description))
    }
    if terms.startTime != nil { field("Not before", times.full(terms.startTime)) }
  }
}

extension CommonV1.Terms {
  /// Whether approvals, or the tenant's longest access, left less than was asked for.
  ///
  /// - Parameter start: of an extension: the end of the grant that it continues.
  func isLess(
    than asked: CommonV1.AccessRequest?, from start: GoogleProtobuf.Timestamp?
  ) -> Bool {
    scope != asked?.scope || duration != asked?.duration || startTime != start
  }
}
