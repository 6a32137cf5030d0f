# What a tarball needs to be tried and checked.
EXTRA_DIST += try check .shellcheckrc .ci/run \
	tools/build tools/install-packages tools/lint-tree tools/check-steps.sh \
	tools/try-parts.sh tools/try-setup.sh tools/try-seed.mjs tools/web-client.mjs tools/web-acts.mjs \
	tests/support/stack.mjs tests/support/users.mjs
