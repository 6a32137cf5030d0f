# What a tarball needs to be tried and checked.
EXTRA_DIST += CONTRIBUTING.md PRIVSEP.md docs/overview.png docs/backups.md docs/batches.md docs/restore.md docs/conventions.md docs/faults.md docs/guard.md docs/lint.md docs/notifications.md docs/policy.md docs/rehearsal.md docs/security.md docs/states.md try .shellcheckrc .ci/run \
	tools/build tools/install-packages tools/lint-tree.mjs tools/check-steps.sh tools/print-faults tools/print-states tools/soak \
	tools/try-parts.sh tools/try-setup.sh tools/try-seed.mjs tools/web-client.mjs tools/web-acts.mjs

# `check` is not in EXTRA_DIST: make would take the file for the target of the same name and run all tests.  The
# wildcard keeps the list of scripted tests true.
dist-hook: dist-scripts
dist-scripts:
	cp -p $(top_srcdir)/check $(distdir)/check
	cd $(top_srcdir) && for f in tests/*/*.mjs tests/*/*/*.mjs; do \
		$(MKDIR_P) "$(abs_builddir)/$(distdir)/$${f%/*}" && cp -p "$$f" "$(abs_builddir)/$(distdir)/$$f" || exit 1; \
	done
.PHONY: dist-scripts

# Prints docs/lint.md from the rules.
noinst_PROGRAMS += tools/print-lint
tools_print_lint_SOURCES = tools/print_lint.c
tools_print_lint_LDADD = $(SQL_LIBS)
# Prints the parts of docs/conventions.md that the conventions say of themselves.
noinst_PROGRAMS += tools/print-conventions
tools_print_conventions_SOURCES = tools/print_conventions.c
tools_print_conventions_LDADD = $(MIGRATION_LIBS)

# Kills for so many minutes in a build with fault points; SEED=n repeats what printed it.
soak:
	cd $(srcdir) && tools/soak $(abs_builddir) "$(MINUTES)" "$(SEED)"
.PHONY: soak

# distcheck removes its folder: what its unit tests said is kept where ./check counts it.
installcheck-local:
	@test -z "$(UNIT_LOGS)" || find tests -name 'test_*.log' -o -name 'test_*.trs' | tar cf - -T - | tar xf - -C "$(UNIT_LOGS)"
