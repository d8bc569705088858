extension WebRequest {
  /// The value of a cookie (RFC 6265 §5.4); nil where it is missing, and where it stands twice:
  /// whoever put the second one there wants to be taken for the first.
  public func cookie(_ name: String) -> String? {
    var found: String?
    for field in fields where field.name == "cookie" {
      for pair in field.value.split(separator: ";") {
        let text = pair.drop { $0 == " " }
        guard let equals = text.firstIndex(of: "="),
          text[..<equals].utf8.elementsEqual(name.utf8)
        else { continue }
        guard found == nil else { return nil }
        found = String(text[text.index(after: equals)...])
      }
    }
    return found
  }
}

/// A cookie of this host alone, over TLS alone, for no page of others (RFC 6265bis §4.1.3.2).
public struct HostCookie: Sendable, Hashable {
  /// Whether scripts of the page may read it.
  public enum Reader: Sendable, Hashable {
    case serverOnly
    case scriptsToo
  }

  /// Begins with `__Host-`.
  public let name: String
  private let reader: Reader

  /// - Precondition: the name begins with `__Host-`.
  public init(_ name: String, reader: Reader = .serverOnly) {
    precondition(name.hasPrefix("__Host-"), "\(name) can be set by neighbours")
    self.name = name
    self.reader = reader
  }

  /// The field that sets it, until the browser closes or for some time.
  ///
  /// - Parameter value: of characters that cookies may have: base64url, hexadecimal, a code.
  public func set(_ value: String, for age: Duration? = nil) -> WebField {
    var text = "\(name)=\(value); Path=/; Secure; SameSite=Lax"
    if reader == .serverOnly { text += "; HttpOnly" }
    if let age { text += "; Max-Age=\(max(0, age.components.seconds))" }
    return WebField("set-cookie", text)
  }

  /// The field that removes it.
  public var removal: WebField { self.set("", for: .zero) }
}
