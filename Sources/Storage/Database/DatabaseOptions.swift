/// How a database file is opened; every number has a reason and can be changed.
public struct DatabaseOptions: Sendable {
  /// Who holds the file, in the sentence that a second process stops with.
  public var program: String
  /// SQLite's `application_id`: keeps a service from opening the file of another one. Not 0.
  public var applicationID: Int32
  /// Bytes; a power of two from 512 to 65,536. Counts only for a new file.
  public var pageSize = 4_096
  /// Page cache of each connection, in KiB.
  public var cacheKiB = 64 * 1_024
  /// Connections, each with a thread, that serve `read`.
  public var readers = 2
  /// Writes in one transaction at most: bounds how long the first of them waits for the last.
  public var groupLimit = 512
  /// Pages in the write-ahead log at which it is moved to the file. SQLite's own 1,000 halves the
  /// rate of writes: every page that is changed often is moved too often.
  public var checkpointPages = 20_000
  /// Runs `PRAGMA quick_check` at opening: reads the whole file.
  public var checksAtOpening = false

  public init(program: String, applicationID: Int32) {
    self.program = program
    self.applicationID = applicationID
  }
}
