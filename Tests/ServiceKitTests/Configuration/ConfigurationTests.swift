internal import ServiceKit
internal import TestKit
internal import Testing

@Suite("Configuration")
struct ConfigurationTests {
  let directory = TemporaryDirectory()

  /// The least that a file must hold, with lines added or replaced.
  func file(_ more: String = "", without key: String? = nil) -> String {
    let lines = [
      "environment: development", "trust_domain: lockbox.example", "data_directory: data",
      "issuers: issuers.yaml", "tls: {certificate: a.pem, key: a.key, authorities: ca.pem}",
    ]
    let kept = lines.filter { key == nil || !$0.hasPrefix("\(key ?? ""):") }
    return directory.write("lockbox.yaml", (kept + [more]).joined(separator: "\n"))
  }

  func load(
    _ file: String, environment: [String: String] = [:], flags: [String] = []
  ) throws(StartError) -> ServiceConfiguration {
    try ServiceConfiguration.load(
      .intake, file: file, environment: environment, flags: flags, section: NoSettings.self
    ).0
  }

  @Test("defaults fill what nobody wrote, all on the loopback")
  func defaults() throws {
    let configuration = try load(file())
    #expect(configuration.peopleAddress.description == "127.0.0.1:7401")
    #expect(configuration.serviceAddress.description == "127.0.0.1:7501")
    #expect(configuration.metricsAddress.description == "127.0.0.1:7601")
    #expect(configuration.peers[.audit]?.description == "127.0.0.1:7504")
    #expect(configuration.spiffeID == "spiffe://lockbox.example/lockbox/intake")
    #expect(configuration.transport.peopleCertificate == configuration.transport.certificate)
  }

  @Test("a path in a file is relative to that file, one from a flag is as given")
  func paths() throws {
    let configuration = try load(file(), flags: ["issuers=other.yaml"])
    #expect(configuration.dataDirectory == directory.file("data"))
    #expect(configuration.issuers == "other.yaml")
  }

  @Test("flags beat the environment, the environment beats the file")
  func precedence() throws {
    let path = file("log: {level: error}")
    #expect(try load(path).logLevel == .error)
    let environment = ["LOCKBOX_LOG_LEVEL": "warning", "HOME": "/"]
    #expect(try load(path, environment: environment).logLevel == .warning)
    let both = try load(path, environment: environment, flags: ["log.level=debug"])
    #expect(both.logLevel == .debug)
  }

  @Test(
    "one sentence names the key, the place and the way out",
    arguments: [
      ("trust_domian: x", ["`trust_domian`", "lockbox.yaml:6", "did you mean `trust_domain`?"]),
      ("people_listener: {adress: 1}", ["`people_listener.adress`", "`people_listener.address`"]),
      ("log: {level: loud}", ["`log.level`", "lockbox.yaml:6", "one of", "`debug`", "`loud`"]),
      ("drain_time: 5", ["`drain_time`", "`ms`, `s`, `m` or `h`", "`5`"]),
      ("drain_time: 11m", ["`drain_time`", "0s to 10m"]),
      ("people_listener: {address: nowhere}", ["`people_listener.address`", "127.0.0.1:7401"]),
      ("people_listener: [1]", ["`people_listener` must be a single value"]),
      ("metrics: {address: 0.0.0.0:1}", ["`metrics.address`", "loopback"]),
      ("people_listener: {certificate: a}", ["people_listener.key", "both or neither"]),
      ("issuers: again.yaml", ["not valid YAML"]),
      ("a: [", ["not valid YAML"]),
    ])
  func complaints(_ line: String, _ parts: [String]) {
    let error = #expect(throws: StartError.self) { try load(file(line)) }
    #expect(error?.exitCode == .configuration)
    for part in parts {
      #expect(error?.sentence.contains(part) == true, "\(error?.sentence ?? "")")
    }
    #expect(error?.sentence.contains("\n") == false)
  }

  @Test("a missing key says how it can be written")
  func missing() {
    let error = #expect(throws: StartError.self) { try load(file(without: "trust_domain")) }
    for part in ["`trust_domain` is missing", "LOCKBOX_TRUST_DOMAIN", "--set trust_domain="] {
      #expect(error?.sentence.contains(part) == true)
    }
  }

  @Test("a missing file is one sentence with its path")
  func noFile() {
    let error = #expect(throws: StartError.self) { try load(directory.file("none.yaml")) }
    #expect(error?.sentence.contains("none.yaml: No such file or directory") == true)
  }

  @Test("an unknown variable with our prefix stops the start, others do not matter")
  func unknownVariable() {
    let error = #expect(throws: StartError.self) {
      try load(file(), environment: ["LOCKBOX_LOG_LEVLE": "debug"])
    }
    #expect(error?.sentence.contains("did you mean `LOCKBOX_LOG_LEVEL`?") == true)
  }

  @Test("a flag without `=` is a usage error, an unknown one a configuration error")
  func flags() {
    let usage = #expect(throws: StartError.self) { try load(file(), flags: ["debug"]) }
    #expect(usage?.exitCode == .usage)
    let unknown = #expect(throws: StartError.self) { try load(file(), flags: ["log.levle=info"]) }
    #expect(unknown?.sentence.contains("did you mean `log.level`?") == true)
  }

  @Test("a shorter minimum lifetime is for development only", arguments: Environment.allCases)
  func minimumLifetime(_ environment: Environment) {
    let lines = """
      token: {signing_key: k.pem, issuer: "https://lockbox.example", audience: gate}
      minimum_lifetime: 2s
      """
    let path = file("environment: \(environment.rawValue)\n" + lines, without: "environment")
    let load = {
      try ServiceConfiguration.load(
        .approvals, file: path, environment: [:], flags: [], section: ApprovalsSettings.self
      ).1.minimumLifetime
    }
    switch environment {
    case .development: #expect(try! load() == .seconds(2))
    case .production:
      let error = #expect(throws: StartError.self) { _ = try load() }
      #expect(error?.sentence.contains("`minimum_lifetime`") == true)
    }
  }

  @Test(
    "addresses",
    arguments: [
      ("127.0.0.1:7401", true), ("[::1]:0", true), ("localhost:65535", true), ("a:65536", false),
      ("::1:7401", false), ("[a]:1", false), (":1", false), ("host", false), ("host:", false),
      ("host:+1", false), ("ho st:1", false),
    ])
  func addresses(_ text: String, _ good: Bool) {
    #expect(Address(text)?.description == (good ? text : nil))
  }
}
