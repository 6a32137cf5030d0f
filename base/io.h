/*
 * Files and descriptors.  Everything is opened close-on-exec.
 */
#ifndef GH_BASE_IO_H
#define GH_BASE_IO_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cleanup variable: GH_FD int fd = -1; */
#define GH_FD __attribute__((cleanup(gh_fd_done)))
void gh_fd_done(int *fd);
/* Hands a descriptor out of its cleanup variable. */
int gh_fd_take(int *fd);

/* Reads a whole descriptor or file, at most limit bytes (more is GH_BAD_INPUT). */
enum gh_code gh_read_all(int fd, size_t limit, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code gh_file_read(
    const char *path, size_t limit, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;
/* Writes all of it; retries EINTR and short writes. */
enum gh_code gh_write_all(int fd, const void *data, size_t len, struct gh_err *err) GH_MUST_USE;
/* Temporary name, write, fsync, rename, fsync of the folder. */
enum gh_code gh_file_replace(
    const char *path, const void *data, size_t len, unsigned mode, struct gh_err *err) GH_MUST_USE;
enum gh_code gh_fsync_folder(const char *path, struct gh_err *err) GH_MUST_USE;
/* A sealed-size anonymous file holding data, mode 0600, offset 0; close-on-exec. */
enum gh_code gh_memfd(
    const char *name, const void *data, size_t len, int *ret_fd, struct gh_err *err) GH_MUST_USE;
/* Exclusive advisory lock (F_OFD_SETLK); *ret_got false when another process holds it. */
enum gh_code gh_lock_try(int fd, bool *ret_got, struct gh_err *err) GH_MUST_USE;

/* UTF-8 without NUL; *ret_at is the byte offset of the first wrong byte. */
bool gh_utf8_valid(const char *s, size_t len, size_t *ret_at);
/* How much of len bytes are whole characters within max bytes: where a text is cut that is too long. */
size_t gh_utf8_cut(const char *s, size_t len, size_t max);
/* Whole decimal string into min..max; false otherwise. */
bool gh_parse_i64(const char *s, int64_t min, int64_t max, int64_t *ret);

#endif
