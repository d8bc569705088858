extension TenantSettings {
  /// Approvers of whom too few are left.
  public struct Shortage: Hashable, Sendable {
    /// Nil: the general approvers.
    public let workload: Workload?
    public let available: Int
    public let quorum: Int
  }

  /// Every list of approvers that requests can meet, the general one first.
  public var approversInUse: [(workload: Workload?, approvers: Approvers)] {
    guard lockboxEnabled else { return [] }
    let isGeneralUsed =
      enrolledWorkloads.isEmpty
      || !enrolledWorkloads.allSatisfy { workloadApprovers[$0] != nil }
    let special = workloadApprovers.filter { asks(for: $0.key) }.sorted { $0.key < $1.key }
    return (isGeneralUsed ? [(nil, approvers)] : []) + special.map { ($0.key, $0.value) }
  }

  /// The first list of approvers whose quorum could not be reached at `now`, as far as that can be
  /// known: of groups, roles and claims only people's tokens tell.
  public func shortage(_ absences: [Absence], at now: Timestamp) -> Shortage? {
    for (workload, approvers) in approversInUse {
      guard let people = approvers.knownPeople else { continue }
      let available = Absence.available(for: people, absences, at: now).count
      if available < approvers.quorum {
        return Shortage(workload: workload, available: available, quorum: approvers.quorum)
      }
    }
    return nil
  }

  /// Whether somebody is named, and so has a seat that they could lend.
  public func hasSeat(_ person: String) -> Bool {
    approvers.people.holds(person)
      || workloadApprovers.values.contains { $0.people.holds(person) }
  }
}
