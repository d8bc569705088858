public import Storage

extension MetricsText {
  /// How a database groups its writes: the larger the groups under load, the fewer the syncs.
  public mutating func write(_ counts: CommitCounts) {
    describe("lockbox_commit_groups_total", .counter, "Transactions committed.")
    sample("lockbox_commit_groups_total", counts.groups)
    describe("lockbox_commit_writes_total", .counter, "Writes in them.")
    sample("lockbox_commit_writes_total", counts.writes)
    describe("lockbox_commit_refused_total", .counter, "Writes undone since their body threw.")
    sample("lockbox_commit_refused_total", counts.refused)
    describe("lockbox_commit_seconds_total", .counter, "Time from BEGIN to the end of COMMIT.")
    sample("lockbox_commit_seconds_total", counts.duration / .seconds(1))
    describe("lockbox_commit_group_size", .histogram, "Writes in one transaction.")
    var total = 0
    for (power, count) in counts.groupsBySize.enumerated() {
      total += count
      sample("lockbox_commit_group_size", suffix: "_bucket", [("le", "\(2 << power - 1)")], total)
    }
    sample("lockbox_commit_group_size", suffix: "_bucket", [("le", "+Inf")], total)
    sample("lockbox_commit_group_size", suffix: "_sum", counts.writes)
    sample("lockbox_commit_group_size", suffix: "_count", total)
  }
}
