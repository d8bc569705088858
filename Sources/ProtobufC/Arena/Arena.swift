/// Memory for the C structs of one message: taken by moving a pointer, freed all at once.
///
/// A value is a handle that is valid inside the closure of `withArena` only. The first
/// kilobyte comes from the stack, so that a small message costs no allocation at all.
public struct Arena {
  struct State {
    var cursor: UnsafeMutableRawPointer
    var end: UnsafeMutableRawPointer
    /// The newest block; each begins with the address of the one before it. Owned by the arena.
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
  private static let stackSize = 1024

  let state: UnsafeMutablePointer<State>

  /// Runs `body` with an arena of at most `budget` bytes. Nothing of the arena may leave `body`.
  static func withArena<R>(budget: Int, _ body: (Arena) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: stackSize, alignment: 16) { stack in
      let start = stack.baseAddress!
      let first = min(stackSize, max(budget, 0))
      var state = State(cursor: start, end: start + first, budget: budget - first)
      defer { freeBlocks(state.blocks) }
      return withUnsafeMutablePointer(to: &state) { body(Arena(state: $0)) }
    }
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

  private static func freeBlocks(_ newest: UnsafeMutableRawPointer?) {
    var next = newest
    while let block = next {
      next = block.load(as: UnsafeMutableRawPointer?.self)
      block.deallocate()
    }
  }
}
