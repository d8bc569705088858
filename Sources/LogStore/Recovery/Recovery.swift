internal import MerkleLog

/// Makes a store's state from its files: the sealed segments' from their indexes, the last one's
/// batch by batch.
struct Recovery {
  let files: any FileSystem
  let paths: StorePaths
  let mode: Mode

  enum Mode {
    /// Trusts indexes, cuts a torn end off.
    case opening
    /// Reads every byte, makes every hash again, and changes nothing: what would be cut or made
    /// again is only told.
    case checking
  }

  private(set) var state = StoreState()
  private(set) var stager = Stager()
  private(set) var report = RecoveryReport()
  private(set) var store: Key128?
  private(set) var head: Head?
  /// Where the writer goes on; nil where it begins a new segment.
  private(set) var active: ActiveSegment?
  /// Sealed segments whose index is yet to be made.
  private(set) var unindexed: [UInt32] = []
  let blocks = BlockCache()

  init(files: any FileSystem, paths: StorePaths, mode: Mode) {
    self.files = files
    self.paths = paths
    self.mode = mode
  }

  /// - Throws: `damaged` for what cannot come from a crash; `system`.
  mutating func run() throws(LogStoreError) {
    readHead()
    let numbers = try segmentNumbers()
    for number in numbers {
      try recover(UInt32(number), isLast: number == numbers.upperBound - 1)
    }
    try checkHead()
    report.segments = state.segments.count
    report.logs = state.logs.count
    report.entries = state.end.sequence
  }

  private mutating func readHead() {
    do {
      let file = try files.open(paths.head, creates: false, isReadOnly: true)
      head = Head(try file.read(Head.byteCount + 1, at: 0))
      if head == nil { noteHead("it was changed") }
    } catch {
      // Told only where there is something that it should speak of.
      head = nil
    }
  }

  private mutating func noteHead(_ reason: String) {
    report.rebuilt.append(
      LogStoreFault(
        file: "head",
        reason: reason + "; a roll back to an earlier whole batch would go unnoticed now"))
  }

  /// From 0 without a gap, as the names say.
  private func segmentNumbers() throws(LogStoreError) -> Range<Int> {
    let found: [UInt32]
    let indexes: [String]
    do {
      let names = try files.list(paths.segments)
      removeUnfinished(names)
      found = names.compactMap { StorePaths.segmentNumber($0) }.sorted()
      indexes = try files.list(paths.indexes)
    } catch {
      throw .system(error)
    }
    let claimed = indexes.compactMap { StorePaths.segmentNumber(String($0.dropLast(4)) + ".seg") }
    let highest = (found + claimed).max().map { Int($0) + 1 } ?? 0
    for number in 0..<highest where number >= found.count || found[number] != UInt32(number) {
      throw .damaged(fault(UInt32(number), "the segment is missing"))
    }
    return 0..<found.count
  }

  /// What a crash left of a segment that was being written anew; nothing depends on its being gone.
  private func removeUnfinished(_ names: [String]) {
    guard mode == .opening else { return }
    for name in names where name.hasSuffix(".seg.new") {
      try? files.remove("\(paths.segments)/\(name)")
    }
  }

  private mutating func recover(_ number: UInt32, isLast: Bool) throws(LogStoreError) {
    let file: SegmentFile
    let size: UInt64
    let header: SegmentHeader?
    let seal: SegmentSeal?
    do throws(LogStoreError) {
      file = try open(number, isReadOnly: mode == .checking || !isLast)
      size = try file.size()
      header = try file.read(SegmentHeader.byteCount, at: 0).withUnsafeBytes { SegmentHeader($0) }
      let sealStart = size - min(size, UInt64(SegmentSeal.byteCount))
      let end = try file.read(SegmentSeal.byteCount, at: sealStart)
      seal = end.withUnsafeBytes { SegmentSeal($0) }
    } catch {
      throw namingAll(error, of: number)
    }
    guard let header else {
      // A segment is made with its first batch in one write: nothing of it was acknowledged.
      if isLast, (head?.nextBatch ?? 0) <= state.end.batch, head != nil || number == 0 {
        return try cutWhole(file, size)
      }
      throw .damaged(fault(number, "the segment's header was changed"))
    }
    try check(header, number)
    guard let seal, seal.segment == number, seal.offset + 64 == size else {
      guard isLast && !file.isCompressed else {
        throw .damaged(fault(number, "the segment was cut: it does not end with its seal"))
      }
      return try recoverLast(file, size)
    }
    try recoverSealed(file, size, seal)
  }

  private mutating func check(_ header: SegmentHeader, _ number: UInt32) throws(LogStoreError) {
    if store == nil { store = header.store }
    guard header.store == store, head == nil || head?.store == store else {
      throw .damaged(fault(number, "the segment is of another store"))
    }
    guard header.segment == number else {
      throw .damaged(fault(number, "the file is segment \(header.segment)"))
    }
    let begin = StoreEnd(batch: header.batch, sequence: header.sequence, chain: header.chain)
    guard begin == state.end else {
      throw .damaged(fault(number, "the segment does not go on where the one before it ends"))
    }
  }

  // MARK: - Sealed segments

  private mutating func recoverSealed(
    _ file: SegmentFile, _ size: UInt64, _ seal: SegmentSeal
  ) throws(LogStoreError) {
    let end = StoreEnd(batch: seal.nextBatch, sequence: seal.nextSequence, chain: seal.nextChain)
    let index = openIndex(file.number, size, seal)
    if let index, mode == .opening {
      do throws(LogStoreError) {
        try state.apply(index, of: file, stager: &stager)
        state.end = end
        return
      } catch {
        noteIndex(file.number, error.description)
      }
    }
    let (bytes, changed) = try file.readAll()
    do throws(LogStoreError) {
      try replay(file, bytes)
    } catch {
      // Which entries is known by what was read; where, by the block that they cannot be read from.
      guard let changed, case .damaged(var fault) = error else { throw error }
      (fault.offset, fault.reason) = (changed.offset, changed.reason)
      throw .damaged(fault)
    }
    if let changed { throw .damaged(changed) }
    state.segments[Int(file.number)].isSealed = true
    state.segments[Int(file.number)].table?.close(cursors: state.cursors)
    state.end = end
    if mode == .opening {
      unindexed.append(file.number)
    } else if let index {
      try compare(index, with: file.number, size, seal)
    }
  }

  /// Checks an index against what the segment gives; one that is right takes the table's place.
  private mutating func compare(
    _ index: IndexFile, with number: UInt32, _ size: UInt64, _ seal: SegmentSeal
  ) throws(LogStoreError) {
    guard let table = state.segments[Int(number)].table else { return }
    let image = IndexImage.make(
      segment: number, segmentLength: size, chain: seal.chain, table: table)
    let path = paths.index(number)
    let found: [UInt8]
    do {
      found = try files.open(path, creates: false, isReadOnly: true).read(image.count + 1, at: 0)
    } catch {
      throw .system(error)
    }
    guard found == image else {
      return noteIndex(number, "it is not what its segment gives")
    }
    state.segments[Int(number)].index = index
    state.segments[Int(number)].table = nil
  }

  private mutating func openIndex(
    _ number: UInt32, _ size: UInt64, _ seal: SegmentSeal
  ) -> IndexFile? {
    let path = paths.index(number)
    let file: any OpenFile
    do {
      file = try files.open(path, creates: false, isReadOnly: true)
    } catch {
      noteIndex(number, "it is missing")
      return nil
    }
    do {
      let index = try IndexFile(file, path: paths.short(path))
      let trailer = index.trailer
      guard trailer.segment == number, trailer.segmentLength == size, trailer.chain == seal.chain
      else {
        noteIndex(number, "it is of another state of its segment")
        return nil
      }
      return index
    } catch {
      noteIndex(number, error.description)
      return nil
    }
  }

  private mutating func noteIndex(_ number: UInt32, _ reason: String) {
    report.rebuilt.append(
      LogStoreFault(file: paths.short(paths.index(number)), segment: number, reason: reason))
  }

  // MARK: - Reading batches again

  /// - Returns: where the last whole batch ends, and what stands there.
  @discardableResult
  private mutating func replay(
    _ file: SegmentFile, _ bytes: [UInt8], isLast: Bool = false
  ) throws(LogStoreError) -> (offset: Int, torn: String?) {
    state.segments.append(SegmentState(file: file, table: SegmentTable(), index: nil))
    var fault: LogStoreFault?
    let found = bytes.withUnsafeBytes { bytes -> (Int, String?) in
      var scanner = SegmentScanner(bytes, from: state.end)
      while true {
        let start = scanner.offset
        switch scanner.next() {
        case .batch(let header, let payload):
          var batch = StagedBatch()
          let problem = stager.stage(
            header, payload, of: bytes, end: scanner.end, into: &batch)
          if let problem {
            fault = self.fault(file.number, problem, offset: start, header)
            return (start, nil)
          }
          state.apply(batch)
          report.replayed += UInt64(batch.entries.count)
        case .end where isLast: return (start, nil)
        case .seal where !isLast: return (start, nil)
        case .end: fault = self.fault(file.number, "the segment ends early", offset: start, nil)
        case .seal: fault = self.fault(file.number, "a seal stands inside", offset: start, nil)
        case .broken(let reason, let header):
          if isLast, (head?.nextBatch ?? 0) <= state.end.batch, !scanner.isFollowed() {
            return (start, reason)
          }
          fault = self.fault(file.number, reason, offset: start, header)
          if let header { pinpoint(header, start, bytes, file.number, &fault) }
        }
        if fault != nil { return (start, nil) }
      }
    }
    if let fault { throw .damaged(fault) }
    return found
  }

  private mutating func recoverLast(
    _ file: SegmentFile, _ size: UInt64
  ) throws(LogStoreError) {
    let bytes = try file.readAll().bytes
    let (offset, torn) = try replay(file, bytes, isLast: true)
    var reserved = size
    if let torn {
      report.tornTail = fault(
        file.number,
        "\(torn): the last write was not finished, \(Int(size) - offset) bytes of it "
          + "were cut off", offset: offset, nil)
      reserved = UInt64(offset)
    }
    active = ActiveSegment(file: file, position: offset, reserved: Int(reserved))
    guard mode == .opening else { return }
    do {
      if torn != nil { try file.file.truncate(to: UInt64(offset)) }
      // What a process that was killed had written but not synced is about to be built upon.
      try file.file.syncData()
    } catch {
      throw .system(error)
    }
  }

  private mutating func cutWhole(_ file: SegmentFile, _ size: UInt64) throws(LogStoreError) {
    report.tornTail = fault(
      file.number, "the segment was just being made; its \(size) bytes were removed", offset: 0, nil
    )
    guard mode == .opening else { return }
    do {
      try files.remove(paths.segment(file.number))
      try files.syncDirectory(paths.segments)
    } catch {
      throw .system(error)
    }
  }

  private func open(
    _ number: UInt32, isReadOnly: Bool
  ) throws(LogStoreError) -> SegmentFile {
    let path = paths.segment(number)
    let file: any OpenFile
    do throws(SystemFault) {
      file = try files.open(path, creates: false, isReadOnly: isReadOnly)
    } catch {
      throw .system(error)
    }
    return try SegmentFile(
      opening: file, number: number, path: paths.short(path), cache: blocks)
  }

  /// Names the entries of a segment that cannot even be begun with, as far as its index knows them.
  private func namingAll(_ error: LogStoreError, of number: UInt32) -> LogStoreError {
    guard case .damaged(var fault) = error else { return error }
    let path = paths.index(number)
    let index = (try? files.open(path, creates: false, isReadOnly: true)).flatMap {
      try? IndexFile($0, path: path)
    }
    if let count = index?.trailer.entryCount, count > 0 {
      fault.sequences = state.end.sequence...(state.end.sequence + UInt64(count) - 1)
    }
    return .damaged(fault)
  }

  // MARK: - The head

  private mutating func checkHead() throws(LogStoreError) {
    guard let head else {
      if state.end.batch > 0 && report.rebuilt.allSatisfy({ $0.file != "head" }) {
        noteHead("it is missing")
      }
      return
    }
    if head.nextBatch > state.end.batch {
      throw .damaged(
        LogStoreFault(
          file: paths.short(paths.segment(head.segment)), segment: head.segment,
          offset: head.offset,
          sequences: head.nextSequence > state.end.sequence
            ? state.end.sequence...(head.nextSequence - 1) : nil,
          reason: "the store was rolled back: batches \(state.end.batch) to "
            + "\(head.nextBatch - 1) were acknowledged and are gone"))
    }
    guard head.nextBatch < state.end.batch || head.chain == state.end.chain else {
      throw .damaged(
        fault(head.segment, "the last batch is not the one that was acknowledged"))
    }
  }

  private func fault(
    _ number: UInt32, _ reason: String, offset: Int? = nil, _ header: BatchHeader? = nil
  ) -> LogStoreFault {
    var fault = LogStoreFault(
      file: paths.short(paths.segment(number)), segment: number,
      offset: offset.map { UInt64($0) }, reason: reason)
    if let header, header.entryCount > 0 {
      fault.sequences = header.sequence...(header.sequence + UInt64(header.entryCount) - 1)
    } else if offset != nil {
      fault.sequences = state.end.sequence...state.end.sequence
    }
    return fault
  }
}
