internal import Glibc
internal import Storage
internal import TemporaryFiles
internal import Testing

@Suite("kill -9")
struct CrashTests {
  @Test(
    "loses no acknowledged write, and leaves the feed dense",
    arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [UInt64])
  func kill(seed: UInt64) async throws {
    let directory = TemporaryDirectory()
    var random = SeededGenerator(seed: seed)
    let acknowledgements = Int.random(in: 1...400, using: &random)
    let delay = UInt32.random(in: 0...5_000, using: &random)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [
        path = directory.path as String, acknowledgements = acknowledgements as Int,
        delay = delay as UInt32
      ] in
      try await writeUntilKilled(path, after: acknowledgements, delay: delay)
    }

    let acknowledged = try readAcknowledged(directory.path)
    #expect(acknowledged.count >= acknowledgements, "seed \(seed)")
    let database = try openDatabase(directory.database) { $0.checksAtOpening = true }
    let kept = Set(try await database.itemIDs())
    #expect(acknowledged.allSatisfy { kept.contains($0) }, "seed \(seed)")
    let records = try await database.feed.read(after: 0, limit: .max)
    #expect(records.count == kept.count, "each item has its event")
    let told = records.map { record in Int(record.event[0]) + 256 * Int(record.event[1]) }
    #expect(Set(told) == kept)
    await database.close()
  }
}

/// Eight writers, each noting what was acknowledged in a file; SIGKILL `delay` microseconds after
/// the given number of acknowledgements.
private func writeUntilKilled(_ path: String, after count: Int, delay: UInt32) async throws {
  let database = try openDatabase(path + "/test.db") { $0.checkpointPages = 100 }
  // Appended by write(2), a file outlives the process as a pipe would, and needs no reader.
  let log = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for writer in 0..<8 {
      group.addTask {
        for number in 0..<8_000 {
          let id = number * 8 + writer
          try await database.write { tx in
            try insert(id, tx)
            try tx.append { _ in [UInt8(truncatingIfNeeded: id), UInt8(id >> 8)] }
          }
          var line = Int32(id)
          _ = write(log, &line, 4)
        }
      }
    }
    group.addTask {
      var status = stat()
      repeat {
        await Task.yield()
        fstat(log, &status)
      } while status.st_size < count * 4
      usleep(delay)
      Glibc.kill(getpid(), SIGKILL)
    }
    try await group.waitForAll()
  }
}

private func readAcknowledged(_ path: String) throws -> [Int] {
  let log = open(path + "/acknowledged", O_RDONLY)
  try #require(log >= 0)
  defer { close(log) }
  var ids: [Int] = []
  var id: Int32 = 0
  while read(log, &id, 4) == 4 { ids.append(Int(id)) }
  return ids
}
