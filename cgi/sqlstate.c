#include "base/ban.h"
#include "cgi/sqlstate.h"

static const struct sqlstate states[] = {
	{ "08006", "The connection broke", "The server or the network went away in the middle.",
	    "See whether the server is up and what its log says, then look at what is true now before asking "
	    "again." },
	{ "0A000", "This server cannot do that",
	    "The statement is known, but not in this form, on this kind of object or in this version.",
	    "Write it in the way that this version of PostgreSQL offers." },
	{ "22001", "A text is too long for its column",
	    "A row holds a longer text than the column's type allows, or the new type is shorter than what "
	    "is there.",
	    "Find the longest (max(length(column))), then shorten the rows or choose a wider type." },
	{ "22P02", "A text cannot be read as that type",
	    "A value was to become a number, a date, an enum or another type, and does not look like one.",
	    "Find the rows that do not fit and correct them first, or convert with an explicit USING." },
	{ "23502", "A column that must have a value is empty",
	    "The table holds rows without a value in a column that is to be NOT NULL.",
	    "Fix the data first, then add the constraint: UPDATE t SET col = ... WHERE col IS NULL in a "
	    "migration of its own, then SET NOT NULL; or give the column a default." },
	{ "23503", "A row points at something that is not there",
	    "The table holds rows that refer to a missing row, or a row that others still refer to was to "
	    "go.",
	    "Find the orphans with an anti-join, correct or remove them, then add the constraint NOT VALID "
	    "and validate it." },
	{ "23505", "Two rows have the same value",
	    "A value that has to be unique is in the table more than once, or was inserted a second time.",
	    "Clean up the duplicates before the constraint is added: keep the first and delete the rest "
	    "(DELETE FROM t a USING t b WHERE a.id > b.id AND a.col = b.col), in a migration of its own, "
	    "then "
	    "run this one again." },
	{ "23514", "A row breaks a rule of its table",
	    "A CHECK constraint is to hold for rows that do not fit it.",
	    "Find the rows for which the condition is false and correct them; or add it NOT VALID and "
	    "validate it later." },
	{ "23P01", "Two rows overlap",
	    "An exclusion constraint is to hold for rows that conflict with each other.",
	    "Find the overlapping rows with a self-join and correct them first." },
	{ "25001", "This must run outside a transaction",
	    "The statement (CREATE INDEX CONCURRENTLY, VACUUM and their like) refuses to run inside one.",
	    "Put it into a migration of its own, without BEGIN and COMMIT." },
	{ "25006", "The database is read-only",
	    "The server is a standby, or the database or role is set to read-only transactions.",
	    "Point the target at the primary; look at default_transaction_read_only." },
	{ "25P02", "The transaction had failed already",
	    "An earlier statement of the same transaction failed, so the server refuses the next.",
	    "See what failed first; everything of this transaction was rolled back." },
	{ "28P01", "The password was not accepted", "The server refused the role's password.",
	    "Correct the entry for this host, database and role in the target's passfile." },
	{ "2BP01", "Something else still depends on it",
	    "A view, key, function or another object uses what was to be dropped; the detail names it.",
	    "Drop or change what depends on it first, by name. CASCADE would take it along unseen." },
	{ "3D000", "The database does not exist",
	    "The server has no database of the name that the target is configured with.",
	    "Correct dbname in the target's connection, or create the database." },
	{ "3F000", "There is no such schema",
	    "The statement names a schema that does not exist on this target.",
	    "Create it in an earlier migration, or correct the name." },
	{ "40P01", "Two sessions waited for each other",
	    "This run and another session each held a lock that the other needed; PostgreSQL ended this one.",
	    "Ask again at a quieter time. Let the migration take its locks in the order in which the "
	    "application does." },
	{ "42501", "The role may not do that",
	    "The database role of this target lacks a right, or does not own the object.",
	    "Let the owner grant it (GRANT, ALTER ... OWNER TO), or let the target use the role that owns "
	    "the schema." },
	{ "42601", "PostgreSQL cannot read the statement",
	    "There is a mistake in the SQL at the place named.",
	    "Correct the file and ask again: a request keeps the bytes that it was made with." },
	{ "42701", "The column is there already",
	    "The table has a column of that name: somebody added it by hand, or the migration ran without "
	    "being tracked.",
	    "Compare the column with the migration. If they agree, use ADD COLUMN IF NOT EXISTS." },
	{ "42703", "There is no such column",
	    "The statement names a column that the table does not have on this target.",
	    "See whether an earlier migration is missing here, or whether the name is misspelt." },
	{ "42704", "There is no such object",
	    "A type, role, constraint, extension or other object that is named does not exist on this "
	    "target.",
	    "Create it first; roles and extensions are often made by hand on each server." },
	{ "42710", "An object of that name is there already",
	    "A constraint, trigger, policy, type or role of that name exists.",
	    "Compare it with the migration; drop it first or ask for it IF NOT EXISTS where that form "
	    "exists." },
	{ "42723", "The function is there already",
	    "A function of that name and with these arguments exists.",
	    "Write CREATE OR REPLACE FUNCTION, or drop it first." },
	{ "42883", "There is no such function",
	    "No function of that name takes arguments of these types here; an extension may be missing.",
	    "Correct the name, cast the arguments, or create the extension first." },
	{ "42P01", "There is no such table",
	    "The statement names a table or view that does not exist here or is not in the search path.",
	    "See whether an earlier migration is missing on this target, or name the schema." },
	{ "42P06", "The schema is there already", "A schema of that name exists.",
	    "Write CREATE SCHEMA IF NOT EXISTS." },
	{ "42P07", "The table or index is there already",
	    "A table, view or index of that name exists: made by hand, or left by an earlier try.",
	    "Compare it with the migration. An index may be an invalid leftover: drop it, then ask again." },
	{ "53100", "The disk is full", "The server could not write; the transaction was rolled back.",
	    "Make room on the server first. An index or a rewritten table needs about its own size again." },
	{ "53200", "The server had no memory left",
	    "The server could not get memory, or its table of locks was full; the transaction was rolled "
	    "back.",
	    "Take fewer objects in one transaction, or raise what the message names "
	    "(max_locks_per_transaction, work_mem)." },
	{ "53300", "All connections were taken", "The server has as many sessions as max_connections allows.",
	    "End sessions that are idle for long, or let the application use fewer, then ask again." },
	{ "55P03", "The lock was not free in time",
	    "Another session held a lock on the table for longer than this target's lock_timeout.",
	    "Find who holds it (pg_blocking_pids), wait for it to end, then ask again." },
	{ "57014", "The statement was cancelled",
	    "It passed the statement_timeout of this target, or somebody cancelled it.",
	    "For large tables use CREATE INDEX CONCURRENTLY, add columns without a default and update in "
	    "batches; or let it run at a quiet time with a longer statement_timeout." },
};

const struct sqlstate *
sqlstate_find(const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (strcmp(states[i].code, code) == 0)
			return &states[i];
	}
	return NULL;
}
