# sources, programs and tests of store
