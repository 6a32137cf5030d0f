// What people do on the pages, step by step as they do it: used by the demo's history and by the system tests.
import { textOf, until } from './web-client.mjs';

const OPEN = new Set(['queued', 'running', 'unknown']);

function idOf(reply, noun) {
	const m = new RegExp(`^/${noun}/(\\d+)`).exec(reply.url);

	if (!m || reply.status !== 200)
		throw new Error(`no ${noun} came of it: ${reply.status} ${reply.url}: ${textOf(reply.body).slice(0, 400)}`);
	return Number(m[1]);
}

// Asks that a plan be run.  up: {to} or everything pending; down: {steps} or {back}.  Gives {request, run}.
export async function ask(who, target, { to = '', steps = 0, back = '', reason }) {
	const down = steps > 0 || back !== '';
	const where = `/requests/new?${new URLSearchParams({ target, direction: down ? 'down' : 'up' })}`;
	const reply = await who.submit(where, '/requests', {
		reason, ...(to && { goal: to }), ...(back && { goal: back, steps: '' }), ...(steps && { steps }),
	});

	if (reply.url.startsWith('/runs/')) {
		const run = idOf(reply, 'runs');
		return { request: (await runOf(who, run)).request, run };
	}
	const request = idOf(reply, 'requests');
	return { request, run: (await requestOf(who, request)).run };
}

// The JSON of the pages, whatever they nest it in.
export async function requestOf(who, id) {
	const page = await who.json(`/requests/${id}`);
	return page.request ?? page;
}
export async function runOf(who, id) {
	const page = await who.json(`/runs/${id}`);
	return page.run ?? page;
}

export async function approve(who, request, password, comment = '') {
	const reply = await who.submit(`/requests/${request}`, `/requests/${request}/approve`, { password, comment });

	if (reply.status !== 200)
		throw new Error(`request ${request} was not approved: ${reply.status} ${textOf(reply.body).slice(0, 400)}`);
	const page = await requestOf(who, request);
	return reply.url.startsWith('/runs/') ? idOf(reply, 'runs') : page.run;
}

// Waits until a run has ended; gives it.
export async function ended(who, run, seconds = 60) {
	return until(async () => {
		const r = await runOf(who, run);
		return !OPEN.has(r.state) && r;
	}, { seconds, say: `the end of run ${run}` });
}

export async function note(who, incident, text) {
	const reply = await who.submit(`/incidents/${incident}`, new RegExp(`^/incidents/${incident}/notes?$`), { text });

	if (reply.status !== 200)
		throw new Error(`the note was not taken: ${reply.status} ${textOf(reply.body).slice(0, 400)}`);
	return reply;
}
