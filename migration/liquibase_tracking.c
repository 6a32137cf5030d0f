#include "base/ban.h"
#include "migration/liquibase_tracking.h"

static const char *const create[] = {
	"CREATE SCHEMA IF NOT EXISTS {schema}",
	"CREATE TABLE IF NOT EXISTS {schema}.databasechangeloglock (id integer NOT NULL, locked boolean NOT "
	"NULL,"
	" lockgranted timestamp without time zone, lockedby varchar(255), PRIMARY KEY (id))",
	"INSERT INTO {schema}.databasechangeloglock (id, locked) VALUES (1, false) ON CONFLICT (id) DO "
	"NOTHING",
	"CREATE TABLE {schema}.{table} (id varchar(255) NOT NULL, author varchar(255) NOT NULL,"
	" filename varchar(255) NOT NULL, dateexecuted timestamp without time zone NOT NULL,"
	" orderexecuted integer NOT NULL, exectype varchar(10) NOT NULL, md5sum varchar(35),"
	" description varchar(255), comments varchar(255), tag varchar(255), liquibase varchar(20),"
	" contexts varchar(255), labels varchar(255), deployment_id varchar(10))",
	NULL,
};

#define WHERE_IT_IS " WHERE id = :id AND author = :author AND filename = :path"

/* One that has run before is marked as run again; there is no primary key that could tell. */
static const char *const up_row[] = {
	"UPDATE {schema}.{table} SET dateexecuted = localtimestamp, exectype = 'RERAN', md5sum = :checksum,"
	" orderexecuted = (SELECT coalesce(max(orderexecuted), 0) + 1 FROM {schema}.{table}),"
	" comments = left(:comments, 255), contexts = :contexts, labels = :labels, liquibase = 'Gatehouse',"
	" deployment_id = right(:run, 10)" WHERE_IT_IS,
	"INSERT INTO {schema}.{table} (id, author, filename, dateexecuted, orderexecuted, exectype, md5sum,"
	" description, comments, liquibase, contexts, labels, deployment_id)"
	" SELECT :id, :author, :path, localtimestamp,"
	" (SELECT coalesce(max(orderexecuted), 0) + 1 FROM {schema}.{table}), 'EXECUTED', :checksum, 'sql',"
	" left(:comments, 255), 'Gatehouse', :contexts, :labels, right(:run, 10)"
	" WHERE NOT EXISTS (SELECT 1 FROM {schema}.{table}" WHERE_IT_IS ")",
	NULL,
};
static const char *const down_row[] = { "DELETE FROM {schema}.{table}" WHERE_IT_IS, NULL };

#define STRING(name, size, not_null)                                                                         \
	{                                                                                                    \
		name, "character varying(" size ")", not_null                                                \
	}

const struct convention_tracking liquibase_tracking[1] = { {
    .schema = "public",
    .table = "databasechangelog",
    .tables = {
	{ NULL,
	    { STRING("id", "255", "t"), STRING("author", "255", "t"), STRING("filename", "255", "t"),
		{ "dateexecuted", "timestamp without time zone", "t" }, { "orderexecuted", "integer", "t" },
		STRING("exectype", "10", "t"), STRING("md5sum", "35", "f"), STRING("description", "255", "f"),
		STRING("comments", "255", "f"), STRING("tag", "255", "f"), STRING("liquibase", "20", "f"),
		STRING("contexts", "255", "f"), STRING("labels", "255", "f"), STRING("deployment_id", "10", "f") },
	    14 },
	{ "databasechangeloglock",
	    { { "id", "integer", "t" }, { "locked", "boolean", "t" },
		{ "lockgranted", "timestamp without time zone", "f" }, STRING("lockedby", "255", "f") },
	    4 },
    },
    .n_tables = 2,
    .create = create,
    .select = "SELECT filename || '::' || id || '::' || author,"
	      " (extract(epoch FROM dateexecuted AT TIME ZONE current_setting('TimeZone')) * 1000000)::bigint,"
	      " CASE exectype WHEN 'FAILED' THEN 'failed' WHEN 'SKIPPED' THEN 'gone' ELSE 'applied' END,"
	      " md5sum, 'Liquibase ' || liquibase, comments"
	      " FROM {schema}.{table} ORDER BY orderexecuted, dateexecuted",
    .up = { .row = up_row },
    .down = { .row = down_row },
} };

const char liquibase_lock[] =
    "INSERT INTO {schema}.databasechangeloglock AS l (id, locked, lockgranted, lockedby)"
    " VALUES (1, true, localtimestamp, 'Gatehouse run ' || :run::text)"
    " ON CONFLICT (id) DO UPDATE SET locked = true, lockgranted = excluded.lockgranted,"
    " lockedby = excluded.lockedby WHERE NOT l.locked RETURNING id";
const char liquibase_unlock[] =
    "UPDATE {schema}.databasechangeloglock SET locked = false, lockgranted = NULL, lockedby = NULL"
    " WHERE id = 1 AND lockedby = 'Gatehouse run ' || :run::text";
