internal import AccessToken
internal import MerkleLog
internal import RPC
internal import Words
internal import Yams

extension Configuration {
  private static let keys = [
    "endpoints", "server_name", "trust_roots", "token_file", "client_certificate", "client_key",
    "signing_key", "development", "access_tokens", "log_keys", "cosigners",
  ]

  /// Reads a file, whole or not at all. Paths in it are relative to it.
  init(file: String) throws(Failure) {
    let text = try YamlFile.text(file, status: .configuration)
    let documents = try YamlFile.documents(text, file: file)
    var problems = YamlProblems(file: file)
    let configuration = documents.first.flatMap { Configuration($0, file: file, &problems) }
    guard documents.count == 1, let configuration, problems.found.isEmpty else {
      throw .configuration(
        "The configuration \(file) cannot be used.",
        details: documents.count == 1
          ? problems.found.map(\.description) : ["it must hold one YAML document"])
    }
    self = configuration
  }

  private init?(_ document: Node, file: String, _ problems: inout YamlProblems) {
    guard
      let root = YamlMapping(document, name: "ctl.yaml", keys: Self.keys, &problems)
    else { return nil }
    self.file = file
    endpoints = [:]
    if let mapping = root.mapping(
      "endpoints", name: "`endpoints`", keys: Server.allCases.map(\.rawValue), &problems)
    {
      for server in Server.allCases {
        endpoints[server] = mapping.value(
          server.rawValue, "an address such as localhost:7401", &problems
        ) { RPCTarget($0, name: server.rawValue) }
      }
    } else {
      problems.add(root.line, "`endpoints` is missing: write at least one service's address")
    }
    serverName = root.text("server_name", &problems)
    trustRoots =
      Self.path(root.required("trust_roots", "a PEM file", &problems), beside: file) ?? ""
    tokenFile = Self.path(root.text("token_file", &problems), beside: file)
    clientCertificate = Self.path(root.text("client_certificate", &problems), beside: file)
    clientKey = Self.path(root.text("client_key", &problems), beside: file)
    if (clientCertificate == nil) != (clientKey == nil) {
      problems.add(
        root.line, "`client_certificate` and `client_key` go together: write both or neither")
    }
    signingKey = Self.path(root.text("signing_key", &problems), beside: file)
    developmentDirectory = Self.path(
      root.mapping("development", name: "`development`", keys: ["directory"], &problems)?
        .required("directory", "what `lockboxctl dev init` made", &problems), beside: file)
    accessTokens = AccessTokens(root, file: file, &problems)
    logKeys = [:]
    readCosigners(root, &problems)
    for (name, text, line) in YamlMapping.names(root.node("log_keys"), path: "log_keys", &problems)
    {
      do {
        logKeys[name] = try NoteVerifier(vkey: text)
      } catch {
        problems.add(
          line,
          "`log_keys.\(Printable.line(name))` is no verifier key (name+key id+key): \(error.reason)"
        )
      }
    }
  }

  /// `cosigners`: `<tenant>: <count> of <verifier key>, …`, one of a kind with `log_keys`.
  private mutating func readCosigners(_ root: YamlMapping, _ problems: inout YamlProblems) {
    let lines = YamlMapping.names(root.node("cosigners"), path: "cosigners", &problems)
    for (name, text, line) in lines {
      let words = text.split(separator: " ")
      let keys = words.dropFirst(2).flatMap { $0.split(separator: ",") }
      let witnesses = keys.compactMap { try? CosignatureVerifier(vkey: String($0)) }
      if words.count >= 3, words[1] == "of", witnesses.count == keys.count,
        let count = Int(words[0]), let found = Cosigners(count: count, witnesses: witnesses)
      {
        cosigners[name] = found
      } else {
        problems.add(
          line,
          """
          `cosigners.\(Printable.line(name))` is not `<count> of <verifier key>, …`, with the keys \
          of that many witnesses
          """)
      }
    }
  }

  fileprivate static func path(_ text: String?, beside file: String) -> String? {
    guard let text, !text.isEmpty else { return nil }
    guard !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return text }
    return text == "." ? String(file[..<slash]) : file[...slash] + text
  }
}

extension Configuration.AccessTokens {
  fileprivate init?(_ root: YamlMapping, file: String, _ problems: inout YamlProblems) {
    guard
      let mapping = root.mapping(
        "access_tokens", name: "`access_tokens`", keys: ["keys", "issuer", "audience"], &problems),
      let keys = Configuration.path(
        mapping.required("keys", "the approvals service's JWKS file", &problems), beside: file),
      let issuer = mapping.required("issuer", "the tokens' `iss`", &problems),
      let audience = mapping.required("audience", "the tokens' `aud`", &problems)
    else { return nil }
    self.init(keys: keys, issuer: issuer, audience: audience)
  }
}

extension VerifierKeyError {
  fileprivate var reason: String {
    switch self {
    case .malformed: "it does not have this form"
    case .unsupportedType(let type): "its signature type \(type) is not Ed25519"
    case .keyIDMismatch: "its key id is not the one of its name and key"
    }
  }
}
