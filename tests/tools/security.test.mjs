// docs/security.md promises a test for each measured fact.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../..', import.meta.url));
const rows = [...readFileSync(path.join(top, 'docs/security.md'), 'utf8').matchAll(/^\| ([^|]+) \| [^|]+ \| `([^`]+)`: ([^|]+) \|$/gm)];

// In C a function that is in the list of tests, else the words that a test's name begins with or holds.
function has(text, file, name) {
	return file.endsWith('.c') ? new RegExp(`\\bT(EST)?\\(${name}\\)`).test(text)
		: [...text.matchAll(/^\s*test\((['"`])(.*?)\1/gm)].some((m) => m[2].includes(name));
}

test('each fact names a test that exists', () => {
	assert.ok(rows.length >= 20, `${rows.length} rows were read`);
	for (const [, fact, file, name] of rows) {
		assert.ok(existsSync(path.join(top, file)), `${file}: ${fact}`);
		assert.ok(has(readFileSync(path.join(top, file), 'utf8'), file, name.trim()), `${file} has no test "${name}": ${fact}`);
	}
});

test('a name that is in no test is found out', () => {
	assert.equal(has('\t\tTEST(one_more),\n', 'a.c', 'one'), false);
	assert.equal(has('static void one(void **state)\n', 'a.c', 'one'), false);
	assert.equal(has("// test('one')\n", 'a.mjs', 'one'), false);
	assert.equal(has("test('one and two', () => {});\n", 'a.mjs', 'one and'), true);
});
