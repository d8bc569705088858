internal import Web

/// Who reads a page, signed in or not: their language, their clock, and where they are.
struct Reader: Sendable, Hashable {
  let language: Language
  let zone: Zone
  /// The path and query of the page, for links that come back to it.
  let here: String

  static let languageCookie = HostCookie("__Host-language")
  /// Set by the page's script, since only the browser knows it.
  static let zoneCookie = HostCookie("__Host-zone", reader: .scriptsToo)

  init(language: Language, zone: Zone, here: String) {
    self.language = language
    self.zone = zone
    self.here = here
  }

  /// - Parameter fields: of the request.
  init(_ request: WebRequest) {
    let chosen = request.cookie(Self.languageCookie.name).flatMap { Language(rawValue: $0) }
    language = chosen ?? Language(acceptLanguage: request.field("accept-language"))
    zone = request.cookie(Self.zoneCookie.name).flatMap { Zone($0) } ?? .utc
    here = request.method == .get ? OwnPath(request).text : "/"
  }
}

extension OwnPath {
  /// Where a request was sent.
  init(_ request: WebRequest) {
    let path = "/" + request.segments.map(FormText.encode).joined(separator: "/")
    let query = request.query.isEmpty ? "" : "?" + FormText.text(request.query)
    self = OwnPath(path + query) ?? .home
  }
}
