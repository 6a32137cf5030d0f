#include "base/ban.h"
#include "base/text.h"
#include "migration/supabase_split.h"

#include <setjmp.h>
#include <cmocka.h>

/* The statements with "|" between them. */
static void
splits(const char *sql, const char *want)
{
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	struct convention_side s = { .sql = sql, .len = strlen(sql) };
	size_t i;

	supabase_split(&a, &s);
	for (i = 0; i < s.n_pieces; i++) {
		gh_text_put(&t, i == 0 ? "" : "|");
		gh_text_put_n(&t, s.sql + s.pieces[i].offset, s.pieces[i].len);
	}
	if (strcmp(gh_text_str(&t), want) != 0)
		fail_msg("%s\ngives %s\nnot   %s", sql, gh_text_str(&t), want);
}

static void
cuts_at_semicolons(void **state)
{
	(void)state;
	splits("", "");
	splits(" ;; \n;", "");
	splits("a", "a");
	splits(" a ;\n b;;c ", "a|b|c");
	splits("a; -- end\n", "a|-- end");
}

static void
leaves_quotes_comments_and_bodies_whole(void **state)
{
	(void)state;
	splits("a ';' b;c", "a ';' b|c");
	splits("a 'it''s;' b;c", "a 'it''s;' b|c");
	splits("a \";\" b;c", "a \";\" b|c");
	splits("a -- x;y\nb;c", "a -- x;y\nb|c");
	splits("a - ;b", "a -|b");
	splits("a /* ; /* ; */ ; */ b;c", "a /* ; /* ; */ ; */ b|c");
	splits("a / ;b", "a /|b");
	splits("f $$ ; $$;b", "f $$ ; $$|b");
	splits("f $x$ ; $$ ; $x$;b", "f $x$ ; $$ ; $x$|b");
	splits("a $1;b", "a $1|b");
	splits("a \\;b;c", "a \\;b|c");
	splits("(a;b);c", "(a;b)|c");
	splits("begin;a;commit;", "begin|a|commit");
}

static void
knows_begin_atomic(void **state)
{
	(void)state;
	splits("f BEGIN ATOMIC a; b; END;c", "f BEGIN ATOMIC a; b; END|c");
	splits("f begin\n atomic a; (b); end; c", "f begin\n atomic a; (b); end|c");
	splits("f BEGIN ATOMIC bend; send; END", "f BEGIN ATOMIC bend; send; END");
	splits("f BEGIN ATOMIC endless; END;c", "f BEGIN ATOMIC endless; END|c");
	splits("a atomic; b", "a atomic|b");
	splits("beginatomic; b", "beginatomic|b");
	splits("xbegin atomic; b", "xbegin atomic|b");
}

static void
has_the_mistakes_of_the_original(void **state)
{
	(void)state;
	/* END of a CASE ends the body, and one parenthesis closes all. */
	splits("f BEGIN ATOMIC a CASE b END; c; END;d", "f BEGIN ATOMIC a CASE b END|c|END|d");
	splits("((a);b);c", "((a)|b)|c");
	/* A backslash is no escape within quotes. */
	splits("a E'\\';b", "a E'\\'|b");
	splits("a /*/ ; */ b", "a /*/|*/ b");
}

static void
takes_what_does_not_end(void **state)
{
	(void)state;
	splits("a 'b;c", "a 'b;c");
	splits("a $$;b", "a $$;b");
	splits("a /*;b", "a /*;b");
	splits("((((;", "((((");
	splits("$", "$");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_semicolons),
		cmocka_unit_test(leaves_quotes_comments_and_bodies_whole),
		cmocka_unit_test(knows_begin_atomic),
		cmocka_unit_test(has_the_mistakes_of_the_original),
		cmocka_unit_test(takes_what_does_not_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
