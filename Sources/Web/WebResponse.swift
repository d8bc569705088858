internal import ProtobufC
internal import ServiceKit

/// What a handler answers.
public struct WebResponse: Sendable, Hashable {
  public var status: Int
  /// `cache-control: no-store` is added where nothing is said of caching.
  public var fields: [WebField]
  public var body: [UInt8]

  public init(_ status: Int = 200, fields: [WebField] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// A body of a media type.
  public init(_ status: Int = 200, type: String, body: [UInt8], fields: [WebField] = []) {
    self.init(status, fields: [WebField("content-type", type)] + fields, body: body)
  }

  public static func text(_ text: String, status: Int = 200) -> WebResponse {
    WebResponse(status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  /// A page.
  public static func html(_ text: String, status: Int = 200) -> WebResponse {
    WebResponse(status, type: "text/html; charset=utf-8", body: Array(text.utf8))
  }

  /// Sends the browser on with GET (RFC 9110 §15.4.4).
  public static func seeOther(_ location: String) -> WebResponse {
    WebResponse(303, fields: [WebField("location", location)])
  }

  /// - Parameter json: the document.
  public static func json(_ json: String, status: Int = 200) -> WebResponse {
    WebResponse(status, type: "application/json; charset=utf-8", body: Array(json.utf8))
  }

  /// As programs are told of an error.
  public init(_ error: WebError) {
    var text = #"{"error":{"code":"#
    text.appendJSON(error.code)
    text += #","message":"#
    text.appendJSON(error.message)
    self = .json(text + "}}\n", status: error.status)
    fields += error.fields
  }
}
