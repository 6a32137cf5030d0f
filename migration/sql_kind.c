#include "base/ban.h"
#include "migration/sql_node.h"

#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name
#define KIND(name)   PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_##name

const char *
sql_object_type(PgQuery__ObjectType type)
{
	static const char *const words[] = {
		[OBJECT(ACCESS_METHOD)] = "ACCESS METHOD",
		[OBJECT(AGGREGATE)] = "AGGREGATE",
		[OBJECT(ATTRIBUTE)] = "TYPE",
		[OBJECT(CAST)] = "CAST",
		[OBJECT(COLUMN)] = "TABLE",
		[OBJECT(COLLATION)] = "COLLATION",
		[OBJECT(CONVERSION)] = "CONVERSION",
		[OBJECT(DATABASE)] = "DATABASE",
		[OBJECT(DOMAIN)] = "DOMAIN",
		[OBJECT(DOMCONSTRAINT)] = "DOMAIN",
		[OBJECT(EVENT_TRIGGER)] = "EVENT TRIGGER",
		[OBJECT(EXTENSION)] = "EXTENSION",
		[OBJECT(FDW)] = "FOREIGN DATA WRAPPER",
		[OBJECT(FOREIGN_SERVER)] = "SERVER",
		[OBJECT(FOREIGN_TABLE)] = "FOREIGN TABLE",
		[OBJECT(FUNCTION)] = "FUNCTION",
		[OBJECT(INDEX)] = "INDEX",
		[OBJECT(LANGUAGE)] = "LANGUAGE",
		[OBJECT(LARGEOBJECT)] = "LARGE OBJECT",
		[OBJECT(MATVIEW)] = "MATERIALIZED VIEW",
		[OBJECT(OPCLASS)] = "OPERATOR CLASS",
		[OBJECT(OPERATOR)] = "OPERATOR",
		[OBJECT(OPFAMILY)] = "OPERATOR FAMILY",
		[OBJECT(POLICY)] = "POLICY",
		[OBJECT(PROCEDURE)] = "PROCEDURE",
		[OBJECT(PUBLICATION)] = "PUBLICATION",
		[OBJECT(ROLE)] = "ROLE",
		[OBJECT(ROUTINE)] = "ROUTINE",
		[OBJECT(RULE)] = "RULE",
		[OBJECT(SCHEMA)] = "SCHEMA",
		[OBJECT(SEQUENCE)] = "SEQUENCE",
		[OBJECT(SUBSCRIPTION)] = "SUBSCRIPTION",
		[OBJECT(STATISTIC_EXT)] = "STATISTICS",
		[OBJECT(TABCONSTRAINT)] = "TABLE",
		[OBJECT(TABLE)] = "TABLE",
		[OBJECT(TABLESPACE)] = "TABLESPACE",
		[OBJECT(TRANSFORM)] = "TRANSFORM",
		[OBJECT(TRIGGER)] = "TRIGGER",
		[OBJECT(TSCONFIGURATION)] = "TEXT SEARCH CONFIGURATION",
		[OBJECT(TSDICTIONARY)] = "TEXT SEARCH DICTIONARY",
		[OBJECT(TSPARSER)] = "TEXT SEARCH PARSER",
		[OBJECT(TSTEMPLATE)] = "TEXT SEARCH TEMPLATE",
		[OBJECT(TYPE)] = "TYPE",
		[OBJECT(USER_MAPPING)] = "USER MAPPING",
		[OBJECT(VIEW)] = "VIEW",
	};

	if ((size_t)type >= sizeof(words) / sizeof(words[0]) || words[type] == NULL)
		return "OBJECT";
	return words[type];
}

static const char *
transaction_kind(PgQuery__TransactionStmtKind kind)
{
	static const char *const words[] = {
		[KIND(BEGIN)] = "BEGIN",
		[KIND(START)] = "START TRANSACTION",
		[KIND(COMMIT)] = "COMMIT",
		[KIND(ROLLBACK)] = "ROLLBACK",
		[KIND(SAVEPOINT)] = "SAVEPOINT",
		[KIND(RELEASE)] = "RELEASE",
		[KIND(ROLLBACK_TO)] = "ROLLBACK TO",
		[KIND(PREPARE)] = "PREPARE TRANSACTION",
		[KIND(COMMIT_PREPARED)] = "COMMIT PREPARED",
		[KIND(ROLLBACK_PREPARED)] = "ROLLBACK PREPARED",
	};

	if ((size_t)kind >= sizeof(words) / sizeof(words[0]) || words[kind] == NULL)
		return "TRANSACTION";
	return words[kind];
}

/* Kinds whose node has the wrong name for people. */
static const struct {
	const char *node, *kind;
} names[] = {
	{ "CreateStmt", "CREATE TABLE" },
	{ "IndexStmt", "CREATE INDEX" },
	{ "ViewStmt", "CREATE VIEW" },
	{ "RuleStmt", "CREATE RULE" },
	{ "CreateTrigStmt", "CREATE TRIGGER" },
	{ "CreateSeqStmt", "CREATE SEQUENCE" },
	{ "AlterSeqStmt", "ALTER SEQUENCE" },
	{ "CreateEnumStmt", "CREATE TYPE" },
	{ "CompositeTypeStmt", "CREATE TYPE" },
	{ "CreateRangeStmt", "CREATE TYPE" },
	{ "AlterEnumStmt", "ALTER TYPE" },
	{ "CreatePLangStmt", "CREATE LANGUAGE" },
	{ "CreatedbStmt", "CREATE DATABASE" },
	{ "DropdbStmt", "DROP DATABASE" },
	{ "AlterDatabaseRefreshCollStmt", "ALTER DATABASE" },
	{ "AlterDatabaseSetStmt", "ALTER DATABASE" },
	{ "AlterRoleSetStmt", "ALTER ROLE" },
	{ "CreateOpClassStmt", "CREATE OPERATOR CLASS" },
	{ "CreateOpFamilyStmt", "CREATE OPERATOR FAMILY" },
	{ "AlterOpFamilyStmt", "ALTER OPERATOR FAMILY" },
	{ "CreateTableSpaceStmt", "CREATE TABLESPACE" },
	{ "DropTableSpaceStmt", "DROP TABLESPACE" },
	{ "AlterTableSpaceOptionsStmt", "ALTER TABLESPACE" },
	{ "AlterTableMoveAllStmt", "ALTER TABLE" },
	{ "CreateFdwStmt", "CREATE FOREIGN DATA WRAPPER" },
	{ "AlterFdwStmt", "ALTER FOREIGN DATA WRAPPER" },
	{ "CreateForeignServerStmt", "CREATE SERVER" },
	{ "AlterForeignServerStmt", "ALTER SERVER" },
	{ "AlterTSDictionaryStmt", "ALTER TEXT SEARCH DICTIONARY" },
	{ "AlterTSConfigurationStmt", "ALTER TEXT SEARCH CONFIGURATION" },
	{ "AlterExtensionContentsStmt", "ALTER EXTENSION" },
	{ "CreateEventTrigStmt", "CREATE EVENT TRIGGER" },
	{ "AlterEventTrigStmt", "ALTER EVENT TRIGGER" },
	{ "RefreshMatViewStmt", "REFRESH MATERIALIZED VIEW" },
	{ "CreateAmStmt", "CREATE ACCESS METHOD" },
	{ "CreateStatsStmt", "CREATE STATISTICS" },
	{ "AlterStatsStmt", "ALTER STATISTICS" },
	{ "SecLabelStmt", "SECURITY LABEL" },
	{ "VariableShowStmt", "SHOW" },
	{ "ConstraintsSetStmt", "SET CONSTRAINTS" },
	{ "CheckPointStmt", "CHECKPOINT" },
	{ "LockStmt", "LOCK TABLE" },
	{ "TruncateStmt", "TRUNCATE TABLE" },
	{ "ClosePortalStmt", "CLOSE" },
	{ "DeclareCursorStmt", "DECLARE CURSOR" },
};

/* "AlterDefaultPrivilegesStmt" -> "ALTER DEFAULT PRIVILEGES" */
static const char *
spelled(const char *node, struct gh_arena *a)
{
	size_t len = strlen(node), i;
	char *ret = gh_alloc(a, len * 2 + 1), *out = ret;

	if (len > 4 && strcmp(node + len - 4, "Stmt") == 0)
		len -= 4;
	for (i = 0; i < len; i++) {
		if (i > 0 && isupper((unsigned char)node[i]))
			*out++ = ' ';
		*out++ = (char)toupper((unsigned char)node[i]);
	}
	*out = '\0';
	return ret;
}

static const char *
by_name(const PgQuery__Node *n, struct gh_arena *a)
{
	/* All members of the union are pointers to messages. */
	const ProtobufCMessage *m = (const ProtobufCMessage *)n->select_stmt;
	size_t i;

	if (m == NULL)
		return "UNKNOWN";
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].node, m->descriptor->short_name) == 0)
			return names[i].kind;
	}
	return spelled(m->descriptor->short_name, a);
}

static bool
sets(PgQuery__VariableSetKind kind)
{
	return kind != PG_QUERY__VARIABLE_SET_KIND__VAR_RESET &&
	    kind != PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL;
}

/* Kinds that depend on what the statement is about. */
const char *
sql_kind(const PgQuery__Node *n, struct gh_arena *a)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum"
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
		return transaction_kind(n->transaction_stmt->kind);
	case PG_QUERY__NODE__NODE_DROP_STMT:
		return gh_printf(a, "DROP %s", sql_object_type(n->drop_stmt->remove_type));
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		return gh_printf(a, "ALTER %s", sql_object_type(n->alter_table_stmt->objtype));
	case PG_QUERY__NODE__NODE_RENAME_STMT:
		return gh_printf(a, "ALTER %s", sql_object_type(n->rename_stmt->rename_type));
	case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
		return gh_printf(a, "ALTER %s", sql_object_type(n->alter_object_schema_stmt->object_type));
	case PG_QUERY__NODE__NODE_ALTER_OBJECT_DEPENDS_STMT:
		return gh_printf(a, "ALTER %s", sql_object_type(n->alter_object_depends_stmt->object_type));
	case PG_QUERY__NODE__NODE_ALTER_OWNER_STMT:
		return gh_printf(a, "ALTER %s", sql_object_type(n->alter_owner_stmt->object_type));
	case PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT:
		return gh_printf(a, "ALTER %s", sql_object_type(n->alter_function_stmt->objtype));
	case PG_QUERY__NODE__NODE_DEFINE_STMT:
		return gh_printf(a, "CREATE %s", sql_object_type(n->define_stmt->kind));
	case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
		return n->create_table_as_stmt->objtype == OBJECT(MATVIEW) ? "CREATE MATERIALIZED VIEW"
									   : "CREATE TABLE AS";
	case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
		return n->create_function_stmt->is_procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
	case PG_QUERY__NODE__NODE_GRANT_STMT:
		return n->grant_stmt->is_grant ? "GRANT" : "REVOKE";
	case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
		return n->grant_role_stmt->is_grant ? "GRANT" : "REVOKE";
	case PG_QUERY__NODE__NODE_VACUUM_STMT:
		return n->vacuum_stmt->is_vacuumcmd ? "VACUUM" : "ANALYZE";
	case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
		return sets(n->variable_set_stmt->kind) ? "SET" : "RESET";
	case PG_QUERY__NODE__NODE_SELECT_STMT:
		return n->select_stmt->into_clause != NULL ? "SELECT INTO" : "SELECT";
	default:
		return by_name(n, a);
	}
#pragma GCC diagnostic pop
}
