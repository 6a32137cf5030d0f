/*
 * What all fuzz programs share.  `fuzz_NAME SECONDS` runs that long, starting from the inputs kept in
 * tests/fuzz/corpus/NAME, and writes nothing but the input that made it crash (into the current folder);
 * `fuzz_NAME FILE` repeats one; any other arguments are libFuzzer's own.
 *
 * A program that tries several things alike names them by fuzz_part_name: with --part=NAME it tries that one
 * alone, starting from the kept inputs whose names begin with it; --parts prints the names.
 */
#ifndef GH_TESTS_FUZZ_FUZZ_H
#define GH_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

extern const char *fuzz_part;         /* "" any */
const char *fuzz_part_name(size_t i); /* NULL: there are no more */
void fuzz_begin(void); /* what a program needs once, before its time begins; nothing by default */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
