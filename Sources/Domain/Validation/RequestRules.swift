/// What a request must be before it can be accepted.
extension Violations {
  public mutating func scope(_ scope: Scope, _ field: String) {
    count(scope.resources.count, "\(field).resources", in: Limits.resourceCount)
    for (index, resource) in scope.resources.prefix(Limits.resourceCount.upperBound).enumerated() {
      self.resource(resource, "\(field).resources[\(index)]")
    }
    require(
      Set(scope.resources).count == scope.resources.count, "\(field).resources",
      "names a resource twice")
    count(scope.actions.count, "\(field).actions", in: Limits.actionCount)
    require(
      Set(scope.actions).count == scope.actions.count, "\(field).actions", "names an action twice")
  }

  /// Hierarchical: segments parted by `/`, none empty, none `.` or `..`.
  private mutating func resource(_ resource: String, _ field: String) {
    text(resource, field, length: Limits.resourceLength)
    let segments = resource.split(separator: "/", omittingEmptySubsequences: false)
    require(
      resource.isEmpty || !segments.contains { $0.isEmpty || $0 == "." || $0 == ".." }, field,
      "must be segments parted by single slashes, without . and ..")
  }

  /// 1 to 128 of A–Z a–z 0–9 . _ : -
  public mutating func idempotencyKey(_ key: String, _ field: String) {
    text(key, field, length: Limits.idempotencyKeyLength)
    require(
      key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: ":"), UInt8(ascii: "-"):
          true
        default: false
        }
      }, field, "may hold only letters, digits and . _ : -")
  }

  /// How long access is wanted.
  public mutating func accessDuration(
    _ duration: Duration, _ field: String, longest: Duration = Limits.longestAccess,
    shortest: Duration = Limits.shortestAccess
  ) {
    self.duration(duration, field, in: shortest...max(shortest, longest))
  }
}
