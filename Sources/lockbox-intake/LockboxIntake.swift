internal import ArgumentParser
internal import Intake
internal import ServiceKit

@main
struct LockboxIntake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-intake",
    abstract: "Request intake: what was asked.",
    discussion: "Example: lockbox-intake --config /etc/lockbox/intake.yaml")

  @OptionGroup var options: ServiceOptions

  func run() async {
    await ServiceRunner.main(.intake, options, section: NoSettings.self) { workbench, _ in
      try IntakeService.assemble(workbench)
    }
  }
}
