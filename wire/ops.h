/*
 * The operations of the runner: one line each, from which come the enum, the names in log and ledger, and the
 * fuzz seeds.  Fields of call and reply stand in the comment of the command's file, runner/cmd_NOUN_VERB.c.
 *
 *   X(ENUM, number, "noun.verb")      numbers are for ever
 */
#ifndef GH_WIRE_OPS_H
#define GH_WIRE_OPS_H

#define WIRE_OPS(X)                                                                                          \
	/* acts: write the store, one ledger entry each */                                                   \
	X(SESSION_OPEN, 1, "session.open")                                                                   \
	X(SESSION_CLOSE, 2, "session.close")                                                                 \
	X(SESSION_TOUCH, 3, "session.touch")                                                                 \
	X(REQUEST_ADD, 10, "request.add")                                                                    \
	X(REQUEST_APPROVE, 11, "request.approve")                                                            \
	X(REQUEST_REFUSE, 12, "request.refuse")                                                              \
	X(REQUEST_WITHDRAW, 13, "request.withdraw")                                                          \
	X(INCIDENT_OPEN, 20, "incident.open")                                                                \
	X(INCIDENT_NOTE, 21, "incident.note")                                                                \
	X(INCIDENT_CLOSE, 22, "incident.close")                                                              \
	X(PERSON_ADD, 30, "person.add")                                                                      \
	X(PERSON_ROLE, 31, "person.role")                                                                    \
	X(PERSON_PASSWORD, 32, "person.password")                                                            \
	X(PROJECT_REFRESH, 40, "project.refresh")                                                            \
	X(RUN_CANCEL, 50, "run.cancel")                                                                      \
	X(RUN_PAUSE, 51, "run.pause")                                                                        \
	X(RUN_RESUME, 52, "run.resume")                                                                      \
	X(RUN_SPEED, 53, "run.speed")                                                                        \
	X(RUN_EXTEND, 54, "run.extend")                                                                      \
	X(REHEARSAL_ADD, 60, "rehearsal.add")                                                                \
	X(DELIVERY_RETRY, 70, "delivery.retry")                                                              \
	X(BACKUP_TAKE, 80, "backup.take")                                                                    \
	X(BACKUP_PROVE, 81, "backup.prove")                                                                  \
	X(BACKUP_EXPIRE, 82, "backup.expire")                                                                \
	X(BACKUP_LOOK, 83, "backup.look")                                                                    \
	X(BACKUP_CANCEL, 84, "backup.cancel")                                                                \
	/* reads, for the command line: the reply is a table (wire/table.h) */                               \
	X(READ_STATUS, 100, "read.status")                                                                   \
	X(READ_MIGRATIONS, 101, "read.migrations")                                                           \
	X(READ_RUNS, 102, "read.runs")                                                                       \
	X(READ_RUN, 103, "read.run")                                                                         \
	X(READ_REQUEST, 104, "read.request")                                                                 \
	X(READ_BACKUPS, 105, "read.backups")                                                                 \
	X(READ_LEDGER, 106, "read.ledger")                                                                   \
	X(READ_INCIDENTS, 107, "read.incidents")                                                             \
	X(READ_PEOPLE, 108, "read.people")                                                                   \
	X(READ_PLAN, 109, "read.plan")                                                                       \
	X(READ_FILES, 110, "read.files")                                                                     \
	X(READ_DELIVERIES, 111, "read.deliveries")                                                           \
	X(READ_REHEARSAL, 112, "read.rehearsal")                                                             \
	X(READ_TASK, 113, "read.task")                                                                       \
	X(READ_BACKUP, 114, "read.backup")

enum wire_op {
#define WIRE_OP_ENUM(name, number, text) WIRE_##name = (number),
	WIRE_OPS(WIRE_OP_ENUM)
#undef WIRE_OP_ENUM
};

/* "request.approve", or NULL for a number that is no operation. */
const char *wire_op_name(unsigned op);

#endif
