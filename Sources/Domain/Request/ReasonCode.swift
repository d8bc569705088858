/// Why an engineer asks for access: a closed set, so that customers can set rules on it.
public enum ReasonCode: Int32, Hashable, Sendable, CaseIterable {
  case customerInitiatedSupport = 1
  case providerInitiatedService = 2
  case securityReview = 3
  case thirdPartyDemand = 4
  case productionAlert = 5
}

/// What a grant lets its engineer do to the resources in its scope.
public enum Action: Int32, Hashable, Sendable, CaseIterable {
  case read = 1
  case write = 2
  case delete = 3
  case export = 4
  case execute = 5
}
