internal import ArgumentParser
internal import Notify
internal import ServiceKit

@main
struct LockboxNotify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-notify",
    abstract: "Notify: who is told.",
    discussion: "Example: lockbox-notify --config /etc/lockbox/notify.yaml")

  @OptionGroup var options: ServiceOptions

  func run() async {
    await ServiceRunner.main(
      .notify, options, section: NotifySettings.self, check: NotifyService.check,
      assemble: NotifyService.assemble)
  }
}
