/// The settings of one service's own, beside those that all services share.
public protocol ConfigurationSection: Sendable {
  /// Every key of the section.
  static var settings: [any AnySetting] { get }

  /// Reads the section; `service` holds what all services share, already read.
  init(_ values: ConfigurationValues, service: ServiceConfiguration) throws(StartError)
}

/// The section of a service that has no settings of its own.
public struct NoSettings: ConfigurationSection {
  public static var settings: [any AnySetting] { [] }

  public init() {}

  public init(_ values: ConfigurationValues, service: ServiceConfiguration) throws(StartError) {}
}
