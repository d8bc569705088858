internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import ProtobufC

struct GrantEvidenceCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Print all that shows who approved a grant, and that the log holds it.",
    discussion: """
      JSON, to be kept: `lockboxctl grant verify` checks it without any service, and so can anybody \
      with another Ed25519 and SHA-256 library. Each signed decision holds its statement as the \
      approver signed it.

      EXAMPLES
        lockboxctl grant evidence "$grant" > evidence.json
      """)

  @Argument(help: "The grant's id, as show and grant list print it.") var grant: GrantID
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.GrantService.getGrantEvidence, .init(grantID: grant.description), at: .approvals)
    try session.printer.json(response.evidence ?? .init())
  }
}
