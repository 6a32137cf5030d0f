# shellcheck shell=bash
# The processes of ./try: starting, stopping, looking after them.  Sourced by it; DIR is set by try-setup.sh.
#
# A part is one process (with its children) with DIR/run/pids/NAME holding "PID START", START being the kernel's start
# time of that process: a pid that was given to another process since is not ours.

PARTS=(postgres runner web nginx)

die() {
	echo "try: $*" >&2
	exit 1
}

# Runs a command as one of the service users, with a small environment; as the caller when that is not root.
as() {
	local user=$1
	shift
	if [ "$ROOT" = 1 ]; then
		exec_env setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
	else
		exec_env "$@"
	fi
}
exec_env() {
	${EXEC:+exec} env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 TZ=UTC \
		${GATEHOUSE_FAULT+"GATEHOUSE_FAULT=$GATEHOUSE_FAULT"} "$@"
}

started_at() {
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	# The name in parentheses may hold spaces: fields are counted after it.
	stat=${stat##*) }
	read -r -a stat <<<"$stat"
	[ "${stat[0]}" != Z ] || return 1
	echo "${stat[19]}"
}

# Prints the pid of a part that runs.
part_pid() {
	local pid start
	{ read -r pid start <"$DIR/run/pids/$1"; } 2>/dev/null || return 1
	[ "$(started_at "$pid")" = "$start" ] || return 1
	echo "$pid"
}

part_start() {
	local name=$1 user=$2 pid
	shift 2
	EXEC=1 as "$user" setsid "$@" </dev/null >>"$DIR/log/$name.log" 2>&1 9>&- &
	pid=$!
	disown "$pid"
	echo "$pid $(started_at "$pid" || true)" >"$DIR/run/pids/$name"
}

# Waits until a command succeeds while the part lives.
part_wait() {
	local name=$1 i
	shift
	for ((i = 0; i < 200; i++)); do
		! "$@" >/dev/null 2>&1 || return 0
		part_pid "$name" >/dev/null || break
		sleep 0.05
	done
	! "$@" >/dev/null 2>&1 || return 0
	echo "try: $name did not start; the end of $DIR/log/$name.log:" >&2
	tail -n 3 "$DIR/log/$name.log" >&2
	exit 1
}

parts_lock() {
	[ -w "$DIR/run" ] && [ ! -e "$DIR/run/lock" ] || [ -w "$DIR/run/lock" ] ||
		die "$DIR was made by $(stat -c %U "$DIR/etc/try"): run it as that user, or use another --dir."
	exec 9>>"$DIR/run/lock"
	flock -w 60 9 || die "Another ./try is at work on $DIR: wait for it, or use another --dir."
}
parts_unlock() {
	exec 9>&-
}

postgres_answers() {
	as "$PG_USER" "$PG_BIN/psql" -X -q -h "$DIR/run/pg" -U postgres -d postgres -c 'SELECT 1'
}
start_postgres() {
	part_pid postgres >/dev/null || {
		part_start postgres "$PG_USER" "$PG_BIN/postgres" -D "$DIR/pg"
		part_wait postgres postgres_answers
	}
}
start_runner() {
	part_pid runner >/dev/null || {
		part_start runner "$RUNNER_USER" "$SBIN/gatehouse-runner" --config "$DIR/etc/gatehouse.conf"
		part_wait runner test -S "$DIR/run/gatehouse/admin.sock"
	}
}
start_web() {
	part_pid web >/dev/null || {
		rm -f "$DIR/run/web/fcgi.sock"
		part_start web "$WEB_USER" "$SBIN/gatehouse-web" --listen "$DIR/run/web/fcgi.sock" --store "$DIR/store" \
			--runner "$DIR/run/gatehouse/web.sock" --workers 4 ${FOOTER:+--footer "$FOOTER"}
		part_wait web test -S "$DIR/run/web/fcgi.sock"
	}
}
nginx_answers() {
	curl -s -f -o /dev/null --max-time 5 "http://127.0.0.1:$PORT/signin"
}
start_nginx() {
	local wanted=$DIR/etc/nginx.conf
	if part_pid nginx >/dev/null && ! cmp -s "$wanted" "$DIR/run/nginx.started"; then
		part_stop nginx QUIT 5
	fi
	part_pid nginx >/dev/null || {
		! port_taken "$PORT" || die "Port $PORT is in use: choose another one with --port."
		part_start nginx "$NGINX_USER" /usr/sbin/nginx -p "$DIR/run/nginx" -c "$wanted" -g 'daemon off;'
		part_wait nginx nginx_answers
		cp "$wanted" "$DIR/run/nginx.started"
	}
}
port_taken() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Starts what does not run; what runs is left alone.
parts_start() {
	start_postgres
	start_runner
	start_web
	start_nginx
}

part_stop() {
	local name=$1 signal=$2 seconds=$3 pid i
	if pid=$(part_pid "$name"); then
		kill -s "$signal" "$pid" 2>/dev/null || true
		for ((i = 0; i < seconds * 20; i++)); do
			part_pid "$name" >/dev/null || break
			sleep 0.05
		done
		! part_pid "$name" >/dev/null || kill_tree "$pid"
	fi
	rm -f "$DIR/run/pids/$name"
}
kill_tree() {
	local child
	while read -r child; do
		[ -z "$child" ] || kill_tree "$child"
	done < <(cat "/proc/$1/task/"*/children 2>/dev/null | tr ' ' '\n')
	kill -KILL "$1" 2>/dev/null || true
}

# Pids of processes whose program lies below DIR: jobs outlive their runner by design.
programs_left() {
	local exe
	for exe in /proc/[0-9]*/exe; do
		case $(readlink "$exe" 2>/dev/null) in
		"$DIR"/*) basename "$(dirname "$exe")" ;;
		esac
	done
}

parts_stop() {
	local i pid
	part_stop nginx QUIT 5
	part_stop web TERM 5
	part_stop runner TERM 10
	# A job may finish what it does; a job that takes long is told to stop, its transaction rolls back.
	for ((i = 0; i < 300; i++)); do
		[ -n "$(programs_left)" ] || break
		[ $i -ne 100 ] || for pid in $(programs_left); do kill -TERM "$pid" 2>/dev/null || true; done
		[ $i -ne 200 ] || for pid in $(programs_left); do kill_tree "$pid"; done
		sleep 0.05
	done
	part_stop postgres INT 20
	rm -f "$DIR/run/nginx.started"
	[ -z "$(programs_left)" ] || die "These processes of $DIR would not end: $(programs_left | tr '\n' ' ')"
}

parts_status() {
	local name pid ok=0
	for name in "${PARTS[@]}"; do
		if pid=$(part_pid "$name"); then
			echo "$name runs (pid $pid)"
		else
			echo "$name does not run"
			ok=1
		fi
	done
	[ $ok -ne 0 ] || echo "http://127.0.0.1:$(cat "$DIR/etc/port")/"
	return $ok
}
