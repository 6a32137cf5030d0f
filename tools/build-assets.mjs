#!/usr/bin/env node
// Makes the folder that nginx serves under /static/: our own files, htmx, and one sprite of the icons that are used.
//
//   tools/build-assets.mjs TO [NODE_MODULES]      NODE_MODULES defaults to node_modules beside tools/
//
// Nothing of npm is committed: `npm ci` puts it into node_modules first.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const own = path.join(top, 'static');
const [to, modules = path.join(top, 'node_modules')] = process.argv.slice(2);
// The order is the cascade's: later files win.
const SHEETS = ['tokens', 'base', 'backup', 'layout', 'components', 'pages', 'run', 'live', 'lint', 'lists'];

function fail(text) {
	console.error(`build-assets: ${text}`);
	process.exit(1);
}

function sheet() {
	const there = readdirSync(path.join(own, 'css')).map((f) => path.basename(f, '.css')).sort();
	const lost = there.filter((name) => !SHEETS.includes(name));

	if (lost.length > 0)
		fail(`static/css/${lost[0]}.css is not in the list of style sheets`);
	return SHEETS.map((name) => readFileSync(path.join(own, 'css', `${name}.css`), 'utf8')).join('\n');
}

// A symbol keeps nothing of the original but its shapes: size, stroke and colour come from the style sheet.
function symbol(name) {
	const file = path.join(modules, 'lucide-static/icons', `${name}.svg`);

	if (!existsSync(file))
		fail(`no icon ${name} in lucide-static`);
	const shapes = readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '')
		.replace(/<\/svg>\s*$/, '').replace(/\s+/g, ' ').trim();
	return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

if (!to)
	fail('usage: tools/build-assets.mjs TO [NODE_MODULES]');
const htmx = path.join(modules, 'htmx.org/dist/htmx.min.js');
if (!existsSync(htmx))
	fail(`${htmx} is not there: run "npm ci" in the source folder first`);
mkdirSync(to, { recursive: true });
const icons = readFileSync(path.join(own, 'icons.txt'), 'utf8').split('\n').filter(Boolean);
writeFileSync(path.join(to, 'gatehouse.css'), sheet());
writeFileSync(path.join(to, 'icons.svg'),
	`<svg xmlns="http://www.w3.org/2000/svg">${icons.map(symbol).join('\n')}</svg>\n`);
copyFileSync(htmx, path.join(to, 'htmx.min.js'));
for (const file of ['app.js', 'theme.js', 'favicon.svg', 'error.html'])
	copyFileSync(path.join(own, file), path.join(to, file));
