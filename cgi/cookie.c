#include "base/ban.h"
#include "cgi/cookie.h"

static const char *
cookie_name(bool https)
{
	return https ? "__Host-gatehouse" : "gatehouse";
}

bool
cookie_token(const char *header, bool https, unsigned char ret[GH_TOKEN_LEN], bool *ret_sent)
{
	const char *name = cookie_name(https);
	size_t name_len = strlen(name), len;
	char hex[GH_TOKEN_LEN * 2 + 1];
	bool good;

	*ret_sent = false;
	while (*header != '\0') {
		header += strspn(header, " \t;");
		len = strcspn(header, ";");
		if (len > name_len && memcmp(header, name, name_len) == 0 && header[name_len] == '=') {
			*ret_sent = true;
			header += name_len + 1;
			len -= name_len + 1;
			while (len > 0 && (header[len - 1] == ' ' || header[len - 1] == '\t'))
				len--;
			if (len != sizeof(hex) - 1)
				return false;
			memcpy(hex, header, len);
			hex[len] = '\0';
			good = gh_unhex(hex, ret, GH_TOKEN_LEN);
			explicit_bzero(hex, sizeof(hex));
			return good;
		}
		header += len;
	}
	return false;
}

const char *
cookie_make(struct gh_arena *a, bool https, const unsigned char *token)
{
	char hex[GH_TOKEN_LEN * 2 + 1] = "";

	if (token != NULL)
		gh_hex(token, GH_TOKEN_LEN, hex);
	return gh_printf(a, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(https), hex,
	    https ? "; Secure" : "", token == NULL ? "; Max-Age=0" : "");
}
