#include "base/ban.h"
#include "runner/job/pg_error.h"

#define PUT(field, s) say_clean((field), sizeof(field), (s))

static const char *
field(const PGresult *res, int code)
{
	const char *s = PQresultErrorField(res, code);

	return s == NULL ? "" : s;
}

/* Where in a function it happened is worth as much as the detail: both are shown as one. */
static void
put_detail(struct pg_error *e, const PGresult *res)
{
	const char *detail = field(res, PG_DIAG_MESSAGE_DETAIL), *context = field(res, PG_DIAG_CONTEXT);
	char both[sizeof(e->detail)];

	(void)snprintf(both, sizeof(both), "%s%s%s%s", detail,
	    detail[0] != '\0' && context[0] != '\0' ? "\n" : "", context[0] != '\0' ? "In: " : "", context);
	PUT(e->detail, both);
}

void
pg_error_result(struct pg_error *e, const PGresult *res)
{
	const char *position = field(res, PG_DIAG_STATEMENT_POSITION);

	*e = (struct pg_error){ .position = position[0] == '\0' ? 0 : strtoll(position, NULL, 10) };
	PUT(e->sqlstate, field(res, PG_DIAG_SQLSTATE));
	PUT(e->message, field(res, PG_DIAG_MESSAGE_PRIMARY));
	put_detail(e, res);
	PUT(e->hint, field(res, PG_DIAG_MESSAGE_HINT));
	PUT(e->schema, field(res, PG_DIAG_SCHEMA_NAME));
	PUT(e->table, field(res, PG_DIAG_TABLE_NAME));
	PUT(e->column, field(res, PG_DIAG_COLUMN_NAME));
	PUT(e->constraint, field(res, PG_DIAG_CONSTRAINT_NAME));
	if (e->message[0] == '\0')
		PUT(e->message, PQresultErrorMessage(res));
	e->message[strcspn(e->message, "\n")] = '\0';
	e->lost = e->sqlstate[0] == '\0';
}

void
pg_error_conn(struct pg_error *e, const PGconn *conn)
{
	size_t len, i;

	*e = (struct pg_error){ .lost = true };
	PUT(e->message, PQerrorMessage(conn));
	len = strlen(e->message);
	while (len > 0 && e->message[len - 1] == '\n')
		e->message[--len] = '\0';
	for (i = 0; i < len; i++) {
		if (e->message[i] == '\n' || e->message[i] == '\t')
			e->message[i] = ' ';
	}
	if (len == 0)
		PUT(e->message, "the connection is lost");
}

void
pg_error_text(struct pg_error *e, bool lost, const char *fmt, ...)
{
	char text[sizeof(e->message)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	*e = (struct pg_error){ .lost = lost };
	PUT(e->message, text);
}

bool
pg_error_is(const struct pg_error *e, const char *prefix)
{
	return strncmp(e->sqlstate, prefix, strlen(prefix)) == 0;
}

bool
pg_error_retry(const struct pg_error *e)
{
	return e->gave_way || pg_error_is(e, "55P03") || pg_error_is(e, "40P01") || pg_error_is(e, "40001");
}

bool
pg_error_doubt(const struct pg_error *e)
{
	return e->lost || e->sqlstate[0] == '\0' || pg_error_is(e, "08") || pg_error_is(e, "57P") ||
	    pg_error_is(e, "58");
}

int64_t
pg_error_line(const struct pg_error *e, const char *sql, size_t len, int64_t first_line)
{
	int64_t line = first_line, characters = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (((unsigned char)sql[i] & 0xc0) == 0x80)
			continue;
		if (++characters >= e->position)
			break;
		if (sql[i] == '\n')
			line++;
	}
	return line;
}

void
pg_error_say(struct job *j, const struct pg_error *e, struct say_at at, int64_t line)
{
	struct wire_out o;

	say_start(j, WIRE_J_ERROR, &o);
	wire_put_i64(&o, at.migration);
	wire_put_i64(&o, at.statement);
	wire_put_text(&o, e->sqlstate);
	wire_put_text(&o, e->message);
	wire_put_text(&o, e->detail);
	wire_put_text(&o, e->hint);
	wire_put_i64(&o, e->position);
	wire_put_text(&o, e->schema);
	wire_put_text(&o, e->table);
	wire_put_text(&o, e->column);
	wire_put_text(&o, e->constraint);
	wire_put_i64(&o, line);
	say_end(j, &o);
}
