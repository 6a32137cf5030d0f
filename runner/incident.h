/*
 * Limits of what people write about incidents, in characters; the store has the same ones.
 */
#ifndef GH_RUNNER_INCIDENT_H
#define GH_RUNNER_INCIDENT_H

#define INCIDENT_TITLE_MAX 200
#define INCIDENT_TEXT_MAX  32768

#endif
