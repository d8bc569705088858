# Sourced by deploy/test, at the top of the package.
#
#   run_sanitized address|thread [arguments of swift test...]
#
# OpenSSL, nghttp2 and protobuf-c are Debian's and not instrumented: AddressSanitizer sees what they
# allocate and free, ThreadSanitizer sees nothing of them. Swift, NIO and our C code are seen whole.

run_sanitized() {
  local sanitizer=$1
  shift
  local directory=.build-$sanitizer
  # Package.swift then has these tests only; the others would build four services and BoringSSL.
  export TESTS_ONLY=RPCTests,TLSTests,ProtobufCTests,MerkleLogTests,StorageTests
  local build=(--build-path "$directory" --sanitize "$sanitizer")
  # gold warns of each of the sanitizer's assembly helpers.
  swift build "${build[@]}" --product lockboxPackageTests 2>&1 |
    sed '/Cannot export local symbol/d'

  # Under a sanitizer a crash would start swift-backtrace, which hangs there.
  export SWIFT_BACKTRACE=enable=no
  local reports=$PWD/$directory/reports preload=''
  rm -rf "$reports"
  mkdir -p "$reports"
  # Leaks are not looked for at the end of the process: NIO's threads and Foundation's Process live
  # until then. The fuzzers look for them after each input.
  export ASAN_OPTIONS="log_path=$reports/asan detect_leaks=0"
  export TSAN_OPTIONS="log_path=$reports/tsan exitcode=66"
  if [ "$sanitizer" = thread ]; then
    preload=$PWD/$directory/mutex_for_tsan.so
    clang -O1 -Wall -Wextra -Werror -shared -fPIC -o "$preload" Tests/Sanitizers/mutex_for_tsan.c
  fi
  local status=0
  env ${preload:+LD_PRELOAD="$preload"} \
    swift test --skip-build --disable-xctest "${build[@]}" "$@" || status=$?

  local found
  found=$(find "$reports" -type f -size +0 | wc -l)
  if [ "$found" -gt 0 ]; then
    cat "$reports"/* >&2
    echo "test: $sanitizer sanitizer: reports above, kept in $reports" >&2
    return 1
  fi
  [ "$status" -eq 0 ] || return "$status"
  echo "test: $sanitizer sanitizer: 0 reports"
}
