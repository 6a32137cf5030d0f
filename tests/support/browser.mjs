// Headless Chromium for the browser tests: people in windows of their own, pictures, accessibility.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { PASSWORDS, top } from './stack.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const shots = path.join(top, 'build/check/shots');
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

export class Browser {
	static async start(base) {
		const b = new Browser();

		mkdirSync(shots, { recursive: true });
		b.base = base;
		b.problems = [];
		b.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
		return b;
	}

	// A person at a screen of their own, signed in through the form.
	async person(name, options = {}) {
		const context = await this.browser.newContext({ baseURL: this.base, viewport: WIDE, ...options });
		const page = await context.newPage();

		page.setDefaultTimeout(60000);
		page.on('pageerror', (e) => this.problems.push(`${name}: ${e.message}`));
		page.on('console', (m) => {
			if (m.type() === 'error' && !/status of (4\d\d|503)/.test(m.text()))
				this.problems.push(`${name}: ${m.text()}`);
		});
		await page.goto('/signin');
		if (name) {
			await page.getByLabel('Name').fill(name);
			await page.getByLabel('Password').fill(PASSWORDS[name]);
			await page.getByRole('button', { name: 'Sign in' }).click();
			await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
		}
		return page;
	}

	async shot(page, name) {
		await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
	}

	// What axe finds against WCAG 2.2 AA: one line each.
	async violations(page) {
		const found = await page.evaluate(async (source) => {
			if (!window.axe)
				(0, eval)(source);
			const r = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
			if (r.passes.length < 10)
				throw new Error('axe looked at nothing');
			return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}: ${v.help}`);
		}, axe);
		return found;
	}

	// Nothing on the page is wider than the window.
	overflow(page) {
		return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	}

	// Signs nobody up for a page that a machine finds fault with.
	async good(page, name) {
		await this.shot(page, name);
		assert.deepEqual(await this.violations(page), [], name);
		assert.ok(await this.overflow(page) <= 0, `${name} is wider than the window`);
	}

	async stop() {
		await this.browser?.close();
	}
}
