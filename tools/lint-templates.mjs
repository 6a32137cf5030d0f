#!/usr/bin/env node
// Checks what the template engine cannot: that a value stands only where HTML escaping is enough.
//
//   tools/lint-templates.mjs [FOLDER]
//
// Every attribute is quoted; no {{}} inside script, style, on...= or style=; no raw form; a URL attribute takes either
// a whole value or a local path; partials and icons that are named exist.  Prints FILE:LINE: what is wrong.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(process.argv[2] ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..'));
const folder = path.join(top, 'templates');
const icons = new Set(readFileSync(path.join(top, 'static/icons.txt'), 'utf8').split('\n'));
const found = [];
// Tags of Mustache are taken as part of what they stand in.
const TAG = /<([a-zA-Z][\w-]*)((?:\{\{[^}]*\}\}|"(?:\{\{[^}]*\}\}|[^"])*"|'[^']*'|[^>"'])*)>/g;
const ATTRIBUTE = /([^\s"'<>/=]+)\s*=\s*("((?:\{\{[^}]*\}\}|[^"])*)"|[^\s>]*)/g;
const URLS = new Set(['href', 'src', 'action', 'formaction', 'data-hx-get', 'data-hx-post']);

function lint(file, text) {
	const say = (at, what) => found.push(`templates/${file}:${text.slice(0, at).split('\n').length}: ${what}`);

	for (const m of text.matchAll(/\{\{\{|\{\{&/g))
		say(m.index, 'raw form: a value is always escaped');
	for (const m of text.matchAll(/\{\{>\s*([\w-]+)\s*\}\}/g))
		if (!existsSync(path.join(folder, `${m[1]}.mustache`)))
			say(m.index, `no partial ${m[1]}`);
	for (const m of text.matchAll(/\/static\/icons\.svg#([\w-]+)"/g))
		if (!icons.has(m[1]))
			say(m.index, `icon ${m[1]} is not in static/icons.txt`);
	for (const m of text.matchAll(/<(script|style)\b[^>]*>([\s\S]*?)<\/\1>/g))
		if (m[2].trim() !== '')
			say(m.index, `content inside <${m[1]}>`);
	for (const m of text.matchAll(TAG))
		lintTag(m, say);
}

function lintTag(tag, say) {
	const body = tag[2].replace(/\{\{[#^/][^}]*\}\}/g, (s) => ' '.repeat(s.length));
	const from = tag.index + 1 + tag[1].length;

	for (const m of body.matchAll(ATTRIBUTE)) {
		const name = m[1].toLowerCase();
		const value = m[3];

		if (value === undefined) {
			say(from + m.index, `attribute ${name} is not in double quotes`);
			continue;
		}
		if (name.startsWith('on') || name === 'style' || name.startsWith('hx-on'))
			say(from + m.index, `attribute ${name} is not allowed`);
		if (URLS.has(name) && !/^(\{\{[\w.]+\}\}|[/#][^{]*|\/static\/[\w.-]+\?v=\{\{layout\.version\}\}|(\/static\/icons\.svg)?#(mark-)?\{\{[\w.]+\}\})$/.test(value))
			say(from + m.index, `${name}="${value}": a URL is one whole value or a local path`);
	}
}

for (const file of readdirSync(folder).filter((f) => f.endsWith('.mustache')).sort())
	lint(file, readFileSync(path.join(folder, file), 'utf8'));
for (const line of found)
	console.log(line);
process.exit(found.length > 0 ? 1 : 0);
