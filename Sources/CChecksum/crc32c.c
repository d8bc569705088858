#include "crc32c.h"

#include <pthread.h>
#include <string.h>

static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void make_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
    table[0][byte] = crc;
  }
  for (uint32_t byte = 0; byte < 256; byte++)
    for (int slice = 1; slice < 8; slice++)
      table[slice][byte] = table[slice - 1][byte] >> 8 ^ table[0][table[slice - 1][byte] & 0xFF];
}

uint32_t lockbox_crc32c_portable(uint32_t crc, const void *bytes, size_t length) {
  pthread_once(&table_once, make_table);
  const uint8_t *next = bytes;
  crc = ~crc;
  for (; length >= 8; length -= 8, next += 8) {
    crc ^= (uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 |
           (uint32_t)next[3] << 24;
    crc = table[7][crc & 0xFF] ^ table[6][crc >> 8 & 0xFF] ^ table[5][crc >> 16 & 0xFF] ^
          table[4][crc >> 24] ^ table[3][next[4]] ^ table[2][next[5]] ^ table[1][next[6]] ^
          table[0][next[7]];
  }
  while (length--) crc = crc >> 8 ^ table[0][(crc ^ *next++) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(
    uint32_t crc, const void *bytes, size_t length) {
  const uint8_t *next = bytes;
  uint64_t state = (uint32_t)~crc;
  for (; length >= 8; length -= 8, next += 8) {
    uint64_t word;
    memcpy(&word, next, sizeof word);
    state = __builtin_ia32_crc32di(state, word);
  }
  uint32_t rest = (uint32_t)state;
  while (length--) rest = __builtin_ia32_crc32qi(rest, *next++);
  return ~rest;
}

uint32_t lockbox_crc32c(uint32_t crc, const void *bytes, size_t length) {
  if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(crc, bytes, length);
  return lockbox_crc32c_portable(crc, bytes, length);
}

#else

uint32_t lockbox_crc32c(uint32_t crc, const void *bytes, size_t length) {
  return lockbox_crc32c_portable(crc, bytes, length);
}

#endif
