// Makes one journey one way and tells how it went.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openContext } from '../ways/ways.mjs';

// {way, state: "passed" | "failed" | "left out", why, line, sentence, steps, seconds, keys, picture}
export async function walk(journey, way, browser, env) {
	if (journey.without[way.id]) return { way: way.id, state: 'left out', why: journey.without[way.id] };
	const began = Date.now();
	const result = { way: way.id, state: 'passed', steps: 0 };
	const context = await openContext(way, browser, journey.lang);
	let page, person;
	const picture = async (from) => {
		const name = `${journey.id}-${way.id}.jpg`;
		mkdirSync(env.pictures, { recursive: true });
		await from.screenshot({ path: path.join(env.pictures, name), type: 'jpeg', quality: 60 });
		result.picture = name;
	};
	try {
		page = await context.newPage();
		person = new way.Person(page, journey, { ...env, browser, picture });
		await person.begin?.();
		for (const step of journey.steps) {
			Object.assign(result, { line: step.line, sentence: step.text });
			await step.row.run(person, ...step.args);
			result.steps++;
		}
		delete result.line;
		delete result.sentence;
	} catch (error) {
		Object.assign(result, { state: 'failed', why: error.message.split('\n')[0] });
	} finally {
		if (page && (!result.picture || result.state === 'failed')) await picture(page).catch(() => {});
		await person?.end?.();
		await context.close().catch(() => {});
	}
	return { ...result, keys: person?.keys ?? 0, seconds: Math.round((Date.now() - began) / 100) / 10 };
}
