# sources, programs and tests of man
