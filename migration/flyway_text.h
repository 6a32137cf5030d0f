/*
 * What Flyway does to the text of a migration before it sends it: its checksum, its placeholders, and whether
 * it takes a transaction.
 */
#ifndef GH_MIGRATION_FLYWAY_TEXT_H
#define GH_MIGRATION_FLYWAY_TEXT_H

#include "migration/convention.h"

/* CRC-32 over the lines without their ends, as a signed decimal (flyway: ChecksumCalculator.java). */
const char *flyway_checksum(struct gh_arena *a, const char *text, size_t len);

/* What may be configured. */
extern const struct convention_option_about flyway_options[];
/* A setting of flyway.conf, with or without "flyway." before its name; NULL when it is not configured. */
const char *flyway_option(const struct convention_folder *f, const char *name);
bool flyway_option_is(const struct convention_folder *f, const char *name, const char *value);

/*
 * Replaces ${name} in the side's SQL (flyway: PlaceholderReplacingReader.java), also within comments and
 * quoted texts.  A name that nothing gives a value is the side's problem.
 */
void flyway_replace(
    const struct convention_folder *f, const struct convention_file *e, struct convention_side *s);

enum flyway_transaction { FLYWAY_BY_STATEMENTS = 0, FLYWAY_TRANSACTION, FLYWAY_NO_TRANSACTION };

/*
 * Sets the side's mode: one transaction, unless its statements are of Flyway's list of those that cannot run
 * in one (flyway: PostgreSQLParser.java).  A mixture is the side's problem unless `mixed` is configured; data
 * behind COPY ... FROM STDIN always is, because Gatehouse sends statements only.
 */
void flyway_mode(
    const struct convention_folder *f, enum flyway_transaction wanted, struct convention_side *s);

#endif
