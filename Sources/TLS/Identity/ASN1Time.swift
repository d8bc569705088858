internal import COpenSSL
internal import Glibc

/// Seconds since the epoch; nil when the time does not decode.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
  var parts = tm()
  guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
  return Int64(timegm(&parts))
}
