internal import TLS

// Certificates that name somebody else, nobody, or something that is no name.

extension BadCertificate {
  static let wrongNames: [BadCertificate] = [
    named("another name") { _ in [.uri("spiffe://test.example/lockbox/other")] },
    named("a name that begins alike") { [.uri($0 + "2")] },
    named("the beginning of the name") { [.uri(String($0.dropLast()))] },
    named("the name in upper case") { name in
      [.uri("spiffe://test.example/lockbox/" + name.split(separator: "/").last!.uppercased())]
    },
    named("the name with a dot after the trust domain") { name in
      [.uri("spiffe://test.example./lockbox/" + name.split(separator: "/").last!)]
    },
    named("the name as a host name") { [.dns($0)] },
    named("the name as a mail address") { [.mail($0)] },
    named("an address") { _ in [.address([127, 0, 0, 1])] },
    named("an empty list of names") { _ in [] },
    named("no names") { _ in nil },
    misnamed("the name as common name only") { name, request in
      request.names = nil
      request.commonName = name
    },
  ]

  static let malformedNames: [BadCertificate] =
    malformed.map { name, change in
      .shown("a name with " + name, .malformedName, alert: 42) { scene in
        var request = scene.request
        request.names = [.uri(change(scene.name))]
        return Shown(credential: try scene.root.issue(request))
      }
    } + [secondMalformed, several]

  private static let malformed: [(String, @Sendable (String) -> String)] = [
    ("a NUL in it", { $0 + "\0.example" }),
    ("a NUL alone", { _ in "\0" }),
    ("a wildcard", { _ in "spiffe://test.example/lockbox/*" }),
    ("a trailing slash", { $0 + "/" }),
    ("a trust domain alone", { _ in "spiffe://test.example" }),
    ("a path upwards", { _ in "spiffe://test.example/lockbox/other/../caller" }),
    ("a doubled slash", { _ in "spiffe://test.example//lockbox/caller" }),
    ("the scheme in upper case", { "SPIFFE" + $0.dropFirst(6) }),
    ("the trust domain in upper case", { _ in "spiffe://TEST.example/lockbox/caller" }),
    ("a port", { _ in "spiffe://test.example:443/lockbox/caller" }),
    ("a user", { _ in "spiffe://me@test.example/lockbox/caller" }),
    ("a query", { $0 + "?a=b" }),
    ("a fragment", { $0 + "#a" }),
    ("percent-encoding", { _ in "spiffe://test.example/lockbox/c%61ller" }),
    ("a letter beyond ASCII", { _ in "spiffe://test.example/lockbox/c\u{E4}ller" }),
    ("a blank", { $0 + " " }),
    ("3,000 letters", { $0 + String(repeating: "a", count: 3000) }),
  ]

  private static let secondMalformed = leaf(
    "a second name with a NUL", .malformedName, alert: 42,
    { request in request.names?.append(.dns("localhost\0.example")) })

  private static let several = BadCertificate(
    "two names, one of them right",
    { side in
      .certificateRefused(
        .severalNames([
          side == .client ? ForgedWorld.clientName : ForgedWorld.serverName,
          "spiffe://test.example/lockbox/other",
        ]))
    }, alert: 42
  ) { scene in
    var request = scene.request
    request.names?.append(.uri("spiffe://test.example/lockbox/other"))
    return Shown(credential: try scene.root.issue(request))
  }

  private static func named(
    _ name: String, _ names: @escaping @Sendable (String) -> [ForgedRequest.Name]?
  ) -> BadCertificate {
    misnamed(name) { right, request in request.names = names(right) }
  }
}
