// The list of fault points is what the sweep goes by: a point that it does not see is never tried.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tool = fileURLToPath(new URL('../../tools/print-faults', import.meta.url));

function print(source, page, ...args) {
	const dir = mkdtempSync(path.join(os.tmpdir(), 'faults-'));
	try {
		execFileSync('git', ['init', '-q', dir]);
		for (const [name, text] of [['runner/a.c', source], ['docs/faults.md', page]]) {
			mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
			writeFileSync(path.join(dir, name), text);
		}
		const r = spawnSync(process.execPath, [tool, ...args, dir], { encoding: 'utf8' });
		assert.equal(r.status, r.stderr === '' ? 0 : 1, r.stderr);
		return r.stdout + r.stderr;
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}
const rows = (...points) => points.map((p) => `| \`${p}\` | something |\n`).join('');

test('points are listed with their places, families by their members', () => {
	assert.equal(print('\tif (gh_fault("runner.x"))\n#define ALL "b c"\n\t(void)gh_fault_of("job.", f(a->b, 1), ALL);\n', ''),
		'job.b runner/a.c:3\njob.c runner/a.c:3\nrunner.x runner/a.c:1\n');
	assert.equal(print('gh_fault_of("job.", name,\n    "one "\n    "two");\n', ''), 'job.one runner/a.c:1\njob.two runner/a.c:1\n');
	assert.equal(print('#define ALL \\\n\t"b " \\\n\t"c"\n\tgh_fault_of("job.", n, ALL);\n', ''), 'job.b runner/a.c:4\njob.c runner/a.c:4\n');
});

test('what cannot be read, is named twice or badly is refused', () => {
	assert.match(print('\tgh_fault(point);\n', ''), /runner\/a\.c:1: the point is not one string/);
	assert.match(print('gh_fault_of(family, n, "a");\n', ''), /whose family is not a string/);
	assert.match(print('gh_fault_of("job.", n, NAMES);\n', ''), /NAMES is no text/);
	assert.match(print('gh_fault("job.a");\ngh_fault("job.a");\n', ''), /a\.c:2: job\.a is a point at runner\/a\.c:1 already/);
	assert.match(print('gh_fault("job.a");\ngh_fault_of("job.", n, "a b");\n', ''), /job\.a is a point/);
	assert.match(print('gh_fault("before commit");\n', ''), /a point is called like/);
});

test('the page has each point, and no other', () => {
	const source = 'gh_fault("job.a"); gh_fault("job.b.c");\n';

	assert.equal(print(source, rows('job.a', 'job.b.*'), '--check'), '');
	assert.match(print(source, rows('job.a'), '--check'), /job\.b\.c has no line/);
	assert.match(print(source, rows('job.a', 'job.b.c', 'job.d'), '--check'), /job\.d is in no source/);
	assert.match(print(source, '| `job.a` | |\n' + rows('job.b.c'), '--check'), /job\.a has no line/);
});
