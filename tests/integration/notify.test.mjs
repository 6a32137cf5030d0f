// Messages: every event to every kind of channel, what is tried again and what is not, restarts, and that no secret shows.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { approve, ask, ended } from '../../tools/web-acts.mjs';
import { until } from '../../tools/web-client.mjs';
import { HttpReceiver, SmtpReceiver, certificate, mailOf } from '../support/receivers.mjs';
import { CANARY, PASSWORDS, Stack, USERS } from '../support/stack.mjs';
import { filesBelow, procFile, there } from '../support/there.mjs';

const files = {
	'001_orders.sql': 'CREATE TABLE orders (id int PRIMARY KEY, note text);\n', '001_orders_down.sql': 'DROP TABLE orders;\n',
	'002_green.sql': 'ALTER TABLE orders ADD COLUMN green text;\n', '002_green_down.sql': 'ALTER TABLE orders DROP COLUMN green;\n',
	'003_fails.sql': 'SELECT 1 / 0;\n',
	'004_slow.sql': 'SELECT pg_sleep(60);\n',
};
const SECRET = `${CANARY}-hook`;
let stack, lead, viewer;
const r = {};
const sections = [];

function secretFile(name, text) {
	const file = stack.path('etc', name);
	writeFileSync(file, `${text}\n`, { mode: 0o600 });
	stack.give(`etc/${name}`, USERS.runner);
	return file;
}
function channel(name, kind, options) {
	const q = (v) => Array.isArray(v) ? `{${v.map((x) => `"${x}"`).join(', ')}}` : typeof v === 'string' ? `"${v}"` : String(v);
	sections.push(`notify "${name}" {`, `  kind = "${kind}"`, ...Object.entries(options).map(([k, v]) => `  ${k} = ${q(v)}`), '}');
}
const hook = (name, base, kind, options = {}) => channel(name, kind, { url_file: secretFile(`${name}.url`, `${base}/services/${SECRET}-${name}`),
	retry_delay: '50ms', ...options });

before(async () => {
	for (const kind of ['slack', 'mattermost', 'teams'])
		r[kind] = await HttpReceiver.start();
	r.retry = await HttpReceiver.start((_, n) => n < 3 ? { status: n === 1 ? 500 : 429, body: 'not now\nsecond line' } : { status: 204 });
	r.gone = await HttpReceiver.start(() => ({ status: 404, body: 'no_team' }));
	r.hang = await HttpReceiver.start(() => null);
	r.redirect = await HttpReceiver.start(() => ({ status: 302, headers: { location: `${r.slack.base}/elsewhere` } }));
	r.huge = await HttpReceiver.start((_, n, res) => {
		const part = 'x'.repeat(65536);
		const more = () => { while (res.write(part)); };
		res.writeHead(200);
		res.on('drain', more);
		more();
	});
	r.echo = await HttpReceiver.start((q) => ({ status: 400, body: `no such address: ${q.path}` }));
	stack = await Stack.start({
		projects: { shop: { convention: 'numbered', files } },
		targets: { dev: { environment: 'development' }, prod: { environment: 'production', approvals: 1, backup: false } },
		people: ['admin', 'viewer', 'lead'],
	});
	const mine = certificate(stack.path('etc'), 'mine');
	r.webhook = await HttpReceiver.start(undefined, mine);
	r.mail = await SmtpReceiver.start({ certificate: mine, user: 'gate', password: `${CANARY}-mail`,
		refuse: (to) => to.startsWith('gone@') && '550 5.1.1 no such mailbox' });
	hook('slack', r.slack.base, 'slack', { contact: 'dba@example.com' });
	hook('mattermost', r.mattermost.base, 'mattermost');
	hook('teams', r.teams.base, 'teams');
	hook('webhook', r.webhook.base, 'webhook', { ca_file: mine.file, contact: 'extension 12' });
	channel('mail', 'email', { server: `smtp://127.0.0.1:${r.mail.port}`, from: 'gatehouse@example.com', to: ['ops@example.com', 'gone@example.com'],
		user: 'gate', password_file: secretFile('mail.pass', `${CANARY}-mail`), ca_file: mine.file, contact: 'dba@example.com', retry_delay: '50ms' });
	hook('retry', r.retry.base, 'webhook', { events: ['after'] });
	hook('gone', r.gone.base, 'slack', { events: ['after'] });
	hook('hang', r.hang.base, 'webhook', { events: ['after'], timeout: '300ms', attempts: 2 });
	// No port that another test may be given meanwhile.
	hook('closed', 'http://127.0.0.1:9', 'webhook', { events: ['after'], attempts: 2 });
	hook('badcert', r.webhook.base, 'webhook', { events: ['after'], attempts: 2 });
	hook('redirect', r.redirect.base, 'webhook', { events: ['after'] });
	hook('huge', r.huge.base, 'webhook', { events: ['after'] });
	hook('echo', r.echo.base, 'webhook', { events: ['after'] });
	hook('devonly', r.slack.base, 'slack', { environments: ['development'] });
	hook('prodonly', r.slack.base, 'slack', { targets: ['prod'], events: ['before'] });
	stack.options.conf = [`public_url = "https://gate.example.com/"`, ...sections].join('\n');
	stack.writeConf();
	await stack.end('runner');
	await stack.startRunner();
	viewer = await stack.as('viewer');
	lead = await stack.as('lead');
});
after(async () => {
	await stack?.stop();
	for (const x of Object.values(r))
		x?.stop?.();
});

const of = (name, column = 'state, attempts, text') => stack.store(`SELECT ${column} FROM delivery WHERE channel = '${name}' ORDER BY id`);
const settled = () => until(() => stack.store("SELECT count(*) FROM delivery WHERE state IN ('waiting', 'sending')")[0] === '0',
	{ seconds: 60, say: 'the end of all deliveries' });
const since = (list, n) => list.slice(n);

test('a run without approval: before and after, to each kind', async () => {
	stack.cli(['up', '--target', 'dev', '--to', '001', '--reason', 'first <b>one</b>', '--wait']);
	await settled();
	const slack = r.slack.got.filter((g) => g.path.endsWith('-slack')).map((g) => JSON.parse(g.body));

	// slack and devonly have the same server; prodonly must not.
	assert.equal(r.slack.got.length, 4);
	assert.deepEqual(r.slack.got.filter((g) => g.path.endsWith('prodonly')), []);
	const before = slack[0];
	assert.match(before.text, /^Database migration starts: 001_orders on dev$/);
	assert.equal(before.blocks[0].type, 'header');
	const fields = before.blocks.flatMap((b) => b.fields ?? []).map((f) => f.text);
	assert.ok(fields.some((f) => f === '*Migration*\n001_orders'), fields.join('|'));
	assert.ok(fields.some((f) => f.startsWith('*Estimated duration*\nnot known')));
	assert.ok(fields.some((f) => f.startsWith('*Expected downtime*\nnone')));
	assert.ok(fields.some((f) => f.startsWith('*Rollback plan*\ndown SQL of 001_orders is available')));
	assert.ok(fields.some((f) => f === '*Contact*\ndba@example.com'));
	assert.ok(fields.some((f) => f === '*Reason*\nfirst &lt;b&gt;one&lt;/b&gt;'));
	assert.match(JSON.stringify(before.blocks.at(-1)), /<https:\/\/gate\.example\.com\/runs\/1\|Open in Gatehouse>/);
	assert.equal(r.mattermost.json()[0].username, 'Gatehouse');
	assert.match(r.mattermost.json()[0].text, /\| \*\*Migration\*\* \| 001\\_orders \|/);
	const card = r.teams.json()[0].attachments[0];
	assert.equal(card.contentType, 'application/vnd.microsoft.card.adaptive');
	assert.equal(card.content.actions[0].url, 'https://gate.example.com/runs/1');
	const plain = r.webhook.json();
	assert.deepEqual(plain.map((p) => p.event), ['before', 'after']);
	assert.deepEqual(plain[0].migrations, ['001_orders']);
	assert.equal(plain[1].run, 1);
	assert.equal(plain[1].state, 'succeeded');
	assert.match(plain[1].duration, /(ms|s)$/);
	assert.equal(plain[1].contact, 'extension 12');
	assert.equal(r.webhook.got[0].headers['content-type'], 'application/json');
	assert.match(r.webhook.got[0].headers['user-agent'], /^Gatehouse\//);
});

test('the mail is signed in for over TLS, and says what the guide asks for', () => {
	const m = r.mail.mails;

	assert.equal(m.length, 2);
	assert.ok(m[0].secure && m[0].signedIn);
	assert.deepEqual(m[0].to, ['ops@example.com']);
	const { header, text } = mailOf(m[0].data);
	assert.equal(header.subject, 'Database migration starts: 001_orders on dev');
	assert.equal(header.from, 'Gatehouse <gatehouse@example.com>');
	assert.equal(header['auto-submitted'], 'auto-generated');
	assert.match(header['message-id'], /^<gatehouse\.\d+\.\d+@example\.com>$/);
	assert.ok(Math.abs(Date.parse(header.date) - Date.now()) < 120000, header.date);
	for (const line of ['- Migration: 001_orders', '- Estimated duration: ', '- Expected downtime: none', '- Rollback plan: ', '- Contact: dba@example.com'])
		assert.ok(text.includes(line), `${line} in ${text}`);
	assert.ok(of('mail').every((d) => /^sent\|1\|SMTP 250 2\.0\.0 taken as 4711; but not every receiver was taken: 550 5\.1\.1/.test(d)), of('mail').join('\n'));
});

test('what is tried again, and what is not', () => {
	assert.deepEqual(of('retry'), ['sent|3|HTTP 204']);
	assert.deepEqual(of('gone'), ['failed|1|HTTP 404: no_team']);
	assert.deepEqual(of('hang'), ['failed|2|there was no answer within 0.3 s (tried 2 times)']);
	assert.deepEqual(of('closed'), ["failed|2|nobody answers at the server's address (tried 2 times)"]);
	assert.match(of('badcert')[0], /^failed\|2\|the server's certificate is not trusted \(.*self.signed.*\) \(tried 2 times\)$/);
	assert.match(of('redirect')[0], /^failed\|1\|HTTP 302: it sends us elsewhere/);
	assert.equal(r.redirect.got.length, 1);
	assert.ok(!r.slack.got.some((g) => g.path === '/elsewhere'));
	assert.match(of('huge')[0], /^sent\|1\|HTTP 200: x+$/);
	assert.deepEqual(of('echo'), ['failed|1|It failed. (The answer repeats the secret: it is not kept.)']);
	const at = r.retry.got.map((g) => g.at);
	assert.ok(at[1] - at[0] >= 50 && at[2] - at[1] >= 100, 'the delay doubles');
});

test('approval needed, then before and after, with the duration of the earlier target', async () => {
	const seen = r.webhook.got.length;
	const { request } = await ask(viewer, 'prod', { to: '001', reason: 'ship it @channel' });

	await settled();
	let plain = since(r.webhook.json(), seen);
	assert.equal(plain.length, 1);
	assert.equal(plain[0].event, 'approval');
	assert.equal(plain[0].subject, 'Approval needed: 001_orders on prod');
	assert.equal(plain[0].request, request);
	assert.match(plain[0].estimate, /^about .* as on dev$/);
	assert.equal(plain[0].link, `https://gate.example.com/requests/${request}`);
	assert.match(plain[0].backup, /^none/);
	assert.ok(!r.mattermost.json().at(-1).text.includes('@channel'), 'nobody is called');
	await ended(lead, await approve(lead, request, PASSWORDS.lead));
	await settled();
	plain = since(r.webhook.json(), seen);
	assert.deepEqual(plain.map((p) => p.event), ['approval', 'before', 'after']);
	assert.equal(r.slack.got.filter((g) => g.path.endsWith('prodonly')).length, 1);
});

test('the locks that statements take, in words', async () => {
	stack.psql('dev', 'INSERT INTO orders SELECT g FROM generate_series(1, 1000) g; ANALYZE');
	const seen = r.webhook.got.length;

	stack.cli(['up', '--target', 'dev', '--to', '002', '--reason', 'green', '--wait']);
	await settled();
	assert.match(since(r.webhook.json(), seen)[0].downtime, /^none to speak of: it locks (public\.)?orders .* against reads and writes for a moment$/);
});

test('failed, with what went wrong and the incident', async () => {
	const seen = r.webhook.got.length;

	stack.cli(['up', '--target', 'dev', '--to', '003', '--reason', 'fails', '--wait'], { exits: [1] });
	await settled();
	const plain = since(r.webhook.json(), seen);
	assert.deepEqual(plain.map((p) => p.event), ['before', 'failed']);
	assert.match(plain[1].subject, /^Database migration failed, nothing is changed: 003_fails on dev$/);
	assert.match(plain[1].error, /^22012: division by zero/);
	assert.ok(plain[1].incident > 0);
	assert.equal(plain[1].rollback, 'no down SQL and no backup: a person has to write the way back');
});

test('unknown when the job is killed, then what was found out', async () => {
	const seen = r.webhook.got.length;

	stack.migration('003_fails.sql', 'SELECT 1;\n');
	stack.cli(['up', '--target', 'dev', '--to', '004', '--reason', 'killed'], { exits: [0, 3] });
	await until(() => stack.rows('postgres', "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND datname = 'dev'")[0] === '1',
		{ seconds: 60, say: 'the statement' });
	const pid = await until(() => Number(stack.store("SELECT pid FROM run ORDER BY id DESC LIMIT 1")[0]), { seconds: 60, say: 'the pid of the job' });
	process.kill(pid, 'SIGKILL');
	await until(() => since(r.webhook.json(), seen).some((p) => p.event === 'unknown'), { seconds: 60, say: 'the message' });
	await until(() => since(r.webhook.json(), seen).some((p) => p.event === 'failed'), { seconds: 90, say: 'what was found out' });
	await settled();
	assert.deepEqual(since(r.webhook.json(), seen).map((p) => p.event), ['before', 'unknown', 'failed']);
});

test('a lead tries a failed one again, on the page and on the command line', async () => {
	const [id] = of('gone', 'id');
	const page = await lead.get('/deliveries?state=failed&channel=gone');

	assert.match(page.body, /HTTP 404: no_team/);
	assert.ok(!(await viewer.get('/deliveries?state=failed')).body.includes('/retry"'));
	await lead.submit('/deliveries?state=failed&channel=gone', `/deliveries/${id}/retry`, {});
	await until(() => r.gone.got.length >= 2 + of('gone').length - 1, { seconds: 60, say: 'the second try' });
	await settled();
	assert.match(of('gone')[0], /^failed\|1\|HTTP 404/);
	assert.match(stack.cli(['deliveries', 'retry', id]), /is tried again/);
	await settled();
	const rows = JSON.parse(stack.cli(['deliveries', '--state', 'failed', '--channel', 'gone', '--json'])).rows;
	assert.equal(rows.length, of('gone').length);
	assert.equal(rows.at(-1).answer, 'HTTP 404: no_team');
	assert.equal(stack.cliTry(['deliveries', 'retry', of('slack', 'id')[0]]).status, 4);
	assert.equal(stack.cliTry(['deliveries', '--state', 'lost']).status, 2);
	assert.ok(stack.store("SELECT op || ' ' || outcome FROM ledger WHERE op = 'delivery.retry'").includes('delivery.retry ok'));
});

test('a restart in the middle: the job goes on, and nothing is sent twice', async () => {
	let release;
	const held = new Promise((resolve) => { release = resolve; });
	const got = [];
	const slow = await HttpReceiver.start((q, n, res) => {
		got.push(q.body);
		held.then(() => { res.writeHead(200); res.end('late'); });
	});

	r.slow = slow;
	sections.length = 0;
	hook('slow', slow.base, 'webhook', { events: ['after'], timeout: '30s' });
	stack.options.conf += `\n${sections.join('\n')}`;
	stack.writeConf();
	process.kill(stack.parts.runner.pid, 'SIGHUP');
	stack.migration('004_slow.sql', 'SELECT 4;\n');
	stack.cli(['refresh', 'shop'], { exits: [0, 1, 2, 4] });
	await until(() => stack.cliTry(['up', '--target', 'dev', '--to', '004', '--reason', 'slow', '--wait']).status === 0, { seconds: 60, say: 'a run' });
	await until(() => got.length === 1, { seconds: 60, say: 'the request' });
	await stack.end('runner', 'SIGKILL');
	await stack.startRunner();
	assert.deepEqual(of('slow', 'state, attempts'), ['sending|1']);
	release();
	await settled();
	assert.deepEqual(of('slow'), ['sent|1|HTTP 200: late']);
	assert.equal(got.length, 1);
	// A journal goes after its delivery's end is written.
	await until(() => !readdirSync(stack.path('jobs')).some((f) => f.startsWith('notify.')), { seconds: 60, say: () => `the end of ${readdirSync(stack.path('jobs'))}` });
});

test('a thousand deliveries that wait for a channel that hangs do not delay a run', async () => {
	const took = async (version) => {
		const began = Date.now();

		stack.migration(`${version}_quick.sql`, 'SELECT 5;\n');
		await until(() => stack.cliTry(['up', '--target', 'dev', '--to', version, '--reason', 'quick', '--wait']).status === 0, { seconds: 60, say: 'the run' });
		return Date.now() - began;
	};
	const alone = await took('005');

	await settled();
	stack.sqlite('store/store.db', `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
		INSERT INTO delivery (message_id, channel, kind, state, next_at) SELECT (SELECT max(id) FROM message), 'hang', 'webhook', 'waiting', 1 FROM n`);
	const beside = await took('006');
	// One after the other they would take minutes.
	assert.ok(beside < alone + 20000, `${alone} ms alone, ${beside} ms beside the thousand`);
	// The other channels are served beside it.
	await until(() => of('slow').length === 3 && of('slow').at(-1).startsWith('sent'), { seconds: 60, say: 'the other channel' });
	assert.ok(Number(stack.store("SELECT count(*) FROM delivery WHERE channel = 'hang' AND state = 'waiting'")[0]) > 500);
	// What looks for leaks at a job's end is a process of its program, too, and none that the runner has started.
	const started = new RegExp(`^PPid:\\s*${stack.parts.runner.pid}$`, 'm');
	assert.ok(stack.jobs().filter((pid) => started.test(procFile(pid, 'status'))).length <= 4);
});

test('no secret of a channel is in a log, a journal, the store, a page or the process list', async () => {
	const found = [];
	const look = (what, text) => {
		if (text.includes(SECRET) || text.includes(`${CANARY}-mail`))
			found.push(what);
	};

	for (const file of ['log', 'jobs', 'store', 'secrets', 'backups'].flatMap((dir) => filesBelow(stack.path(dir))))
		look(file, there(() => readFileSync(file, 'latin1')) ?? '');
	for (const page of ['/deliveries', '/deliveries?format=json', '/deliveries?format=csv', '/runs/1'])
		look(page, (await lead.get(page)).body);
	look('cli', stack.cli(['deliveries', '--limit', '1000']));
	// While jobs are on their way (the hanging channel has plenty).
	for (let i = 0; i < 5; i++) {
		for (const pid of stack.jobs())
			for (const f of ['cmdline', 'environ'])
				look(`${pid} ${f}`, procFile(pid, f));
		await new Promise((ok) => setTimeout(ok, 50));
	}
	assert.deepEqual(found, []);
	assert.equal(statSync(stack.path('etc/slack.url')).mode & 0o777, 0o600);
});
