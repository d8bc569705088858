/// The fields of a body of `application/x-www-form-urlencoded` (WHATWG URL §5.1), read strictly.
public struct WebForm: Sendable, Hashable {
  /// Decoded names and values, in their order.
  public let fields: [WebField]

  /// Enough for the largest page of settings; a form beyond is nobody's.
  public static let mostFields = 512
  static let type = "application/x-www-form-urlencoded"

  public init(_ fields: [WebField] = []) { self.fields = fields }

  init(_ request: WebRequest) throws(WebError) {
    let type = (request.field("content-type") ?? "").prefix { $0 != ";" }
    guard type.lowercased().utf8.elementsEqual(Self.type.utf8) else {
      throw WebError(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be \(Self.type)")
    }
    guard let fields = FormText.fields(request.body[...], most: Self.mostFields) else {
      throw WebError.malformed
    }
    self.fields = fields
  }

  /// The first value of a field; nil where there is none.
  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Every value of a field, in order.
  public func all(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map(\.value)
  }
}
