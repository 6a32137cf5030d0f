#include "base/ban.h"
#include "base/secret.h"

bool
gh_secret_set(struct gh_secret *s, const void *data, size_t len)
{
	if (len > GH_SECRET_MAX)
		return false;
	gh_secret_done(s);
	if (len > 0)
		memcpy(s->data, data, len);
	s->data[len] = '\0';
	s->len = len;
	return true;
}

void
gh_secret_done(struct gh_secret *s)
{
	explicit_bzero(s, sizeof(*s));
}
