# sources, programs and tests of runner
