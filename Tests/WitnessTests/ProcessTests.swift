internal import MerkleLog
internal import ReferenceTree
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Witness

@Suite("A witness as a process")
struct ProcessTests {
  @Test("it serves its two addresses, drains, and comes back with what it has cosigned")
  func life() async throws {
    let log = LyingLog("log.test/acme")
    let witness = try WitnessProcess(following: [log.signer.verifier])
    let run = try await witness.start()
    let request = try log.request(0, 10)
    let answer = try await witness.post(request, to: run)
    #expect(answer.status == 200 && answer.type == "text/plain; charset=utf-8")
    let cosigned = try request.note.adding(try #require(NoteSignature.lines(answer.body)))
    #expect(try cosigned.cosignatures(by: [witness.signer.verifier]).count == 1)
    let kept = try await witness.get("/\(log.signer.name.hash)/checkpoint", of: run)
    #expect(String(decoding: kept.body, as: UTF8.self) == cosigned.serialized)
    #expect(try await witness.post(try log.request(0, 20), to: run).status == 409)
    #expect(await run.child.terminate() == .exited(0))

    let again = try await witness.start(1)
    #expect(try await witness.post(try log.request(9, 20), to: again).status == 409)
    #expect(try await witness.post(try log.request(10, 20), to: again).status == 200)
    #expect(await again.child.terminate() == .exited(0))
  }

  @Test("killed at any moment, it has cosigned one history that only grows")
  func kills() async throws {
    var random = SeededRandom("witness kills")
    let log = LyingLog("log.test/acme", entries: 2_000)
    let witness = try WitnessProcess(following: [log.signer.verifier])
    let cosigned = Cosigned()
    var known: UInt64 = 0
    for number in 0..<12 {
      let run = try await witness.start(number)
      let wanted = cosigned.all.count + Int.random(in: 0...12, using: &random)
      let requests = try (0..<200).map { _ in
        let old = known + UInt64.random(in: 0...20, using: &random)
        return try log.request(
          old, old + UInt64.random(in: 0...3, using: &random), lying: Bool.random(using: &random))
      }
      await withTaskGroup { group in
        for part in 0..<8 {
          group.addTask {
            for request in requests[(part * 25)..<(part * 25 + 25)] {
              guard let answer = try? await witness.post(request, to: run) else { return }
              guard answer.status == 200 else { continue }
              if cosigned.add(request) >= wanted { run.child.kill() }
            }
          }
        }
      }
      run.child.kill()
      known = cosigned.all.map(\.checkpoint.size).max() ?? 0
    }
    try Chain.check(cosigned.all, of: log)
    #expect(known > 0)
    let run = try await witness.start(99)
    let conflict = try await witness.post(try log.request(1_999, 2_000), to: run)
    #expect(conflict.status == 409)
    let size = try #require(
      UInt64(String(decoding: conflict.body, as: UTF8.self).dropLast()))
    #expect(size >= known, "what was cosigned is forgotten")
    #expect(await run.child.terminate() == .exited(0))
  }

  @Test("it makes its key once, and says what it is")
  func keys() async throws {
    let log = LyingLog("log.test/acme")
    let witness = try WitnessProcess(following: [log.signer.verifier])
    let check = await witness.run(["--check"])
    #expect(check.ending == .exited(0))
    #expect(check.output.contains(witness.signer.verifier.vkey))
    #expect(await witness.run(["--make-key"]).ending == .exited(74), "a key was replaced")
    let made = await witness.run(
      ["--make-key", "--set", "witness.signing_key=\(witness.file("new.key"))"])
    #expect(made.ending == .exited(0))
    let vkey = String(made.output.dropLast())
    let key = try SigningKey(contentsOf: witness.file("new.key"))
    #expect(try CosignatureVerifier(vkey: vkey).key == key.publicKey)
    let wrong = await witness.run(["--check", "--set", "witness.logs=/nowhere"])
    #expect(wrong.ending == .exited(78) && wrong.output.contains("witness.logs"))
  }
}
