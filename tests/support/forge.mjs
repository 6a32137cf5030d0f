// What somebody with a session, but without the page's button, would send: forms made by hand, with a token that is
// right.  So the runner's own rules are met and not only the missing button.
import { createHmac, randomUUID } from 'node:crypto';

// wire/csrf.h: HMAC-SHA256 of the session token over operation and subject.
export function csrf(client, op, subject) {
	const token = Buffer.from([...client.cookies.values()].find((v) => /^[0-9a-f]{64}$/.test(v)), 'hex');

	return createHmac('sha256', token).update(`gatehouse form\n${op}\n${subject}`).digest('hex');
}

export async function post(client, where, op, subject, fields) {
	return client.follow(await client.post(where, { csrf: csrf(client, op, subject), key: randomUUID(), ...fields }));
}

export const request = (client, target, fields) => post(client, '/requests', 'request.add', `target/${target}`,
	{ target, direction: 'up', goal: '', steps: '', reason: 'by hand', ...fields });
export const approve = (client, id, digest, password) => post(client, `/requests/${id}/approve`, 'request.approve', `request/${id}`,
	{ digest, password, comment: '' });
export const withdraw = (client, id) => post(client, `/requests/${id}/withdraw`, 'request.withdraw', `request/${id}`, { comment: '' });
