internal import Approvals
internal import ArgumentParser
internal import ServiceKit

@main
struct LockboxApprovals: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-approvals",
    abstract: "Approvals: what was decided.",
    discussion: "Example: lockbox-approvals --config /etc/lockbox/approvals.yaml")

  @OptionGroup var options: ServiceOptions

  func run() async {
    await ServiceRunner.main(.approvals, options, section: ApprovalsSettings.self) {
      workbench, settings in
      try await ApprovalsService.assemble(workbench, settings)
    }
  }
}
