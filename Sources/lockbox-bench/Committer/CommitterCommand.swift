internal import ArgumentParser
internal import Domain
internal import Glibc
internal import Intake
internal import RPC
internal import ServiceKit
internal import Storage

struct CommitterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "committer",
    abstract: "How fast intake's store alone takes the rows of submitted requests.",
    discussion: """
      The same transaction as a submit through intake, in the same store with the same tables, \
      statements and event bytes, but called in this process: no network, no TLS, no tokens. The \
      requests are made before the clock starts. Each caller waits until its own row is durable.

      EXAMPLE
        lockbox-bench committer --callers 64 --count 50000 --directory .lockbox/data
      """)

  @Option(help: "Callers, each waiting for its own row.")
  var callers = 64
  @Option(help: "Rows to write.")
  var count = 50_000
  @Option(
    help: "Where the database is made, and deleted afterwards: the disk that is measured.",
    completion: .directory)
  var directory = "."
  @Option(help: "text for people, json for programs.")
  var output = OutputFormat.text

  func validate() throws {
    guard (1...100_000).contains(callers), (1...10_000_000).contains(count) else {
      throw ValidationError("--callers must be 1 to 100000, --count 1 to 10000000.")
    }
  }

  func run() async throws {
    let path = "\(directory)/lockbox-bench-\(getpid()).db"
    let store = try SQLiteIntakeStore(
      path: path, clock: SystemClock(), onFatal: stopMeasuring)
    do {
      let report = try await measure(store)
      print(report.text(output))
    } catch {
      await discard(store)
      throw error
    }
    await discard(store)
  }

  private func discard(_ store: SQLiteIntakeStore) async {
    await store.database.close()
    removeDatabase(at: store.database.path)
  }

  private func measure(_ store: SQLiteIntakeStore) async throws -> Report {
    try await store.write { transaction in
      guard let tenant = TenantID("acme"), let workload = Workload("exchange") else { return }
      try transaction.save(tenant: tenant, longestAccess: .hours(4))
      try transaction.save(workload: workload)
    }
    let rows = try acceptances()
    let mix = Mix(
      Scenario(name: "row") { call throws(RPCError) in
        do {
          _ = try await store.write { try rows[call.number].write(in: $0) }
        } catch let error as RPCError {
          throw error
        } catch {
          throw RPCError(.internal, "\(error)")
        }
      })
    let segment = Segment(pace: .closed(callers: callers), duration: nil, phases: 0..<1)
    let recorder = Recorder(mix, phases: 1)
    await Load(LoadPlan(segments: [segment], count: count), mix, recorder).run()
    return Report("committer, closed loop of \(callers)", recorder)
  }

  private func acceptances() throws -> [Acceptance] {
    let clock = SystemClock()
    let engineer = Subject(issuer: "https://provider.lockbox.test", id: "erin")
    let origin = EventOrigin.person(engineer, as: .engineer)
    let template = Submissions.template(tenant: "acme", workload: "exchange")
    return try (0..<count).map { _ in
      let now = clock.now()
      return try Acceptance(
        Submissions.request(template, at: now), from: engineer, origin: origin, at: now,
        shortest: .seconds(1))
    }
  }
}
