/* Every page: its constant in cgi/page_NOUN.c. */
#ifndef GH_CGI_PAGES_H
#define GH_CGI_PAGES_H

#define PAGES(X)                                                                                             \
	X(page_account)                                                                                      \
	X(page_backup)                                                                                       \
	X(page_backup_new)                                                                                   \
	X(page_backup_restore)                                                                               \
	X(page_backups)                                                                                      \
	X(page_deliveries)                                                                                   \
	X(page_docs_lint)                                                                                    \
	X(page_entry)                                                                                        \
	X(page_incident)                                                                                     \
	X(page_incident_new)                                                                                 \
	X(page_incidents)                                                                                    \
	X(page_ledger)                                                                                       \
	X(page_migration)                                                                                    \
	X(page_migrations)                                                                                   \
	X(page_overview)                                                                                     \
	X(page_project)                                                                                      \
	X(page_request)                                                                                      \
	X(page_request_new)                                                                                  \
	X(page_request_repair)                                                                               \
	X(page_requests)                                                                                     \
	X(page_run)                                                                                          \
	X(page_run_control)                                                                                  \
	X(page_runs)                                                                                         \
	X(page_signin)                                                                                       \
	X(page_target)                                                                                       \
	X(page_task_cancel)

#endif
