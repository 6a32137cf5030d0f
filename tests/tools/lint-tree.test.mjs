// The tree lint must fail on each error that it is there for, and on nothing else.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const lint = fileURLToPath(new URL('../../tools/lint-tree.mjs', import.meta.url));
const BAN = '#include "base/ban.h"\n';

// Lints a small tree of its own; gives what it said.
function lintOf(files) {
	const dir = mkdtempSync(path.join(os.tmpdir(), 'lint-'));
	try {
		execFileSync('git', ['init', '-q', dir]);
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
			writeFileSync(path.join(dir, name), text);
		}
		const r = spawnSync(process.execPath, [lint, dir], { encoding: 'utf8' });
		assert.equal(r.stderr, '');
		assert.equal(r.status, r.stdout === '' ? 0 : 1);
		return r.stdout;
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

test('a tree without mistakes passes', () => {
	assert.equal(lintOf({
		'base/err.c': `${BAN}#include "base/err.h"\n`,
		'base/hash.c': `${BAN}#include <sodium.h>\n`,
		'runner/queue.c': `${BAN}#include "migration/plan.h"\n#include "store/run_write.h"\n`,
		'runner/job/run.c': `${BAN}#include "migration/analyse.h"\n#include <libpq-fe.h>\n`,
		'cgi/page_runs.c': `${BAN}#include "store/run.h"\n#include "wire/client.h"\n`,
		'tests/cgi/test_page_runs.c': BAN,
		'store/sql/run_get.sql': 'SELECT 1\n',
		'store/run.c': `${BAN}int x = SQL_RUN_GET;\n`,
		'tools/make-temp.sh': 'mktemp -d /tmp/try.XXXXXX\n',
	}), '');
});

for (const [where, text, said] of [
	['base/err.c', `${BAN}#include "store/run.h"\n`, /base\/err\.c:2: may not include store\/run\.h/],
	['cgi/pages.c', `${BAN}#include "store/run_write.h"\n`, /cgi\/pages\.c:2: may not include store\/run_write\.h/],
	['cgi/pages.c', `${BAN}#include "runner/cmd.h"\n`, /may not include runner\/cmd\.h/],
	['runner/queue.c', `${BAN}#include "migration/name.h"\n`, /may not include migration\/name\.h/],
	['runner/queue.c', `${BAN}#include "runner/job/job.h"\n`, /may not include runner\/job\/job\.h/],
	['runner/queue.c', `${BAN}#include <libpq-fe.h>\n`, /may not include <libpq-fe\.h>/],
	['runner/job/run.c', `${BAN}#include "store/run.h"\n`, /may not include store\/run\.h/],
	['cli/main.c', `${BAN}#include "store/run.h"\n`, /may not include store\/run\.h/],
	['migration/plan.c', `${BAN}#include "migration/name.h"\n`, /may not include migration\/name\.h/],
	['store/run.c', `${BAN}#include "wire/ops.h"\n`, /may not include wire\/ops\.h/],
	['wire/ops.c', '#include "wire/ops.h"\n', /must include "base\/ban\.h" first/],
	['wire/ops.c', `${BAN}#include "ops.h"\n`, /name the folder/],
	['cgi/page_runs.c', BAN, /page_runs\.c: has no test: tests\/cgi\/test_page_runs\.c/],
	['cgi/act_request_add.c', BAN, /has no test: tests\/cgi\/test_act_request_add\.c/],
	['runner/cmd_note_add.c', BAN, /has no test: tests\/runner\/test_cmd_note_add\.c/],
	['store/sql/run_lost.sql', 'SELECT 1\n', /run_lost\.sql: is used nowhere \(SQL_RUN_LOST\)/],
	['templates/runs.mustache', 'x\n'.repeat(401), /has 401 lines/],
	['try', 'x\n'.repeat(401), /try:400: has 401 lines/],
	['README.md', `${'TO' + 'DO'}: write\n`, /README\.md:1: an open end/],
	['conf/a.conf', `folder = "${'/ro' + 'ot'}/shop"\n`, /a path of one machine/],
	['package-lock.json', `"https://${'registry.np' + 'mjs'}.org/x"\n`, /the name of a registry/],
	['base/a.h', '<<<<<<< ours\n', /a conflict/],
]) {
	test(`${where} is refused: ${said.source}`, () => {
		assert.match(lintOf({ [where]: text }), said);
	});
}
