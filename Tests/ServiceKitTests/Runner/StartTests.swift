internal import Domain
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@Suite("Starting: what is wrong is one sentence")
struct StartTests {
  func parts(_ bench: ServiceWorkbench) throws -> ServiceParts {
    let database = try Database(
      at: bench.configuration.dataFile("intake.db"),
      DatabaseOptions(program: "lockbox-intake", applicationID: 7), migrations: [],
      clock: { bench.clock.now().nanoseconds }, onFatal: bench.onFatal)
    var parts = ServiceParts()
    parts.people = .stub(.intake)
    parts.database = database
    parts.feed = database.feed
    return parts
  }

  func start(
    _ installation: TestInstallation, more: String = "", flags: [String] = []
  ) async throws -> RunningService {
    try await RunningService(
      .intake, in: installation, section: NoSettings.self, more: more, flags: flags
    ) { bench, _ in try parts(bench) }
  }

  func failure(
    _ installation: TestInstallation, more: String = "", flags: [String] = []
  ) async -> StartError? {
    do {
      let service = try await start(installation, more: more, flags: flags)
      try await service.stop()
      Issue.record("it started")
      return nil
    } catch {
      let failure = error as? StartError
      #expect(failure?.sentence.contains("\n") == false)
      return failure
    }
  }

  @Test("a port in use names the setting, and the start can be tried again")
  func portInUse() async throws {
    let installation = try await TestInstallation()
    let first = try await start(installation)
    for (key, address) in [
      ("people_listener.address", first.addresses.people),
      ("service_listener.address", first.addresses.service),
      ("metrics.address", first.addresses.metrics),
    ] {
      let failure = await failure(
        installation,
        flags: ["\(key)=\(address)", "data_directory=\(installation.directory.file(key))"])
      #expect(failure?.exitCode == .unavailable)
      #expect(failure?.sentence.contains("`\(key)` is \(address), which another") == true)
    }
    try await first.stop()
    try await start(installation).stop()
  }

  @Test("a database that another process holds is left alone")
  func databaseInUse() async throws {
    let installation = try await TestInstallation()
    let first = try await start(installation)
    let failure = await failure(installation)
    #expect(failure?.exitCode == .unavailable)
    #expect(failure?.sentence.contains("intake.db") == true)
    try await first.stop()
  }

  @Test(
    "bad files and addresses",
    arguments: [
      ("tls.certificate=/nowhere.pem", "/nowhere.pem", ExitCode.configuration),
      ("tls.authorities=/etc/hostname", "/etc/hostname", .configuration),
      ("issuers=/nowhere.yaml", "/nowhere.yaml", .configuration),
      ("data_directory=/proc/lockbox", "`data_directory` is /proc/lockbox", .inputOutput),
      (
        "people_listener.address=192.0.2.1:7401", "`people_listener.address` is 192.0.2.1:7401",
        .unavailable
      ),
      ("people_listener.address=nohost.invalid:1", "there is no such host", .configuration),
    ])
  func badSetting(_ flag: String, _ part: String, _ code: ExitCode) async throws {
    let installation = try await TestInstallation()
    let failure = await failure(installation, flags: [flag])
    #expect(failure?.exitCode == code)
    #expect(failure?.sentence.contains(part) == true, "\(failure?.sentence ?? "")")
  }

  @Test("another service's certificate is refused at the start, a stranger's too")
  func wrongCertificate() async throws {
    let installation = try await TestInstallation()
    for (files, name) in [
      (installation.pki.files(of: .audit), "spiffe://lockbox.test/lockbox/audit"),
      (installation.pki.files("web", uri: nil), "no SPIFFE id"),
    ] {
      let failure = await failure(
        installation, flags: ["tls.certificate=\(files.certificate)", "tls.key=\(files.key)"])
      #expect(failure?.exitCode == .configuration)
      #expect(failure?.sentence.contains("which names \(name), but this service is") == true)
    }
  }

  @Test("a service that does not serve what the table lists does not start")
  func tableMismatch() async throws {
    let installation = try await TestInstallation()
    let error = await #expect(throws: StartError.self) {
      _ = try await RunningService(.intake, in: installation, section: NoSettings.self) { _, _ in
        ServiceParts()
      }
    }
    #expect(error?.exitCode == .software)
    #expect(error?.sentence.contains("authorization table") == true)
  }
}
