// A browser may hang: nothing waits for it without an end.
export async function within(ms, what, promise) {
	let late;
	const end = new Promise((resolve, reject) => {
		late = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms);
	});
	try {
		return await Promise.race([promise, end]);
	} finally {
		clearTimeout(late);
	}
}

// Ends something that may not end by itself; how it ends is of no interest.
export const letGo = (promise, ms = 10000) => within(ms, 'the end', promise).catch(() => {});
