/* Every act: its constant in cgi/act_NOUN_VERB.c. */
#ifndef GH_CGI_ACTS_H
#define GH_CGI_ACTS_H

#define ACTS(X)                                                                                              \
	X(act_backup_cancel)                                                                                 \
	X(act_backup_prove)                                                                                  \
	X(act_backup_take)                                                                                   \
	X(act_delivery_retry)                                                                                \
	X(act_incident_close)                                                                                \
	X(act_incident_note)                                                                                 \
	X(act_incident_open)                                                                                 \
	X(act_person_password)                                                                               \
	X(act_rehearsal_add)                                                                                 \
	X(act_request_add)                                                                                   \
	X(act_request_approve)                                                                               \
	X(act_request_refuse)                                                                                \
	X(act_request_withdraw)                                                                              \
	X(act_run_cancel)                                                                                    \
	X(act_run_extend)                                                                                    \
	X(act_run_pause)                                                                                     \
	X(act_run_resume)                                                                                    \
	X(act_run_speed)                                                                                     \
	X(act_session_close)                                                                                 \
	X(act_session_end)                                                                                   \
	X(act_session_open)

#endif
