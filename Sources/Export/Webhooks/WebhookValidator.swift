internal import Logging
internal import ServiceKit

/// Asks whether somebody listens where notifications are to go, and means to.
struct WebhookValidator: Sendable {
  let client: any WebhookPoster
  let logger: Logger

  /// - Throws: `webhookNotValidated`.
  func validate(_ target: Webhook.Target) async throws(ActivityError) {
    var random = SystemRandomNumberGenerator()
    let code = (0..<2).map { _ in String(random.next(), radix: 16) }.joined()
    let body = JSONValue.object([("validationCode", .string(code))]).text
    do throws(WebhookFault) {
      let status = try await client.post(
        Array(body.utf8), to: target.address,
        headers: target.headers + [("webhook-validationcode", code)])
      guard status == 200 else { throw .status(status) }
    } catch {
      logger.log(.info, "webhook not validated", .error(error))
      throw .webhookNotValidated(target.address.withoutQuery, reason: error.sentence)
    }
  }
}

extension Webhook.Target {
  /// Of every request to it.
  var headers: [(String, String)] {
    [("content-type", "application/json; charset=utf-8")]
      + (authID.map { [("webhook-authid", $0)] } ?? [])
  }
}
