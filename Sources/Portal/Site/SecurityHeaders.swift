internal import Web

/// What every answer of the portal says to the browser.
enum SecurityHeaders {
  /// Nothing but our own files, no frames, no base, forms only to us. Sign-in starts from a link and
  /// sign-out ends on a page of ours, so that no form ever leads to an issuer.
  static let contentPolicy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
  ].joined(separator: "; ")

  /// - Parameter host: of the public URL.
  static func fields(host: String) -> [WebField] {
    // Browsers would refuse a developer's other servers on this host, whatever their ports.
    let isLocal = host == "localhost" || host.hasPrefix("127.")
    return isLocal ? fields.filter { $0.name != "strict-transport-security" } : fields
  }

  private static let fields = [
    WebField("content-security-policy", contentPolicy),
    WebField("x-content-type-options", "nosniff"),
    WebField("strict-transport-security", "max-age=63072000; includeSubDomains"),
    // With `no-referrer` browsers would hide the origin of our own forms, too.
    WebField("referrer-policy", "same-origin"),
    WebField("cross-origin-opener-policy", "same-origin"),
    WebField("cross-origin-resource-policy", "same-origin"),
    WebField("x-frame-options", "DENY"),
    WebField(
      "permissions-policy",
      "publickey-credentials-get=(self), publickey-credentials-create=(self), "
        + ["camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb"]
        .map { "\($0)=()" }.joined(separator: ", ")),
    // A page is made for one reader; assets say something else.
    WebField("cache-control", "no-store"), WebField("vary", "cookie, accept-language"),
  ]
}
