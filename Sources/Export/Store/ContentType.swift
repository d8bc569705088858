/// The content types of the Office 365 Management Activity API. A collector may subscribe to each of
/// them; what a lockbox logs is in two.
enum ContentType: String, Sendable, CaseIterable {
  case azureActiveDirectory = "Audit.AzureActiveDirectory"
  case exchange = "Audit.Exchange"
  case sharePoint = "Audit.SharePoint"
  case general = "Audit.General"
  case dlp = "DLP.All"

  /// Names are compared without case, as the API's own server does.
  init?(named name: String) {
    let found = Self.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
    guard let found else { return nil }
    self = found
  }

  /// In the database and in content ids: never changed.
  var number: Int {
    switch self {
    case .azureActiveDirectory: 1
    case .exchange: 2
    case .sharePoint: 3
    case .general: 4
    case .dlp: 5
    }
  }

  init?(number: Int) {
    guard let found = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = found
  }
}
