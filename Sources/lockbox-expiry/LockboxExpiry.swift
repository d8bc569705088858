internal import ArgumentParser
internal import Expiry
internal import ServiceKit

@main
struct LockboxExpiry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-expiry",
    abstract: "Expiry: when it ends.",
    discussion: "Example: lockbox-expiry --config /etc/lockbox/expiry.yaml")

  @OptionGroup var options: ServiceOptions

  func run() async {
    await ServiceRunner.main(.expiry, options, section: NoSettings.self) { workbench, _ in
      try ExpiryService.assemble(workbench)
    }
  }
}
