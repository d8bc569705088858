internal import ArgumentParser
internal import Portal
internal import ServiceKit

@main
struct LockboxPortal: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-portal",
    abstract: "The portal: what approvers, admins, auditors, managers and engineers see and do.",
    discussion: "Example: lockbox-portal --config /etc/lockbox/portal.yaml")

  @OptionGroup var options: ServiceOptions

  func run() async { await PortalProgram.main(options) }
}
