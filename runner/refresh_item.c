#include "base/ban.h"
#include "runner/refresh_item.h"
#include "runner/work_state.h"

void
refresh_item_free(struct refresh_item *it)
{
	free(it->name);
	free(it);
}

struct refresh_item *
refresh_item_find(const struct runner *r, bool target, const char *name)
{
	struct refresh_item *it;

	if (r->work == NULL || r->work->refresh == NULL)
		return NULL;
	for (it = r->work->refresh->items; it != NULL; it = it->next) {
		if (it->target == target && !it->gone && strcmp(it->name, name) == 0)
			return it;
	}
	return NULL;
}

void
refresh_item_add(struct runner *r, bool target, const char *name)
{
	struct refresh_item **at = &r->work->refresh->items, *it = refresh_item_find(r, target, name);

	if (it == NULL) {
		it = calloc(1, sizeof(*it));
		if (it == NULL)
			gh_bug("out of memory");
		it->runner = r;
		it->target = target;
		it->name = strdup(name);
		if (it->name == NULL)
			gh_bug("out of memory");
		while (*at != NULL)
			at = &(*at)->next;
		*at = it;
	}
	it->wanted = true;
	it->forced = true;
}

void
refresh_items_drop(struct runner *r)
{
	struct refresh_item **at = &r->work->refresh->items, *it;

	while ((it = *at) != NULL) {
		bool known = it->target ? config_target_find(r->config, it->name) != NULL
					: config_project_find(r->config, it->name) != NULL;

		if (known && !it->gone) {
			at = &it->next;
		} else if (it->pid != 0) {
			it->gone = true;
			it->wanted = false;
			at = &it->next;
		} else {
			*at = it->next;
			refresh_item_free(it);
		}
	}
}
