// What messages are sent to, for tests: HTTP(S) servers that answer as they are told, and an SMTP server with STARTTLS and
// AUTH.  Each keeps what it got.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

// A certificate for 127.0.0.1 that signs itself; gives {key, cert, file}.
export function certificate(dir, name) {
	const key = path.join(dir, `${name}.key`);
	const file = path.join(dir, `${name}.crt`);

	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test',
		'-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', key, '-out', file], { stdio: 'ignore' });
	return { key: readFileSync(key), cert: readFileSync(file), file };
}

const listen = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

// answer(request, n) gives {status, body, headers}, or writes to the response itself and gives nothing.
export class HttpReceiver {
	static async start(answer = () => ({ status: 200, body: 'ok' }), certificateOf) {
		const r = new HttpReceiver();

		r.got = [];
		r.sockets = new Set();
		const handle = (req, res) => {
			const parts = [];
			req.on('data', (d) => parts.push(d));
			req.on('end', () => {
				const one = { path: req.url, method: req.method, headers: req.headers, body: Buffer.concat(parts).toString('utf8'), at: Date.now() };
				r.got.push(one);
				const reply = answer(one, r.got.length, res);
				if (reply) {
					res.writeHead(reply.status, reply.headers ?? {});
					res.end(reply.body ?? '');
				}
			});
			req.on('error', () => {});
			res.on('error', () => {});
		};
		r.server = certificateOf ? https.createServer(certificateOf, handle) : http.createServer(handle);
		r.server.on('connection', (s) => {
			r.sockets.add(s);
			s.on('error', () => {});
			s.on('close', () => r.sockets.delete(s));
		});
		r.server.on('tlsClientError', () => { r.refusedTls = (r.refusedTls ?? 0) + 1; });
		r.port = await listen(r.server);
		r.base = `${certificateOf ? 'https' : 'http'}://127.0.0.1:${r.port}`;
		return r;
	}
	json() {
		return this.got.map((g) => JSON.parse(g.body));
	}
	stop() {
		for (const s of this.sockets)
			s.destroy();
		this.server.close();
	}
}

// options: certificate, user, password (then they are asked for), refuse(address) gives a line such as "550 no", data gives the
// answer to the mail.
export class SmtpReceiver {
	static async start(options = {}) {
		const r = new SmtpReceiver();

		r.options = options;
		r.mails = [];
		r.sockets = new Set();
		r.server = net.createServer((s) => r.talk(s, false));
		r.port = await listen(r.server);
		return r;
	}

	talk(socket, secure) {
		const o = this.options;
		const mail = { from: '', to: [], data: '', secure, user: '' };
		const say = (line) => socket.write(`${line}\r\n`);
		let text = '', inData = false, asked = null;

		this.sockets.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => this.sockets.delete(socket));
		if (!secure)
			say('220 test ESMTP');
		const enter = (user, password) => {
			mail.user = user;
			mail.signedIn = user === o.user && password === o.password;
			say(mail.signedIn ? '235 welcome' : '535 5.7.8 wrong user or password');
		};
		const command = (line) => {
			const word = line.split(' ')[0].toUpperCase();

			if (asked)
				return asked(line);
			if (word === 'EHLO') {
				const can = ['8BITMIME', ...(o.certificate && !secure ? ['STARTTLS'] : []), ...(o.user && secure ? ['AUTH PLAIN LOGIN'] : [])];
				say('250-test');
				can.forEach((c, i) => say(`250${i === can.length - 1 ? ' ' : '-'}${c}`));
			} else if (word === 'STARTTLS' && o.certificate && !secure) {
				say('220 go');
				socket.removeAllListeners('data');
				const up = new tls.TLSSocket(socket, { isServer: true, key: o.certificate.key, cert: o.certificate.cert });
				this.talk(up, true);
			} else if (word === 'AUTH') {
				const plain = (v) => {
					asked = null;
					const [, user, password] = Buffer.from(v, 'base64').toString().split('\0');
					enter(user, password);
				};
				const [, kind, first] = line.split(' ');
				if (kind.toUpperCase() !== 'PLAIN')
					return say('504 not known');
				if (first)
					return plain(first);
				asked = plain;
				say('334 ');
			} else if (word === 'MAIL') {
				mail.from = /<(.*?)>/.exec(line)[1];
				say(o.user && !mail.signedIn ? '530 sign in first' : '250 ok');
			} else if (word === 'RCPT') {
				const to = /<(.*?)>/.exec(line)[1];
				const no = o.refuse?.(to);
				if (!no)
					mail.to.push(to);
				say(no || '250 ok');
			} else if (word === 'DATA') {
				inData = true;
				say('354 go on');
			} else if (word === 'QUIT') {
				say('221 bye');
				socket.end();
			} else {
				say(word === 'HELO' || word === 'RSET' || word === 'NOOP' ? '250 ok' : '502 not known');
			}
		};
		socket.on('data', (d) => {
			text += d.toString('utf8');
			for (;;) {
				if (inData) {
					const end = text.indexOf('\r\n.\r\n');
					if (end < 0)
						return;
					mail.data = text.slice(0, end).replace(/^\.\./gm, '.');
					text = text.slice(end + 5);
					inData = false;
					this.mails.push({ ...mail, to: [...mail.to] });
					say(o.data?.(this.mails.length) ?? '250 2.0.0 taken as 4711');
				}
				const at = text.indexOf('\r\n');
				if (at < 0)
					return;
				const line = text.slice(0, at);
				text = text.slice(at + 2);
				command(line);
			}
		});
	}
	stop() {
		for (const s of this.sockets)
			s.destroy();
		this.server.close();
	}
}

// A mail's header (unfolded, names in lower case) and its text, decoded.
export function mailOf(data) {
	const at = data.indexOf('\r\n\r\n');
	const header = Object.fromEntries(data.slice(0, at).replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((l) => {
		const colon = l.indexOf(':');
		return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()];
	}));
	const bytes = data.slice(at + 4).replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16)));

	return { header, text: Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n') };
}
