# sources, programs and tests of conf
