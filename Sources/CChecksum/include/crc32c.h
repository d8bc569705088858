#ifndef LOCKBOX_CRC32C_H
#define LOCKBOX_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `length` bytes, continued from `crc`: 0 to begin,
/// or what an earlier call gave for the bytes before.
uint32_t lockbox_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same without the processor's instruction: what other machines run, and what tests compare.
uint32_t lockbox_crc32c_portable(uint32_t crc, const void *bytes, size_t length);

#endif
