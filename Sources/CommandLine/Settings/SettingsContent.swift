internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import Words

/// What stands in a file of settings, and has versions: a tenant or a workload's policy.
enum SettingsContent: Hashable {
  case tenant(CommonV1.TenantSettings)
  case policy(CommonV1.WorkloadPolicy)

  var kind: SettingsKind {
    switch self {
    case .tenant: .tenant
    case .policy: .policy
    }
  }

  /// The tenant's id or the workload.
  var id: String {
    switch self {
    case .tenant(let settings): settings.tenantID
    case .policy(let policy): policy.workload
    }
  }

  /// `tenant/acme`, as results and complaints name it.
  var name: String { "\(kind.rawValue)/\(Printable.line(id))" }

  /// As it stands in a file, without its kind.
  func tree() throws(Failure) -> ValueTree {
    do {
      switch self {
      case .tenant(let settings): return try settings.tree(.yaml)
      case .policy(let policy): return try policy.tree(.yaml)
      }
    } catch {
      throw Failure(.software, "\(name) cannot be written: \(error).")
    }
  }
}

enum SettingsKind: String, CaseIterable {
  case tenant
  case policy

  /// What `kind` says in a file.
  var word: String {
    switch self {
    case .tenant: "Tenant"
    case .policy: "Policy"
    }
  }

  /// The field of the API's requests that holds the content.
  var field: String {
    switch self {
    case .tenant: "settings"
    case .policy: "policy"
    }
  }

  /// What a file must say because leaving it out would mean something, with what to write.
  var required: [(name: String, expectation: String)] {
    switch self {
    case .tenant: [("tenant_id", "the tenant's id"), ("lockbox_enabled", "`true` or `false`")]
    case .policy: [("workload", "the workload's name")]
    }
  }
}
