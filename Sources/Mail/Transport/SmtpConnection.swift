internal import CCurl
internal import Domain
internal import Files

/// One connection to the mail server, made when it is needed, as libcurl's easy handle. Its calls block.
// @unchecked: it belongs to the one thread that took it out of the queue, under the queue's lock.
final class SmtpConnection: @unchecked Sendable {
  private let settings: SmtpSettings
  private let handle: UnsafeMutableRawPointer
  // Of the mail that is under way.
  private var job: SmtpJob?
  private var offset = 0
  private var dialogue = SmtpDialogue()

  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init(_ settings: SmtpSettings) {
    precondition(Self.isReady, "libcurl cannot be used")
    guard let handle = curl_easy_init() else { fatalError("no memory for libcurl") }
    self.settings = settings
    self.handle = handle
    setServer()
    setSecurity()
    setCallbacks()
  }

  deinit { curl_easy_cleanup(handle) }

  func send(_ job: SmtpJob) -> MailOutcome {
    do throws(FileError) {
      try setCredentials()
    } catch {
      return .deferred(reason: "\(error)")
    }
    let first = attempt(job, isFresh: false)
    guard first.isOfStaleConnection, isOnKeptConnection else { return first.outcome }
    return attempt(job, isFresh: true).outcome
  }

  private func attempt(_ job: SmtpJob, isFresh: Bool) -> SmtpAttempt {
    self.job = job
    offset = 0
    dialogue = SmtpDialogue()
    let recipients = curl_slist_append(nil, job.recipient)
    defer {
      curl_slist_free_all(recipients)
      self.job = nil
    }
    set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
    set(CURLOPT_MAIL_FROM, "<\(job.sender)>")
    check(lockbox_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients))
    check(
      lockbox_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(job.content.count)))
    let code = curl_easy_perform(handle)
    let end: SmtpAttempt.End =
      switch code {
      case CURLE_OK: .done
      case CURLE_ABORTED_BY_CALLBACK: .cancelled
      default: .fault(String(cString: curl_easy_strerror(code)))
      }
    return SmtpAttempt(
      end: end, dialogue: dialogue, isContentSent: offset == job.content.count)
  }

  /// No connection was made for the last mail.
  private var isOnKeptConnection: Bool {
    var count = 0
    return lockbox_curl_get_long(handle, CURLINFO_NUM_CONNECTS, &count) == CURLE_OK && count == 0
  }

  // MARK: Options

  private func setServer() {
    let scheme = settings.security == .implicitTLS ? "smtps" : "smtp"
    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    set(CURLOPT_URL, "\(scheme)://\(host):\(settings.port)/\(settings.clientName)")
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // Not what the environment says: mails go where the settings say.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_NODELAY, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings.connectTimeout))
    set(CURLOPT_TIMEOUT_MS, milliseconds(settings.timeout))
    // For one reply, and so for the one to `QUIT`, which the time for the mail does not bound.
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(settings.timeout.components.seconds)))
    set(CURLOPT_MAXCONNECTS, 1)
    set(CURLOPT_UPLOAD, 1)
  }

  private func setSecurity() {
    switch settings.security {
    case .startTLS, .implicitTLS: set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
    case .plain: set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
    }
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    guard let authorities = settings.authorities else { return }
    set(CURLOPT_CAINFO, authorities)
    // Those of the system come on top otherwise.
    check(lockbox_curl_set_text(handle, CURLOPT_CAPATH, nil))
  }

  /// A connection with other credentials is not used again: libcurl compares them.
  private func setCredentials() throws(FileError) {
    guard let credentials = settings.credentials else { return }
    let text = try File.readText(credentials.passwordFile, limit: 4_096)
    guard let password = text.split(whereSeparator: \.isNewline).first else {
      throw FileError(path: credentials.passwordFile, reason: "it holds no password")
    }
    set(CURLOPT_USERNAME, credentials.user)
    set(CURLOPT_PASSWORD, String(password))
    set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
  }

  /// libcurl calls back within `curl_easy_perform` only, and the pointer is good for as long as the
  /// handle is.
  private func setCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    check(lockbox_curl_set_pointer(handle, CURLOPT_READDATA, context))
    check(
      lockbox_curl_set_bytes(handle, CURLOPT_READFUNCTION) { buffer, size, count, context in
        guard let buffer, let connection = SmtpConnection.at(context) else {
          return Int(CURL_READFUNC_ABORT)
        }
        return connection.read(into: .init(start: buffer, count: size * count))
      })
    // What both sides say; libcurl tells its outcome by a code that means several things.
    check(lockbox_curl_set_pointer(handle, CURLOPT_DEBUGDATA, context))
    check(
      lockbox_curl_set_listener(handle) { _, type, bytes, count, context in
        guard let bytes, let connection = SmtpConnection.at(context) else { return 0 }
        connection.heard(type, UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      })
    set(CURLOPT_VERBOSE, 1)
    check(lockbox_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context))
    check(
      lockbox_curl_set_progress(handle) { context, _, _, _, _ in
        SmtpConnection.at(context)?.job?.isGivenUp == true ? 1 : 0
      })
    set(CURLOPT_NOPROGRESS, 0)
    // Replies are no document.
    check(
      lockbox_curl_set_bytes(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count })
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> SmtpConnection? {
    context.map { Unmanaged<SmtpConnection>.fromOpaque($0).takeUnretainedValue() }
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let job else { return 0 }
    let part = job.content[offset...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    offset += part.count
    return part.count
  }

  private func heard(_ type: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
    switch type {
    case CURLINFO_HEADER_OUT: dialogue.sent(bytes)
    case CURLINFO_HEADER_IN: dialogue.received(bytes)
    default: break
    }
  }

  private func set(_ option: CURLoption, _ value: Int) {
    check(lockbox_curl_set_long(handle, option, value))
  }

  private func set(_ option: CURLoption, _ value: String) {
    check(lockbox_curl_set_text(handle, option, value))
  }

  /// With an option that this libcurl does not know, a connection would lack what it demands.
  private func check(_ code: CURLcode) {
    precondition(code == CURLE_OK, "libcurl refuses an option: \(code.rawValue)")
  }

  private func milliseconds(_ duration: Duration) -> Int {
    Int(clamping: duration.nanosecondsClamped / 1_000_000)
  }
}
