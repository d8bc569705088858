// The portal's templates, texts and assets as they lie in Sources/Portal.
#ifndef LOCKBOX_PORTAL_FILES_H
#define LOCKBOX_PORTAL_FILES_H

#include <stddef.h>

struct portal_file {
  // Below Sources/Portal, such as "Templates/layout.mustache".
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

extern const size_t portal_file_count;
struct portal_file portal_file(size_t index);

#endif
