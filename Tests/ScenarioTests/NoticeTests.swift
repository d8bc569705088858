internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("Notices")
  struct NoticeTests {
    private typealias API = NotifyV1.NotifyService

    /// All services, and a mail server for notify.
    private static func running() async throws -> (Deployment, MailSink) {
      let deployment = try await Deployment.running()
      let sink = MailSink()
      let port = try await sink.start(on: deployment.files.host)
      deployment.files.setMailServer(port: port)
      deployment.start(.notify)
      try await deployment.ready(.notify)
      return (deployment, sink)
    }

    /// The requests that mails of a kind are about, each as often as it came.
    private static func requests(_ kind: String, _ mails: [String]) -> [String] {
      mails.filter { MailSink.field("X-Lockbox-Notice", of: $0) == kind }
        .compactMap { MailSink.field("X-Lockbox-Request", of: $0) }
    }

    @Test("each step is told to the customer, and the log says so")
    func steps() async throws {
      let (deployment, sink) = try await Self.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init())
      let id = record.accessRequest?.requestID ?? ""
      #expect(
        await eventually(within: .seconds(120)) {
          Self.requests("approved", sink.mails).contains(id)
        })
      #expect(Self.requests("approval-needed", sink.mails) == [id])
      for mail in sink.mails {
        #expect(MailSink.field("Message-ID", of: mail) != nil)
        #expect(MailSink.field("Auto-Submitted", of: mail) != nil)
        #expect(MailSink.field("X-Lockbox-Repeated", of: mail) == nil)
      }
      let log = try await deployment.log(of: "acme", with: "notice_delivered", of: id)
      #expect(log.entries.contains { $0.kind == "notice_delivered" })
      // The mail server knows before notify has kept what it answered.
      let isListed = try await eventually(within: .seconds(120)) {
        let listed = try await lockbox.client(.notify).unary(
          API.listNotices, .init(tenantID: "acme", requestID: id),
          options: lockbox.cast.customer("acme").auditor.options)
        return listed.notices.map(\.state) == [.delivered, .delivered]
      }
      #expect(isListed)
      await deployment.stop(.notify)
      await sink.stop()
    }

    // Break: Notify/Sending/Claim.swift, `claim`: do not mark what is under way.
    @Test(
      "kill -9 of notify in the middle of a mail: no notice lost, the one that comes twice says so")
    func kill() async throws {
      let (deployment, sink) = try await Self.running()
      let lockbox = deployment.lockbox
      var asked: [String] = []
      var kills = 0
      for round in 0..<12 {
        let isHeld = round % 3 == 2
        if isHeld { sink.holdNext() }
        let record = try await lockbox.managersApprove(
          try await lockbox.open(.init(key: "notice-\(round)")))
        asked.append(record.accessRequest?.requestID ?? "")
        guard isHeld else { continue }
        // It has the mail, and notify has not heard of it.
        #expect(await eventually(within: .seconds(120)) { sink.held == kills + 1 })
        deployment.kill(.notify)
        kills += 1
        deployment.start(.notify)
      }
      try await deployment.ready(.notify)
      let isComplete = await eventually(within: .seconds(120)) {
        Set(Self.requests("approval-needed", sink.mails)) == Set(asked)
          && sink.mails.count == asked.count + kills
      }
      #expect(isComplete)
      var seen: Set<String> = []
      var repeats = 0
      for mail in sink.mails {
        let id = try #require(MailSink.field("Message-ID", of: mail))
        let isFirst = seen.insert(id).inserted
        #expect(MailSink.field("X-Lockbox-Repeated", of: mail) == (isFirst ? nil : "yes"))
        repeats += isFirst ? 0 : 1
      }
      #expect(repeats == kills)
      var firsts: [String] = []
      for request in Self.requests("approval-needed", sink.mails) where !firsts.contains(request) {
        firsts.append(request)
      }
      #expect(firsts == asked, "in their order")
      await sink.stop()
    }
  }
}
