/*
 * What all fuzz programs share.  `fuzz_NAME SECONDS` runs that long, starting from the inputs kept in
 * tests/fuzz/corpus/NAME, and writes nothing but the input that made it crash (into the current folder);
 * `fuzz_NAME FILE` repeats one; any other arguments are libFuzzer's own.
 */
#ifndef GH_TESTS_FUZZ_FUZZ_H
#define GH_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
