# sources, programs and tests of migration
