@testable internal import RPC

/// What a stream of DATA bytes is worth: the messages in it, how it ends.
struct Framed: Equatable {
  struct Message: Equatable {
    let bytes: [UInt8]
    let isCompressed: Bool
  }

  var messages: [Message] = []
  var failure: MessageReader.Failure?
  var endsBetweenMessages = true

  /// All bytes at once, read as the specification words it: to compare the real reader with.
  init(reference bytes: [UInt8], _ settings: Settings) {
    var position = 0
    while position < bytes.count {
      endsBetweenMessages = false
      guard position + 5 <= bytes.count else { return }
      let length = bytes[position + 1..<position + 5].reduce(0) { $0 << 8 | Int($1) }
      failure = settings.failure(flag: bytes[position], length: length)
      guard failure == nil, position + 5 + length <= bytes.count else { return }
      messages.append(
        Message(
          bytes: Array(bytes[position + 5..<position + 5 + length]),
          isCompressed: bytes[position] == 1))
      position += 5 + length
      endsBetweenMessages = true
    }
  }

  /// The bytes through `MessageReader`, at most `piece` of them in one DATA frame.
  init(_ bytes: [UInt8], _ settings: Settings, piece: Int) {
    var reader = MessageReader(maximumBytes: settings.limit)
    reader.acceptsCompressed = settings.acceptsCompressed
    var rest = bytes[...]
    while !rest.isEmpty, failure == nil {
      rest.prefix(piece).withUnsafeBytes { frame in
        var frame = frame
        do throws(MessageReader.Failure) {
          while !frame.isEmpty {
            guard let message = try reader.next(&frame) else { break }
            messages.append(Message(bytes: message, isCompressed: reader.isCompressed))
          }
        } catch {
          failure = error
        }
      }
      rest = rest.dropFirst(piece)
    }
    endsBetweenMessages = reader.isAtBoundary
  }
}

/// What was agreed on for the stream.
struct Settings {
  let limit: Int
  let acceptsCompressed: Bool

  func failure(flag: UInt8, length: Int) -> MessageReader.Failure? {
    switch flag {
    case 0: length > limit ? .tooLong(UInt32(length)) : nil
    case 1 where !acceptsCompressed: .compressed
    case 1: length > Gzip.longest(of: limit) ? .tooLong(UInt32(length)) : nil
    default: .invalidFlag(flag)
    }
  }
}
