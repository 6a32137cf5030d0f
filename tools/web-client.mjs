// A small browser without a screen: cookies, pages, forms.  What a person does with the mouse, scripts and tests do
// with it: fetch a page, take a form out of it, fill it in, send it.
import http from 'node:http';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescapeHtml(text) {
	return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, dec, name) =>
		hex ? String.fromCodePoint(parseInt(hex, 16)) : dec ? String.fromCodePoint(Number(dec)) : ENTITIES[name] ?? all);
}

// The text that a person reads, one blank between words.
export function textOf(html) {
	return unescapeHtml(html.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' '))
		.replace(/\s+/g, ' ').trim();
}

function attributesOf(tag) {
	const all = {};

	for (const m of tag.matchAll(/([a-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/gi))
		all[m[1].toLowerCase()] ??= unescapeHtml(m[2] ?? m[3] ?? m[4] ?? '');
	return all;
}

// Every form of a page: {method, action, fields: {name: value}, names, text}.
export function formsOf(html) {
	const forms = [];

	for (const m of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
		const form = { method: 'get', ...attributesOf(m[1]), fields: {}, names: [], text: textOf(m[2]) };
		const put = (name, value) => {
			form.fields[name] = value;
			form.names.push(name);
		};

		for (const i of m[2].matchAll(/<input\b([^>]*)>/g)) {
			const a = attributesOf(i[1]);
			const ticked = !['checkbox', 'radio'].includes(a.type) || 'checked' in a;
			if (a.name && a.type !== 'submit')
				ticked ? put(a.name, a.value ?? '') : form.names.push(a.name);
		}
		for (const t of m[2].matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g))
			put(attributesOf(t[1]).name, unescapeHtml(t[2]));
		for (const s of m[2].matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
			const options = [...s[2].matchAll(/<option\b([^>]*)>([^<]*)/g)]
				.map((o) => ({ value: unescapeHtml(o[2].trim()), ...attributesOf(o[1]) }));
			put(attributesOf(s[1]).name, (options.find((o) => 'selected' in o) ?? options[0])?.value ?? '');
		}
		forms.push(form);
	}
	return forms;
}

export class WebClient {
	constructor(base) {
		this.base = base;
		this.cookies = new Map();
	}

	// One request, no redirect followed: {status, headers, body, url}.
	send(method, where, { body, headers = {}, timeout = 20000 } = {}) {
		const url = new URL(where, this.base);

		return new Promise((resolve, reject) => {
			const req = http.request(url, { method, agent: false, timeout, headers: {
				...(this.cookies.size > 0 && { cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') }),
				...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded',
					'content-length': Buffer.byteLength(body), origin: this.base }),
				...headers,
			} }, (res) => {
				const parts = [];
				res.on('data', (d) => parts.push(d));
				res.on('error', reject);
				res.on('end', () => {
					for (const c of res.headers['set-cookie'] ?? [])
						this.takeCookie(c);
					const raw = Buffer.concat(parts);
					resolve({ status: res.statusCode, headers: res.headers, raw, body: raw.toString(), url: url.pathname + url.search });
				});
			});
			req.on('timeout', () => req.destroy(new Error(`no answer to ${method} ${where} in ${timeout} ms`)));
			req.on('error', reject);
			req.end(body);
		});
	}

	takeCookie(line) {
		const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);

		if (value === '' || /max-age=0(;|$)/i.test(line))
			this.cookies.delete(name);
		else
			this.cookies.set(name, value);
	}

	async follow(reply) {
		for (let i = 0; i < 5 && [301, 302, 303].includes(reply.status); i++) {
			const from = reply.status;
			reply = await this.send('GET', reply.headers.location);
			reply.redirected = from;
		}
		return reply;
	}

	async get(where, options) {
		return this.follow(await this.send('GET', where, options));
	}

	async json(where) {
		const reply = await this.send('GET', where + (where.includes('?') ? '&' : '?') + 'format=json');

		if (reply.status !== 200)
			throw new Error(`GET ${where}: ${reply.status} ${reply.body.slice(0, 300)}`);
		return JSON.parse(reply.body);
	}

	post(where, fields, options = {}) {
		return this.send('POST', where, { body: new URLSearchParams(fields).toString(), ...options });
	}

	// The form of a page (its reply) whose action matches.
	form(reply, action) {
		const found = formsOf(reply.body).filter((f) =>
			action instanceof RegExp ? action.test(f.action) : f.action === action);

		if (found.length === 0)
			throw new Error(`${reply.url} (${reply.status}) has no form for ${action}: ${textOf(reply.body).slice(0, 400)}`);
		return found[0];
	}

	// Fills in the form for action on the page at where, and sends it; the reply is the page it ends on.
	async submit(where, action, fields) {
		const form = this.form(await this.get(where), action);

		for (const name of Object.keys(fields))
			if (!form.names.includes(name))
				throw new Error(`the form ${form.action} on ${where} has no field ${name}: ${form.names}`);
		if (form.method.toLowerCase() === 'get')
			return this.get(`${form.action}?${new URLSearchParams({ ...form.fields, ...fields })}`);
		return this.follow(await this.post(form.action, { ...form.fields, ...fields }));
	}

	async signIn(name, password) {
		const reply = await this.submit('/signin', '/signin', { name, password });

		if (reply.status !== 200 || reply.url.startsWith('/signin'))
			throw new Error(`${name} cannot sign in: ${reply.status} ${textOf(reply.body).slice(0, 200)}`);
		return reply;
	}
}

// Calls what() until it gives something true.  say: what was waited for, or a function that tells.
export async function until(what, { seconds = 20, every = 100, say = 'it' } = {}) {
	const end = Date.now() + seconds * 1000;

	for (;;) {
		const got = await what();
		if (got)
			return got;
		if (Date.now() > end)
			throw new Error(`${typeof say === 'function' ? say() : say} did not happen in ${seconds} s`);
		await new Promise((r) => setTimeout(r, every));
	}
}
