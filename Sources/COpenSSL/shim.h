// OpenSSL 3.0 for Swift: the headers, and static inline functions for what exists only as a macro.
#ifndef LOCKBOX_COPENSSL_SHIM_H
#define LOCKBOX_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// TLS: what libssl offers only as function-like macros.

static inline int shim_SSL_CTX_only_tls13(SSL_CTX *ctx) {
  return SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1;
}

// No tickets, no renegotiation, no compression.
static inline void shim_SSL_CTX_set_strict_options(SSL_CTX *ctx) {
  SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
}

static inline void shim_SSL_CTX_set_buffer_modes(SSL_CTX *ctx) {
  SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(ctx, 1);
}

static inline void shim_SSL_CTX_session_cache_off(SSL_CTX *ctx) {
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
}

static inline int shim_SSL_CTX_set1_groups_list(SSL_CTX *ctx, const char *list) {
  return (int)SSL_CTX_set1_groups_list(ctx, list);
}

static inline int shim_SSL_CTX_set1_sigalgs_list(SSL_CTX *ctx, const char *list) {
  return (int)SSL_CTX_set1_sigalgs_list(ctx, list);
}

static inline void shim_SSL_CTX_set_max_cert_list(SSL_CTX *ctx, long bytes) {
  SSL_CTX_set_max_cert_list(ctx, bytes);
}

static inline int shim_SSL_CTX_add1_chain_cert(SSL_CTX *ctx, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}

static inline int shim_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline int shim_BIO_TYPE_SOURCE_SINK(void) { return BIO_TYPE_SOURCE_SINK; }

static inline void shim_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline void shim_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

// Every libssl call needs an empty queue of errors before it. It nearly always is, and looking is
// cheaper than emptying.
static inline void shim_ERR_ensure_clear(void) {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

static inline int shim_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }

static inline int shim_ERR_GET_LIB(unsigned long code) { return ERR_GET_LIB(code); }

// DevPKI: key generation is variadic.

static inline EVP_PKEY *shim_EVP_P256_gen(void) {
  return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

static inline EVP_PKEY *shim_EVP_ED25519_gen(void) {
  return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

static inline EVP_PKEY *shim_EVP_RSA_gen(size_t bits) {
  return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

#endif
