// Reading what others may take away meanwhile: processes end, journals go once they are read to their end.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

// What read returns; undefined when its thing has gone.  Every other error stays one.
export function there(read, gone = ['ENOENT']) {
	try {
		return read();
	} catch (e) {
		assert.ok(gone.includes(e.code), e.message);
		return undefined;
	}
}

// The files below a folder, those in its folders too; links are not followed.
export function filesBelow(dir) {
	return (there(() => readdirSync(dir, { withFileTypes: true })) ?? [])
		.flatMap((e) => e.isDirectory() ? filesBelow(`${dir}/${e.name}`) : e.isFile() ? [`${dir}/${e.name}`] : []);
}

// What /proc says of a process, in a file (cmdline, environ, status, stat) or in a link (exe, cwd, fd/N); empty when it has
// ended, or is not ours to look at.
const ENDED = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];
export function procFile(pid, name) {
	return there(() => readFileSync(`/proc/${pid}/${name}`, 'latin1'), ENDED) ?? '';
}
export function procLink(pid, name) {
	return there(() => readlinkSync(`/proc/${pid}/${name}`), ENDED) ?? '';
}
