internal import ServiceKit
internal import Web

/// Style, scripts and pictures, each under a name that changes with its content, so that browsers
/// keep it for ever.
struct Assets: Sendable {
  private struct Asset: Sendable {
    let type: String
    let bytes: [UInt8]
    let tag: String
  }

  private let assets: [String: Asset]
  private let names: [String: String]

  init(_ files: [String: [UInt8]] = PortalFiles.below("Assets")) {
    var assets: [String: Asset] = [:]
    var names: [String: String] = [:]
    for (name, bytes) in files {
      let parts = name.split(separator: ".")
      precondition(parts.count == 2, "the asset \(name) needs a name and an ending")
      let hash = Sha256.digest(bytes).prefix(8).map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
      }.joined()
      let hashed = "\(parts[0])-\(hash).\(parts[1])"
      assets[hashed] = Asset(type: Self.type(parts[1]), bytes: bytes, tag: "\"\(hash)\"")
      names[name] = "/assets/\(hashed)"
    }
    self.assets = assets
    self.names = names
  }

  private static func type(_ ending: Substring) -> String {
    switch ending {
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    default: preconditionFailure("no media type is known of .\(ending)")
    }
  }

  /// The address of an asset of `Sources/Portal/Assets`.
  func path(_ name: String) -> String {
    guard let path = names[name] else { preconditionFailure("there is no asset \(name)") }
    return path
  }

  func add(to routes: inout WebRoutes) {
    routes.add(.get, "/assets/:name", name: "portal/Assets", callers: .anybody) { request in
      guard let asset = assets[request.parameters["name"] ?? ""] else { throw WebError.notFound }
      let fields = [
        WebField("etag", asset.tag),
        WebField("cache-control", "public, max-age=31536000, immutable"),
      ]
      if request.field("if-none-match") == asset.tag { return WebResponse(304, fields: fields) }
      return WebResponse(type: asset.type, body: asset.bytes, fields: fields)
    }
  }
}
