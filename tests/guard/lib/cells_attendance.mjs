// What attendance is made of beside its sheets: sheets to print, lessons with a code, support. One of each place, by its staff.
// A sheet that the staff of a place had printed: one for all with its photo, or (`kept` false) a new one, with a photo or without.
export async function paperOf(county, place, kept = true, photo = true) {
	const made = county.papers ??= {};
	if (kept && made[place]) return made[place];
	const staff = county.visitor(place === 'home' ? 'staff' : `staff-${place}`), list = `/classes/${county.places[place].cohort}/papers`;
	const csrf = /name="csrf" value="([^"]+)"/.exec((await staff.get(list)).text)[1];
	const { headers } = await staff.post(list, [['csrf', csrf], ['unit', '1'], ['when-year', '2027'], ['when-month', '3'], ['when-day', '1']]), address = headers.location;
	if (!address) throw new Error(`a sheet to print: ${list}`);
	if (photo) await staff.send(`${address}/photo`, Object.entries({ csrf, file: { name: 'photo.jpg', bytes: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(address)]) } })); // each paper has a photo of its own
	if (kept) made[place] = address;
	return address;
}

// A line of support that the staff of a place entered: one for all, or (`kept` false) a new one.
export async function supportOf(county, place, kept = true) {
	const made = county.supports ??= {};
	if (kept && made[place]) return made[place];
	const staff = county.visitor(place === 'home' ? 'staff' : `staff-${place}`), list = `/classes/${county.places[place].cohort}/support`;
	const csrf = /name="csrf" value="([^"]+)"/.exec((await staff.get(list)).text)[1];
	const { headers } = await staff.post(list, [['csrf', csrf], ...Object.entries(given(county))]), address = headers.location.split('?')[0];
	if (kept) made[place] = address;
	return address;
}

// What is typed of support that was given today.
export const given = (county) => {
	const [year, month, day] = new Date(county.clock.wall + 8 * 3600e3).toISOString().slice(0, 10).split('-');
	return { kind: 'interpreter', number: '1', ...Object.fromEntries(['from', 'until'].flatMap((name) => [[`${name}-year`, year], [`${name}-month`, month], [`${name}-day`, day]])), words: 'Li' };
};

// A lesson that the staff of a place announced, with a code.
export async function rollOf(county, place) {
	const made = county.rolls ??= {};
	if (made[place]) return made[place];
	const staff = county.visitor(place === 'home' ? 'staff' : `staff-${place}`), list = `/classes/${county.places[place].cohort}/rolls`;
	const csrf = /name="csrf" value="([^"]+)"/.exec((await staff.get(list)).text)[1];
	const { status, headers } = await staff.post(list, [['csrf', csrf], ...Object.entries(announced(county))]);
	if (status !== 303) throw new Error(`a lesson that is announced: ${status}`);
	return made[place] = headers.location;
}

// What is typed of a lesson that is about to begin.
export const announced = (county) => {
	const at = new Date(county.clock.wall + 8 * 3600e3 + 60e3), time = (ms) => new Date(at.getTime() + ms).toISOString().slice(11, 16); // as UTC it shows the time of the place
	return {
		unit: '1', mode: 'onsite', 'when-year': String(at.getUTCFullYear()), 'when-month': String(at.getUTCMonth() + 1), 'when-day': String(at.getUTCDate()),
		from: time(0), to: time(1200e3), hours: '0.1', place: 'Base', teacher: 'Li',
	};
};
