// Numbers that look random and come again with the same seed.
export class Chance {
	constructor(...seed) {
		this.state = 0x9e3779b9;
		for (const n of seed)
			this.state = Math.imul(this.state ^ (n + 0x7f4a7c15), 0x85ebca6b) >>> 0;
	}
	next() {
		let t = (this.state = (this.state + 0x6d2b79f5) >>> 0);

		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}
	below(n) {
		return Math.floor(this.next() * n);
	}
	one(list) {
		return list[this.below(list.length)];
	}
}
