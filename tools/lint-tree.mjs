#!/usr/bin/env node
// Checks what no compiler checks: who may include whom, file lengths, a test for each page and command, SQL files
// that nobody uses, words that have no place here.
//
//   tools/lint-tree.mjs [FOLDER]
//
// Prints FILE:LINE: what is wrong; exit code 1 when anything is.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const top = path.resolve(process.argv[2] ?? path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..'));
const LIMIT = 400;

// The table of the architecture: a folder's own files and what else they may include.  The first match counts.
const MAY_INCLUDE = [
	[/^base\//, [/^base\//]],
	[/^wire\//, [/^(base|wire)\//]],
	[/^migration\/(plan|policy)/, [/^base\//, /^migration\/(plan|policy)[._]/]],
	[/^migration\/sql_(child|shape_child|wire)\./, [/^(base|migration|wire)\//]],
	[/^migration\//, [/^(base|migration)\//]],
	[/^store\//, [/^(base|store)\//]],
	[/^runner\/job\//, [/^(base|migration|runner\/job)\//, /^wire\//]],
	[/^runner\//, [/^(base|wire|store)\//, /^migration\/(batch|plan|policy)\.h$/, /^runner\/[^/]+$/]],
	[/^cgi\//, [/^(base|wire|cgi)\//, /^store\/(?!.*write)/]],
	[/^cli\//, [/^(base|wire|migration|cli)\//]],
];
// Libraries belong to one folder, so that what can write, parse or connect stays where it is.
const LIBRARY = [
	[/^libpq-fe\.h$|^libpq\//, /^runner\/job\//],
	[/^pg_query/, /^migration\//],
	[/^sqlite3\.h$/, /^store\//],
	[/^fcgiapp\.h$|^fcgi_/, /^cgi\//],
	[/^jansson\.h$/, /^(migration|runner\/job|tests)\//],
	[/^curl\//, /^runner\/job\//],
	[/^zstd\.h$/, /^(runner\/job\/|cli\/command_backup_open)/],
	[/^confuse\.h$/, /^(base\/conf|runner\/config)/],
	[/^sodium|^openssl\//, /^base\//],
];
const COUNTED = /\.(c|h|js|mjs|css|sh|mustache)$/;
const SCRIPTS = /^(try|check|\.ci\/run|tools\/[^.]+)$/;
const NEEDS_TEST = /^(.*\/)(page_[a-z0-9_]+|(?:act|cmd)_[a-z0-9]+_[a-z0-9_]+)\.c$/; // page_NOUN, act_NOUN_VERB, cmd_NOUN_VERB
// Written in pieces: this file is checked too.
const BANNED = [
	[new RegExp('\\b(TO' + 'DO|FIX' + 'ME|X' + 'XX)\\b'), 'an open end: finish it or leave it out'],
	[new RegExp('(^|[^\\w./$}~-])/(wo' + 'rk|ro' + 'ot|ho' + 'me)/[a-z]'), 'a path of one machine'],
	[new RegExp('registry\\.np' + 'mjs|deb\\.deb' + 'ian\\.org|security\\.deb' + 'ian\\.org|np' + 'mmirror|pypi\\.o' + 'rg'), 'the name of a registry'],
	[/^(<{7}|>{7}) /, 'a conflict that was not resolved'],
];

const found = [];
const say = (file, line, text) => found.push(`${file}${line ? `:${line}` : ''}: ${text}`);

function listFiles() {
	const out = execFileSync('git', ['-C', top, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
		{ maxBuffer: 1 << 26 }).toString();
	return [...new Set(out.split('\0').filter((f) => f && existsSync(path.join(top, f))))].sort();
}

function lintIncludes(file, lines) {
	const own = MAY_INCLUDE.find(([where]) => where.test(file));

	if (!own)
		return;
	lines.forEach((text, i) => {
		const local = /^\s*#\s*include\s+"([^"]+)"/.exec(text)?.[1];
		const system = /^\s*#\s*include\s+<([^>]+)>/.exec(text)?.[1];

		if (local?.includes('/') && !own[1].some((ok) => ok.test(local)))
			say(file, i + 1, `may not include ${local}`);
		else if (local && !local.includes('/') && local !== 'config.h')
			say(file, i + 1, `name the folder: "${path.dirname(file)}/${local}"`);
		for (const [header, where] of LIBRARY)
			if (system && header.test(system) && !where.test(file))
				say(file, i + 1, `may not include <${system}>: that library belongs to ${where.source.replace(/[\\^]/g, '')}`);
	});
	if (file.endsWith('.c') && !lines.find((t) => /^\s*#\s*include/.test(t))?.includes('"base/ban.h"'))
		say(file, 0, 'must include "base/ban.h" first');
}

function lintTests(file, all) {
	const m = NEEDS_TEST.exec(file);

	if (!m || file.startsWith('tests/'))
		return;
	const test = `tests/${m[1]}test_${m[2]}.c`;
	if (!all.has(test))
		say(file, 0, `has no test: ${test}`);
}

// store/sql/run_get.sql is used as SQL_RUN_GET by a .c file beside its folder.
function lintSql(files, read) {
	const code = files.filter((f) => /\.[ch]$/.test(f) && !f.startsWith('tests/')).map(read).join('\n');

	for (const f of files.filter((f) => /(^|\/)sql\/[^/]+\.sql$/.test(f) && !f.startsWith('tests/'))) {
		const name = path.basename(f, '.sql').toUpperCase();
		if (!new RegExp(`\\b(?:[A-Z]+_)?SQL_${name}\\b`).test(code))
			say(f, 0, `is used nowhere (SQL_${name})`);
	}
}

const files = listFiles();
const all = new Set(files);
const cache = new Map();
const read = (f) => {
	if (!cache.has(f))
		cache.set(f, readFileSync(path.join(top, f), 'utf8'));
	return cache.get(f);
};

for (const file of files) {
	if (/\.(png|jpg|ico|woff2|gz|xz|zst)$/.test(file) || /(^|\/)corpus\//.test(file))
		continue;
	const text = read(file);
	const lines = text.split('\n');

	if ((COUNTED.test(file) || SCRIPTS.test(file)) && lines.length - 1 > LIMIT)
		say(file, LIMIT, `has ${lines.length - 1} lines; ${LIMIT} is the limit`);
	lines.forEach((t, i) => {
		for (const [word, why] of BANNED)
			if (word.test(t))
				say(file, i + 1, why);
	});
	if (/\.[ch]$/.test(file))
		lintIncludes(file, lines);
	lintTests(file, all);
}
lintSql(files, read);

for (const line of found)
	console.log(line);
if (found.length > 0)
	process.exit(1);
