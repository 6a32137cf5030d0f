# sources, programs and tests of examples
