internal import Domain
public import ServiceKit
internal import Storage

/// A service that runs in the test's process.
public final class RunningService: Sendable {
  public let instance: ServiceInstance
  public let addresses: ServiceInstance.Addresses
  private let task: Task<Void, any Error>

  /// Assembles and starts it, and lets the installation know where it is.
  public init<Section: ConfigurationSection>(
    _ service: ServiceName, in installation: TestInstallation, section: Section.Type,
    more: String = "", flags: [String] = [],
    assemble: @escaping @Sendable (ServiceWorkbench, Section) async throws -> ServiceParts
  ) async throws {
    let (configuration, settings) = try installation.configuration(
      of: service, section: section, more: more, flags: flags)
    let instance = try await ServiceInstance(
      configuration, clock: installation.clock,
      logger: installation.log.logger(service.rawValue),
      onFatal: { preconditionFailure("the storage of a test failed: \($0)") },
      assemble: { try await assemble($0, settings) })
    self.instance = instance
    addresses = try await instance.start()
    installation.locate(service, at: addresses.service)
    task = Task { try await instance.run() }
  }

  /// Drains it and waits for its end.
  public func stop() async throws {
    instance.shutdown()
    try await task.value
  }
}
