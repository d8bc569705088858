internal import ArgumentParser
internal import Export
internal import ServiceKit

@main
struct LockboxExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-export",
    abstract: "Export: what was logged, handed on to those who watch.",
    discussion: "Example: lockbox-export --config /etc/lockbox/export.yaml")

  @OptionGroup var options: ServiceOptions

  func run() async {
    await ServiceRunner.main(
      .export, options, section: ExportSettings.self, check: ExportService.check,
      assemble: ExportService.assemble)
  }
}
