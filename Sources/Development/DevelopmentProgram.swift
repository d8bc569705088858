internal import Logging
internal import ServiceKit
internal import Web

/// What the programs of `lockbox-dev` have in common.
enum DevelopmentProgram {
  /// - Throws: in production, and for an address that others reach.
  static func admit(
    _ environment: Environment, _ key: String, _ address: Address
  ) throws(StartError) {
    guard environment == .development else {
      throw .configuration("lockbox-dev is for development, and `environment` is `production`.")
    }
    guard address.isLoopback else {
      throw .configuration(
        """
        `\(key)` is \(address), but whoever reaches lockbox-dev can be anybody: bind it to a \
        loopback address such as 127.0.0.1:\(address.port).
        """)
    }
  }

  /// Serves until a signal, and then until what runs is answered.
  static func serve(
    _ listener: HTTPSListener, _ key: String, _ logger: Logger
  ) async throws {
    let address: Address
    do {
      address = try await listener.start()
    } catch {
      throw StartError.binding(key, listener.address, error)
    }
    logger.log(
      .warning, "for development only: whoever reaches this can be anybody",
      .address("https", address))
    logger.log(.notice, "ready", .address("https", address))
    try await listener.runUntilSignal(logger)
    logger.log(.notice, "stopped")
  }
}
