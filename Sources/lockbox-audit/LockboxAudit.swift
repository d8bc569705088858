internal import ArgumentParser
internal import Audit
internal import ServiceKit

@main
struct LockboxAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-audit",
    abstract: "The audit service: what happened, in logs that everybody can check.",
    discussion: """
      With --check every entry, hash and checkpoint of every log is checked too; stop the service \
      before.
      """)

  @OptionGroup var options: ServiceOptions

  func run() async {
    await ServiceRunner.main(
      .audit, options, section: AuditSettings.self, check: AuditService.check,
      assemble: AuditService.assemble)
  }
}
