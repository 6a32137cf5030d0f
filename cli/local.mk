# sources, programs and tests of cli
