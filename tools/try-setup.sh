# shellcheck shell=bash
# What ./try prepares: users, folders, programs, cluster, configuration, people, history.  Sourced by it.

PG_BIN=/usr/lib/postgresql/15/bin
# PROJECT_ENVIRONMENT each.
DATABASES=(shop_development shop_staging shop_production vendors_development)
PEOPLE=(viewer lead lead2 auditor admin)

# Sets DIR and who runs what.
setup_dir() {
	ROOT=0
	[ "$(id -u)" -ne 0 ] || ROOT=1
	if [ -n "$1" ]; then
		DIR=$(realpath -m -- "$1")
	else
		DIR=$(realpath -m -- "$top/var/try")
	fi
	FOOTER=
	if [ "$ROOT" = 1 ]; then
		PG_USER=postgres RUNNER_USER=gatehouse WEB_USER=gatehouse-web NGINX_USER=www-data
		[ -n "$1" ] || setup_reachable
	else
		PG_USER=$(id -un)
		RUNNER_USER=$PG_USER WEB_USER=$PG_USER NGINX_USER=$PG_USER
		FOOTER="reduced isolation"
	fi
	PORT=${port:-$(cat "$DIR/etc/port" 2>/dev/null || echo 8080)}
	SBIN=$DIR/root/usr/local/sbin
	BIN=$DIR/root/usr/local/bin
}

# May an unprivileged user pass through every folder above DIR?
reachable() {
	local d=$1
	while [ "$d" != / ]; do
		d=$(dirname "$d")
		[ ! -d "$d" ] || [ $((0$(stat -c %a "$d") & 1)) -eq 1 ] || {
			echo "$d"
			return 1
		}
	done
}

# A checkout in a private folder (root's own): the service users cannot enter it, so the state goes beside it, with a
# link where it is looked for.
setup_reachable() {
	local other private
	private=$(reachable "$DIR") && return
	other=/var/tmp/gatehouse-try-$(printf '%s' "$DIR" | cksum | cut -d ' ' -f 1)
	if [ ! -d "$other" ]; then
		case $mode in stop | reset | status) return ;; esac
		mkdir -m 755 "$other" || die "$other cannot be made: give a folder with --dir."
	fi
	[ -O "$other" ] && [ ! -L "$other" ] || die "$other belongs to somebody else: give a folder with --dir."
	mkdir -p "$(dirname "$DIR")"
	[ -e "$DIR" ] || ln -s "$other" "$DIR"
	echo "The service users may not enter $private, so the state is in $other ($DIR links there)."
	DIR=$other
}

setup_build() {
	if [ -z "${GATEHOUSE_BUILD-}" ]; then
		GATEHOUSE_BUILD=$top/build/release
		mkdir -p "$top/build"
		[ -e "$GATEHOUSE_BUILD/gatehouse-web" ] || echo "Building (about a minute the first time) ..."
		"$top/tools/build" "$GATEHOUSE_BUILD" >"$top/build/release.log" 2>&1 || {
			grep -aE 'error|Error' "$top/build/release.log" | head -n 5 >&2
			die "The build failed: $top/build/release.log says where."
		}
	fi
}

# What can be known before anything is changed.
setup_check() {
	local longest=$DIR/run/pg/.s.PGSQL.5432 private free
	[ ${#longest} -le 107 ] ||
		die "$DIR is too long for sockets by $((${#longest} - 107)) characters: give a shorter folder with --dir."
	[[ $DIR != *[[:space:]\"\'\;\$\\]* ]] || die "$DIR holds a blank or a quote: give a plain folder with --dir."
	mkdir -p "$DIR" 2>/dev/null && [ -w "$DIR" ] || die "$DIR cannot be written: give another folder with --dir."
	if [ "$ROOT" = 1 ]; then
		private=$(reachable "$DIR") ||
			die "The service users may not enter $private: give a folder elsewhere with --dir, or chmod a+x $private."
	fi
	if [ -e "$DIR/etc/try" ]; then
		[ "$(stat -c %u "$DIR/etc/try")" = "$(id -u)" ] ||
			die "$DIR was made by $(stat -c %U "$DIR/etc/try"): run it as that user, or use another --dir."
	elif [ -n "$(ls -A "$DIR")" ]; then
		die "$DIR is not empty and not of ./try: give another folder with --dir."
	fi
	free=$(($(stat -f -c '%a * %S' "$DIR") / 1048576))
	[ $free -ge 300 ] || die "Only $free MB are free in $DIR, 300 are needed: make room, or give another folder with --dir."
	# A part that runs already keeps its port.
	if ! part_pid nginx >/dev/null || [ "$PORT" != "$(cat "$DIR/etc/port")" ]; then
		! port_taken "$PORT" || die "Port $PORT is in use: choose another one with --port."
	fi
	mkdir -p "$DIR/etc" "$DIR/run/pids" "$DIR/log"
	: >>"$DIR/etc/try"
	chmod 755 "$DIR" "$DIR/etc" "$DIR/run" "$DIR/log"
}

setup_users() {
	local user
	[ "$ROOT" = 1 ] || return 0
	for user in gatehouse-web gatehouse; do
		getent passwd $user >/dev/null ||
			useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin $user ||
			die "The system user $user cannot be made: useradd failed."
	done
	# The runner hands files and a socket to the web tier's group.
	id -nG gatehouse | grep -qw gatehouse-web || usermod -a -G gatehouse-web gatehouse
}

# folder PATH MODE USER GROUP-OF
folder() {
	mkdir -p "$DIR/$1"
	[ "$ROOT" = 0 ] || chown "$3:$(id -g "$4")" "$DIR/$1"
	chmod "$2" "$DIR/$1"
}
setup_folders() {
	local project
	folder store 2750 "$RUNNER_USER" "$WEB_USER"
	folder secrets 0700 "$RUNNER_USER" "$RUNNER_USER"
	folder jobs 0700 "$RUNNER_USER" "$RUNNER_USER"
	folder backups 0700 "$RUNNER_USER" "$RUNNER_USER"
	folder elsewhere 0755 "$PG_USER" "$PG_USER"
	folder run/gatehouse 2755 "$RUNNER_USER" "$WEB_USER"
	folder run/web 2750 "$WEB_USER" "$NGINX_USER"
	folder run/nginx 0700 "$NGINX_USER" "$NGINX_USER"
	folder run/pg 0755 "$PG_USER" "$PG_USER"
	folder pg 0700 "$PG_USER" "$PG_USER"
	mkdir -p "$DIR/projects"
	for project in shop vendors; do
		[ ! -d "$DIR/projects/$project" ] || continue
		cp -R "$top/examples/$project" "$DIR/projects/$project"
		chmod -R u=rwX,go=rX "$DIR/projects"
	done
}

# The programs are copied, so that the service users can read them wherever the checkout is.  New ones replace the old
# ones: the runner and the web workers are started again, a job that runs is not disturbed.
setup_programs() {
	local newest part
	newest=$(stat -c %Y "$GATEHOUSE_BUILD"/gatehouse* "$GATEHOUSE_BUILD"/Makefile 2>/dev/null | sort -n | tail -n 1)
	newest="$newest $GATEHOUSE_BUILD"
	[ "$newest" != "$(cat "$DIR/etc/programs" 2>/dev/null)" ] || return 0
	make -s -C "$GATEHOUSE_BUILD" install DESTDIR="$DIR/root" >"$DIR/log/install.log" 2>&1 ||
		die "make install failed: $DIR/log/install.log says why."
	chmod -R a+rX "$DIR/root"
	for part in web runner; do
		part_stop $part TERM 10
	done
	echo "$newest" >"$DIR/etc/programs"
}

random_word() {
	od -An -N60 -tu1 /dev/urandom | tr -s ' ' '\n' | awk -v letters=abcdefghjkmnpqrstuvwxyz23456789 '
		NF > 0 && $1 < 248 && n < 12 {
			if (n > 0 && n % 4 == 0)
				printf "-"
			printf "%s", substr(letters, $1 % 31 + 1, 1)
			n++
		}
		END { exit n < 12 }'
}

sql() {
	as "$PG_USER" "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$DIR/run/pg" -U postgres "$@"
}

setup_cluster() {
	local password database
	if [ ! -e "$DIR/etc/cluster" ]; then
		[ ! -e "$DIR/pg/PG_VERSION" ] || part_stop postgres INT 20
		find "$DIR/pg" -mindepth 1 -delete
		as "$PG_USER" "$PG_BIN/initdb" -D "$DIR/pg" -U postgres -E UTF8 --locale=C.UTF-8 --no-sync \
			>"$DIR/log/initdb.log" 2>&1 || die "initdb failed: $(tail -n 1 "$DIR/log/initdb.log")"
		as "$PG_USER" tee -a "$DIR/pg/postgresql.conf" >/dev/null <<-END
			listen_addresses = ''
			unix_socket_directories = '$DIR/run/pg'
			unix_socket_permissions = 0777
			max_connections = 50
			shared_buffers = 64MB
			log_line_prefix = '%m [%p] %q%u@%d %a '
			cluster_name = 'gatehouse-try'
		END
		as "$PG_USER" tee "$DIR/pg/pg_hba.conf" >/dev/null <<-END
			local all postgres peer map=owner
			local all all scram-sha-256
		END
		as "$PG_USER" tee "$DIR/pg/pg_ident.conf" >/dev/null <<-END
			owner $PG_USER postgres
		END
	fi
	start_postgres
	[ ! -e "$DIR/etc/cluster" ] || return 0
	password=$(random_word)
	sql -d postgres <<-END
		SET client_min_messages = warning;
		DROP ROLE IF EXISTS shop;
		CREATE ROLE shop LOGIN PASSWORD '$password';
	END
	for database in "${DATABASES[@]}"; do
		sql -d postgres <<-END
			SET client_min_messages = warning;
			DROP DATABASE IF EXISTS $database;
			CREATE DATABASE $database OWNER shop;
		END
	done
	install -m 600 /dev/null "$DIR/etc/passfile"
	echo "${DIR//:/\\:}/run/pg:5432:*:shop:$password" >"$DIR/etc/passfile"
	[ "$ROOT" = 0 ] || chown "$RUNNER_USER:" "$DIR/etc/passfile"
	: >"$DIR/etc/cluster"
}

# The role by which is restored; a folder of an older version has none yet.
setup_restorer() {
	local password
	! grep -q ':gatehouse_restore:' "$DIR/etc/passfile" || return 0
	password=$(random_word)
	sql -d postgres <<-END
		SET client_min_messages = warning;
		DROP ROLE IF EXISTS gatehouse_restore;
		CREATE ROLE gatehouse_restore LOGIN CREATEDB PASSWORD '$password';
		GRANT shop, pg_signal_backend TO gatehouse_restore;
	END
	echo "${DIR//:/\\:}/run/pg:5432:*:gatehouse_restore:$password" >>"$DIR/etc/passfile"
}

# Backups of staging are encrypted.  The key lies beside them, so that they can be proved and restored here.
setup_key() {
	[ ! -e "$DIR/etc/backup.pub" ] || return 0
	rm -f "$DIR/etc/backup.key"
	"$BIN/gatehouse" backup key "$DIR/etc/backup.key" >"$DIR/etc/backup.pub.new" ||
		die "The key for encrypted backups was not made."
	[ "$ROOT" = 0 ] || chown "$RUNNER_USER:" "$DIR/etc/backup.key"
	mv "$DIR/etc/backup.pub.new" "$DIR/etc/backup.pub"
}

# What others keep of the vendors' database: a dump a day by its server's administrator, who knows nothing of Gatehouse.
# It bears the time of two minutes ago, as if it had been copied there: what changed within the last one is left out.
setup_elsewhere() {
	local at name
	[ -z "$(find "$DIR/elsewhere" -name 'vendors-*.dump' -mtime -1)" ] || return 0
	at=$(($(date +%s) - 120))
	name=$DIR/elsewhere/vendors-$(date -u -d "@$at" +%Y%m%dT%H%M%SZ).dump
	as "$PG_USER" "$PG_BIN/pg_dump" -h "$DIR/run/pg" -U postgres -d vendors_development -Fc -f "$name.part"
	as "$PG_USER" touch -d "@$at" "$name.part"
	as "$PG_USER" mv "$name.part" "$name"
	find "$DIR/elsewhere" -name 'vendors-*.dump' -mtime +7 -delete
}

gatehouse_conf() {
	local database account more
	account=$(id -un)
	cat <<-END
		# Written by ./try at each start.
		data = "$DIR"
		socket = "$DIR/run/gatehouse"
		web_user = "$WEB_USER"
		job = "$DIR/root/usr/local/libexec/gatehouse-job"
		pg_bin = "$PG_BIN"
		environments = {"development", "staging", "production"}
		refresh_seconds = 10

		account "$account" { person = "admin" }

		# Where backups are asked for by hand: a file for each table, two written at once.
		environment "development" {
		  backup_format = "directory"
		  backup_jobs = 2
		}

		environment "staging" {
		  $(cat "$DIR/etc/backup.pub")
		  backup_key_file = "$DIR/etc/backup.key"
		}

		environment "production" {
		  # After a run its rehearsed way back is one approval away.
		  revert_window = "1d"
		  long_transaction = "5min"
		  # Every night, proved by a restore within the hour; before a run the backup must be restored and counted.
		  backup_level = "counted"
		  backup_schedule = {"30 2 * * * UTC"}
		  prove_within = "1h"
		  prove_every = "7d"
		  keep_last = 3
		  keep_daily = 7
		  keep_weekly = 4
		  keep_monthly = 6
		}

		project "shop" {
		  folder = "$DIR/projects/shop/migrations"
		  convention = "numbered"
		}

		# The convention is found: dbmate's.
		project "vendors" {
		  folder = "$DIR/projects/vendors/migrations"
		}

		# Somebody else dumps the vendors' database every day; that counts before a run (below).
		outside "vendors-dumps" {
		  target = "vendors_development"
		  kind = "folder"
		  folder = "$DIR/elsewhere"
		  pattern = "vendors-%Y%m%dT%H%M%SZ.dump"
		  refresh = "10min"
		}
	END
	for database in "${DATABASES[@]}"; do
		more=
		[ "$database" != vendors_development ] || more=$'\n  backup_outside = "30d"'
		cat <<-END

			target "$database" {
			  project = "${database%_*}"
			  environment = "${database#*_}"
			  connection = "host=$DIR/run/pg port=5432 dbname=$database user=shop"
			  passfile = "$DIR/etc/passfile"
			  restore_connection = "host=$DIR/run/pg port=5432 dbname=postgres user=gatehouse_restore"$more
			}
		END
	done
}

# Writes a file when its text changed; says whether it did.
renew() {
	cmp -s - "$1" <<<"$2" && return 1
	printf '%s\n' "$2" >"$1.new"
	mv "$1.new" "$1"
}

setup_config() {
	local pid
	if renew "$DIR/etc/gatehouse.conf" "$(gatehouse_conf)"; then
		if pid=$(part_pid runner); then kill -HUP "$pid"; fi
	fi
	if [ "$ROOT" = 1 ]; then
		chown root: "$DIR/etc/gatehouse.conf"
	fi
	chmod 644 "$DIR/etc/gatehouse.conf"
	renew "$DIR/etc/nginx.conf" "$(nginx_conf)" || true
	echo "$PORT" >"$DIR/etc/port"
}

# The sample of conf/ with this folder's paths.
nginx_conf() {
	local data=$DIR/root/usr/local/share/gatehouse
	sed -e "s|@run@|$DIR/run/nginx|g; s|@log@|$DIR/run/nginx|g; s|@listen@|127.0.0.1:$PORT|g" \
		-e "s|@socket@|$DIR/run/web/fcgi.sock|g; s|@static@|$data/static|g" "$top/conf/nginx.conf.in"
}

setup_people() {
	local name password roles
	[ ! -e "$DIR/etc/people" ] || return 0
	for name in admin "${PEOPLE[@]}"; do
		! grep -q "^$name " "$DIR/etc/accounts" 2>/dev/null || continue
		password=$(random_word)
		roles=${name%2}
		"$BIN/gatehouse" --socket "$DIR/run/gatehouse/admin.sock" people add "$name" --roles "$roles" \
			<<<"$password" >>"$DIR/log/people.log" 2>&1 ||
			die "The account $name was not made: $(tail -n 1 "$DIR/log/people.log")"
		(umask 077 && echo "$name $password" >>"$DIR/etc/accounts")
	done
	: >"$DIR/etc/people"
}

setup_history() {
	[ ! -e "$DIR/etc/history" ] || return 0
	node "$top/tools/try-seed.mjs" "$DIR" "$PORT" || die "The history was not made; start again to go on with it."
	: >"$DIR/etc/history"
}

setup_remove() {
	[ -e "$DIR/etc/try" ] || die "$DIR is not of ./try."
	find "$DIR" -mindepth 1 -delete
	rmdir "$DIR" 2>/dev/null || true
	[ ! -L "$top/var/try" ] || [ -e "$top/var/try" ] || rm -f "$top/var/try"
}

setup_print() {
	local name
	echo
	echo "Gatehouse: http://127.0.0.1:$PORT/"
	for name in "${PEOPLE[@]}"; do
		printf '  %-8s %s\n' "$name" "$(sed -n "s/^$name //p" "$DIR/etc/accounts")"
	done
	[ -z "$FOOTER" ] || echo "Not started by root: everything runs as $PG_USER (reduced isolation)."
	echo "ready"
}
