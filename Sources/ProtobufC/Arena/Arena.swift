/// Memory for the C structs of one message: taken by moving a pointer, freed all at once.
///
/// A value is a handle: whoever made it calls `free` once, and nothing of it may be used then.
/// A small message costs one allocation, of a size that malloc keeps at hand.
public struct Arena {
  struct State {
    var cursor: UnsafeMutableRawPointer
    var end: UnsafeMutableRawPointer
    /// The newest block after the first; each begins with the address of the one before it.
    var blocks: UnsafeMutableRawPointer?
    var nextBlockSize = 4096
    /// Bytes that may still be taken in new blocks.
    var budget: Int
    var isExhausted = false
    /// The first string field met with a NUL inside it.
    var fieldWithNUL: StaticString?
  }

  /// What a block loses to the address of the block before it; keeps the alignment.
  private static let blockHeader = 16
  /// The first block, the state at its beginning. glibc serves up to 1,032 bytes without a lock.
  private static let firstBlockSize = 1024
  /// What the first block is allocated as: from 16 on, an alignment asked for leads away from plain
  /// malloc, whose memory is aligned to 16 all the same.
  private typealias Unit = UInt64
  private static let stateSize = (MemoryLayout<State>.size + 15) & ~15

  /// At the beginning of the first block, which is owned by the arena.
  let state: UnsafeMutablePointer<State>

  /// At most `budget` bytes can be taken.
  init(budget: Int) {
    let units = UnsafeMutablePointer<Unit>.allocate(
      capacity: Self.firstBlockSize / MemoryLayout<Unit>.size)
    let block = UnsafeMutableRawPointer(units)
    let start = block + Self.stateSize
    let room = min(Self.firstBlockSize - Self.stateSize, max(budget, 0))
    state = block.bindMemory(to: State.self, capacity: 1)
    state.initialize(to: State(cursor: start, end: start + room, budget: budget - room))
  }

  /// A second handle to an arena.
  init(state: UnsafeMutablePointer<State>) {
    self.state = state
  }

  /// Ends the life of everything that was taken.
  func free() {
    var next = state.pointee.blocks
    while let block = next {
      next = block.load(as: UnsafeMutableRawPointer?.self)
      block.deallocate()
    }
    UnsafeMutableRawPointer(state).assumingMemoryBound(to: Unit.self).deallocate()
  }

  /// `size` bytes aligned to 16, not initialised; nil once the budget is passed.
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    // Sizes above this come from nothing that fits in memory; it keeps the rounding from overflow.
    guard size >= 0, size <= 1 << 48 else { return exhaust() }
    let rounded = (size + 15) & ~15
    let start = state.pointee.cursor
    guard state.pointee.end - start >= rounded else { return allocateInNewBlock(rounded) }
    state.pointee.cursor = start + rounded
    return start
  }

  private func allocateInNewBlock(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size <= state.pointee.budget else { return exhaust() }
    let room = min(max(size, state.pointee.nextBlockSize), state.pointee.budget)
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: room + Self.blockHeader, alignment: 16)
    block.storeBytes(of: state.pointee.blocks, as: UnsafeMutableRawPointer?.self)
    let start = block + Self.blockHeader
    state.pointee.blocks = block
    state.pointee.cursor = start + size
    state.pointee.end = start + room
    state.pointee.budget -= room
    state.pointee.nextBlockSize = min(room * 2, 1 << 20)
    return start
  }

  private func exhaust() -> UnsafeMutableRawPointer? {
    state.pointee.isExhausted = true
    return nil
  }
}
