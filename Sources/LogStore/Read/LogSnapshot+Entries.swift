internal import Synchronization

extension LogSnapshot {
  /// Rows looked at in one step.
  private static let step = 256
  /// Where nothing but rows is read.
  private static let rowStep = 4_096

  /// Entries from an index on, without gap.
  public func entries(
    from index: UInt64, limit: Int, maximumBytes: Int = .max
  ) throws(LogStoreError) -> [StoredEntry] {
    var query = LogQuery(from: index, limit: limit)
    query.maximumBytes = maximumBytes
    return try list(query).entries
  }

  /// One entry; nil beyond the end.
  public func entry(at index: UInt64) throws(LogStoreError) -> StoredEntry? {
    try entries(from: index, limit: 1).first
  }

  /// The entries that a query asks for.
  public func list(_ query: LogQuery) throws(LogStoreError) -> EntryList {
    guard let number, query.limit > 0 else { return EntryList() }
    var page = Page(query)
    let person = query.person.map { Key128(person: $0) }
    for span in spans(number, query) {
      let end = min(span.end, size)
      var next = max(span.first, query.from)
      if query.request != nil || person != nil {
        let indexes = try shared.indexes(
          of: number, in: span.segment, request: query.request, person: person)
        for index in indexes where index >= next && index < end {
          if try !add(index, 1, number, to: &page) { return page.list }
        }
        continue
      }
      while next < end {
        let count = min(min(Self.step, query.limit), Int(end - next))
        if try !add(next, count, number, to: &page) { return page.list }
        next += UInt64(count)
      }
    }
    return page.list
  }

  /// Goes through the times and kinds of the entries of some time, in the order of the log, without
  /// reading the entries.
  ///
  /// - Returns: false where there are more than `limit`: then not all were gone through.
  public func eachSummary(
    times: Range<Int64>, limit: Int, _ body: (EntrySummary) -> Void
  ) throws(LogStoreError) -> Bool {
    guard let number else { return true }
    var query = LogQuery(limit: limit)
    query.times = times
    var count = 0
    for span in spans(number, query) {
      var next = span.first
      while next < min(span.end, size) {
        let rows = try shared.rows(
          of: number, from: next, count: Int(min(UInt64(Self.rowStep), min(span.end, size) - next)))
        for (offset, row) in rows.enumerated() where times.contains(row.time) {
          count += 1
          guard count <= limit else { return false }
          body(EntrySummary(index: next + UInt64(offset), time: row.time, kind: row.kind))
        }
        next += UInt64(rows.count)
      }
    }
    return true
  }

  /// The segments that may hold what is asked for.
  private func spans(_ number: UInt32, _ query: LogQuery) -> [Span] {
    let spans = shared.state.withLock { state in
      let log = state.logs[Int(number)]
      return Array(log.spans[log.firstSpan(behind: query.from)...])
    }
    return spans.filter { span in
      span.first < size && (query.kinds.isEmpty || span.kinds.mayContain(oneOf: query.kinds))
        && query.times.map { span.latest >= $0.lowerBound && span.earliest < $0.upperBound } ?? true
    }
  }

  /// - Returns: false when the page is full.
  private func add(
    _ index: UInt64, _ count: Int, _ number: UInt32, to page: inout Page
  ) throws(LogStoreError) -> Bool {
    var next = index
    while next < index + UInt64(count) {
      let run = try shared.run(of: number, from: next, count: Int(index + UInt64(count) - next))
      for (offset, row) in run.rows.enumerated() where page.wants(row) {
        let position = EntryPosition(log: number, index: run.first + UInt64(offset))
        let entry = try shared.entry(
          row, position, leaf: run.leaves[offset], in: run.segment)
        if !page.add(entry) { return false }
      }
      next += UInt64(run.rows.count)
    }
    return true
  }

  /// A page as it fills.
  private struct Page {
    let query: LogQuery
    var list = EntryList()
    var bytes = 0
    var examined = 0

    init(_ query: LogQuery) { self.query = query }

    func wants(_ row: EntryRow) -> Bool {
      (query.kinds.isEmpty || query.kinds.contains(row.kind))
        && query.times.map { $0.contains(row.time) } ?? true
    }

    /// - Returns: false when nothing more fits.
    mutating func add(_ entry: StoredEntry) -> Bool {
      if let accepts = query.accepts {
        examined += 1
        guard accepts(entry) else { return goesOn(behind: entry) }
      }
      let (total, overflow) = bytes.addingReportingOverflow(entry.body?.count ?? 0)
      if !list.entries.isEmpty && (overflow || total > query.maximumBytes) {
        list.next = entry.index
        return false
      }
      bytes = total
      list.entries.append(entry)
      return list.entries.count < query.limit && goesOn(behind: entry)
    }

    private mutating func goesOn(behind entry: StoredEntry) -> Bool {
      if examined >= query.examined { list.next = entry.index + 1 }
      return list.next == nil
    }
  }
}
