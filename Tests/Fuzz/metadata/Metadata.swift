internal import FuzzSupport

/// What callers and servers write into header fields. The first byte says how the rest is read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  switch input.byte() % 7 {
  case 0: Texts.timeout(input.all())
  case 1: Texts.anyDuration(&input)
  case 2: Texts.percent(input.all())
  case 3: Texts.base64(input.all())
  case 4: Texts.status(input.all())
  case 5: Texts.trace(input.all())
  default: AnswerFields.check(&input)
  }
  return 0
}
