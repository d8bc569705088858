// OpenSSL 3.0 for Swift: the headers, and static inline functions for what exists only as a macro.
#ifndef LOCKBOX_COPENSSL_SHIM_H
#define LOCKBOX_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#endif
