internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC

struct ExportCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write tenants and policies as the YAML that apply takes.",
    discussion: """
      Writes all that you may read; applying it again changes nothing.

      EXAMPLES
        lockboxctl export > settings.yaml
        lockboxctl export --workload exchange
        lockboxctl export --tenant acme --if-version > acme.yaml
      """)

  @Option(parsing: .singleValue, help: "Only this tenant; may be repeated.")
  var tenant: [TenantID] = []
  @Option(parsing: .singleValue, help: "Only this workload's policy; may be repeated.")
  var workload: [Workload] = []
  @Flag(help: "Write the version too: then apply refuses to replace another one.")
  var ifVersion = false
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    var versions: [SettingsVersion] = []
    for tenant in tenant { versions.append(try await session.version(0, of: .tenant, tenant.text)) }
    for workload in workload {
      versions.append(try await session.version(0, of: .policy, workload.text))
    }
    if tenant.isEmpty && workload.isEmpty { versions = try await all(session) }
    for (index, version) in versions.enumerated() {
      let lines = try version.yaml(withVersion: ifVersion)
      try session.printer.result(version.message) { (index > 0 ? ["---"] : []) + lines }
    }
  }

  /// Everything that is the caller's to read: a manager reads no tenants, an admin no policies.
  private func all(_ session: Session) async throws -> [SettingsVersion] {
    var versions: [SettingsVersion] = []
    var denied: RPCError?
    for kind in SettingsKind.allCases {
      do throws(RPCError) {
        versions += try await session.newest(kind)
      } catch {
        let failure = Failure(error, from: .approvals, session.configuration)
        guard error.code == .permissionDenied, denied == nil else { throw failure }
        denied = error
        session.printer.note("You may not read the \(kind.plural): they are left out.")
      }
    }
    return versions
  }
}

extension SettingsKind {
  fileprivate var plural: String {
    switch self {
    case .tenant: "tenants"
    case .policy: "policies"
    }
  }
}

extension SettingsVersion {
  /// The lines of a document.
  func yaml(withVersion: Bool) throws(Failure) -> [String] {
    ["kind: \(content.kind.word)"] + (withVersion ? ["if_version: \(version)"] : [])
      + YamlText.lines(try content.tree())
  }
}
