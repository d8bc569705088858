internal import LockboxProto
internal import StandardProto

/// Settings that are changed together, on a page of their own: `/settings/<word>`.
struct SettingsSection: Sendable {
  /// Its words are `settings.section.<word>.title` and `.what`.
  let word: String
  let items: [SettingsItem]

  typealias Settings = SettingsItem.Settings

  static let all = [approvers, workloads, times, emergency, notices]

  static let approvers = SettingsSection(
    word: "approvers",
    items: approverItems("settings.approvers") {
      $0.approvers
    } set: {
      $0.approvers = $1
    } + [
      .flag("signed", "settings.require_signed_decisions", \.requireSignedDecisions)
    ])

  static let workloads = SettingsSection(
    word: "workloads",
    items: [.lines("enrolled", "settings.enrolled_workloads", \.enrolledWorkloads)])

  static let times = SettingsSection(
    word: "times",
    items: [
      .duration("request_lifetime", "settings.request_lifetime", \.requestLifetime),
      .duration("longest_access", "settings.longest_access", \.longestAccess),
      .duration(
        "key_waiting_time", "settings.key_waiting_time", isOptional: true, \.keyWaitingTime),
      .duration("retention", "settings.audit_retention", isOptional: true, \.auditRetention),
    ])

  /// Who may approve for one workload, in place of the tenant's approvers.
  static func workload(_ name: String) -> SettingsSection {
    SettingsSection(
      word: "workload",
      items: approverItems("settings.workload_approvers") { settings in
        settings.workloadApprovers.first { $0.workload == name }?.approvers
      } set: { settings, approvers in
        if let place = settings.workloadApprovers.firstIndex(where: { $0.workload == name }) {
          settings.workloadApprovers[place].approvers = approvers
        } else {
          settings.workloadApprovers.append(.init(workload: name, approvers: approvers))
        }
      })
  }

  /// People, groups and quorum; roles and claims, which the command line sets, stay as they are.
  private static func approverItems(
    _ path: String, get: @escaping @Sendable (Settings) -> CommonV1.Approvers?,
    set: @escaping @Sendable (inout Settings, CommonV1.Approvers) -> Void
  ) -> [SettingsItem] {
    @Sendable func change(
      _ settings: inout Settings, _ body: (inout CommonV1.Approvers) -> Bool
    ) -> Bool {
      var approvers = get(settings) ?? .init(quorum: 1)
      let isGood = body(&approvers)
      set(&settings, approvers)
      return isGood
    }
    return [
      SettingsItem(name: "people", path: "\(path).people", kind: .lines) {
        get($0)?.people ?? []
      } write: { values, settings in
        change(&settings) {
          $0.people = values
          return true
        }
      },
      SettingsItem(name: "groups", path: "\(path).groups", kind: .lines) {
        get($0)?.groups ?? []
      } write: { values, settings in
        change(&settings) {
          $0.groups = values
          return true
        }
      },
      SettingsItem(name: "quorum", path: path, kind: .count) {
        ["\(get($0)?.quorum ?? 1)"]
      } write: { values, settings in
        change(&settings) {
          guard let quorum = values.first.flatMap({ UInt32($0) }) else { return false }
          $0.quorum = quorum
          return true
        }
      },
    ]
  }
}
