#include "base/ban.h"
#include "runner/signin.h"
#include "base/text.h"

#define WAYS 8 /* slots in which one name and address may be */

static void
digest(struct signin *s, const char *name, const char *address, unsigned char ret[GH_SHA256_LEN])
{
	GH_TEXT text = { 0 };

	if (!s->keyed) {
		gh_random(s->key, sizeof(s->key));
		s->keyed = true;
	}
	gh_text_put_n(&text, name, strlen(name) + 1);
	gh_text_put(&text, address);
	gh_hmac(s->key, sizeof(s->key), text.data, text.len, ret);
	explicit_bzero(text.data, text.cap);
}

static struct signin_slot *
ways(struct signin *s, const unsigned char who[GH_SHA256_LEN])
{
	size_t set = ((size_t)who[0] << 8 | who[1]) % (SIGNIN_SLOTS / WAYS);

	return &s->slots[set * WAYS];
}

static struct signin_slot *
find(struct signin *s, const unsigned char who[GH_SHA256_LEN], int64_t mono)
{
	struct signin_slot *slot = ways(s, who);
	int i;

	for (i = 0; i < WAYS; i++, slot++) {
		if (slot->since != 0 && memcmp(slot->who, who, GH_SHA256_LEN) == 0)
			return mono - slot->since < SIGNIN_WINDOW ? slot : NULL;
	}
	return NULL;
}

bool
signin_may(struct signin *s, const char *name, const char *address, int64_t mono)
{
	unsigned char who[GH_SHA256_LEN];
	const struct signin_slot *slot;

	digest(s, name, address, who);
	slot = find(s, who, mono);
	return slot == NULL || slot->failures < SIGNIN_FAILURES;
}

void
signin_failed(struct signin *s, const char *name, const char *address, int64_t mono)
{
	unsigned char who[GH_SHA256_LEN];
	struct signin_slot *slot, *set, *old;
	int i;

	digest(s, name, address, who);
	slot = find(s, who, mono);
	if (slot == NULL) {
		/* Its own of long ago, a free one, or the oldest. */
		set = ways(s, who);
		old = set;
		for (i = 0; i < WAYS; i++) {
			if (memcmp(set[i].who, who, GH_SHA256_LEN) == 0) {
				old = &set[i];
				break;
			}
			if (set[i].since < old->since)
				old = &set[i];
		}
		slot = old;
		*slot = (struct signin_slot){ .since = mono };
		memcpy(slot->who, who, GH_SHA256_LEN);
	}
	slot->failures++;
}

void
signin_good(struct signin *s, const char *name, const char *address)
{
	unsigned char who[GH_SHA256_LEN];
	struct signin_slot *slot;
	int i;

	digest(s, name, address, who);
	slot = ways(s, who);
	for (i = 0; i < WAYS; i++, slot++) {
		if (memcmp(slot->who, who, GH_SHA256_LEN) == 0)
			*slot = (struct signin_slot){ 0 };
	}
}

bool
signin_entry(struct signin *s, int64_t mono, int64_t *ret_dropped)
{
	if (s->entries_since == 0 || mono - s->entries_since >= GH_MINUTE) {
		s->entries_since = mono;
		s->entries = 0;
	}
	if (s->entries >= SIGNIN_ENTRIES) {
		s->dropped++;
		return false;
	}
	s->entries++;
	*ret_dropped = s->dropped;
	s->dropped = 0;
	return true;
}
