/*
 * The health check after a run: GET of the policy's URL until it answers as configured.  http and https only;
 * redirects are not followed, no proxy is asked, no more than HEALTH_BODY of the answer is looked at.
 */
#ifndef GH_JOB_HEALTH_H
#define GH_JOB_HEALTH_H

#include "migration/policy.h"
#include "runner/job/job.h"

#define HEALTH_BODY ((size_t)1 << 20)

/* One EVIDENCE frame an attempt.  GH_CONFLICT with a sentence when none was good. */
enum gh_code health_check(
    struct job *j, const struct policy *p, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;

#endif
