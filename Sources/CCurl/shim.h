#ifndef LOCKBOX_CCURL_SHIM_H
#define LOCKBOX_CCURL_SHIM_H

// The checks are macros around what Swift cannot call anyway.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// Swift calls no variadic functions: one for each type of argument.

static inline CURLcode lockbox_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lockbox_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lockbox_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lockbox_curl_set_list(
    CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lockbox_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*lockbox_curl_bytes)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode lockbox_curl_set_bytes(
    CURL *handle, CURLoption option, lockbox_curl_bytes value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lockbox_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

typedef int (*lockbox_curl_listener)(
    CURL *handle, curl_infotype type, char *bytes, size_t count, void *context);

static inline CURLcode lockbox_curl_set_listener(CURL *handle, lockbox_curl_listener value) {
  return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, value);
}

typedef int (*lockbox_curl_progress)(
    void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode lockbox_curl_set_progress(CURL *handle, lockbox_curl_progress value) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

#endif
