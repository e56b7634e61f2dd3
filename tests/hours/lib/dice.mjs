// Numbers that a failing test can be run again with: a small generator of our own (mulberry32). dice(seed)(n) is 0 to n-1.
export function dice(seed) {
	return (n) => {
		seed = seed + 0x6D2B79F5 | 0;
		let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
		t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
		return Math.floor(((t ^ t >>> 14) >>> 0) / 4294967296 * n);
	};
}
