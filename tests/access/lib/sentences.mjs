// The sentences that journeys are made of. Each row: how it is written, and what the person (ways/person.mjs) does.
// "…" stands for a text in quotation marks, N for a number, X for a word. README.md lists them all; a test holds it.

const PARTS = [['"…"', '"([^"]*)"'], ['N', '(\\d+)'], ['X', '([\\w-]+)']];

function pattern(says) {
	let text = says.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	for (const [part, wanted] of PARTS) text = text.replace(new RegExp(part === '"…"' ? part : `\\b${part}\\b`, 'g'), wanted);
	return new RegExp(`^${text}$`);
}

const does = (says, run) => ({ says, run, pattern: pattern(says), expects: false });
const expects = (says, run) => ({ says, run, pattern: pattern(says), expects: true });

const begins = (name) => ({ name, begins: true });
const whole = (name) => ({ name });

export const sentences = [
	does('Open the first page.', (p) => p.open('/')),
	does('Open "…".', (p, path) => p.open(path)),
	does('Sign in as X.', (p, who) => p.signIn(who)),
	does('Go back.', (p) => p.back()),
	does('Load the page again.', (p) => p.reload()),
	does('Load the page again until it says "…".', (p, text) => p.reloadUntil(text)),
	does('Follow the link "…".', (p, name) => p.act(['link'], whole(name))),
	does('Follow the link that begins with "…".', (p, name) => p.act(['link'], begins(name))),
	does('Press the button "…".', (p, name) => p.act(['button'], whole(name))),
	does('Press the button that begins with "…".', (p, name) => p.act(['button'], begins(name))),
	does('Press the button "…" in vain.', (p, name) => p.pressInVain(name)),
	does('Unfold "…".', (p, name) => p.unfold(name)),
	does('Type "…" into "…".', (p, text, field) => p.type(field, text)),
	does('Type "…" into "…" of "…".', (p, text, field, group) => p.type(field, text, group)),
	does('Note what "…" is.', (p, term) => p.note(term)),
	does('Type the date of today into "…".', (p, group) => p.typeToday(group)),
	does('Type what I noted into "…".', (p, field) => p.typeNoted(field)),
	does('Type my name into "…".', (p, field) => p.type(field, p.account().name)),
	does('Type my password into "…".', (p, field) => p.type(field, p.account().password)),
	does('Tick "…".', (p, name) => p.tick(name, true)),
	does('Untick "…".', (p, name) => p.tick(name, false)),
	does('Choose "…".', (p, name) => p.choose(name)),
	does('Choose "…" from "…".', (p, option, field) => p.select(field, option)),
	does('Give the file "…" to "…".', (p, file, field) => p.giveFile(field, file)),
	does('Play for N seconds.', (p, n) => p.play(Number(n))),
	does('Start to play.', (p) => p.play(0, { on: true })),
	does('Stop to play.', (p) => p.pause()),
	does('The line breaks.', (p) => p.line(false)),
	does('The line is back.', (p) => p.line(true)),
	does('Press Enter.', (p) => p.enter()),
	does('Wait for N seconds.', (p, n) => p.wait(Number(n))),
	does('Take a picture.', (p) => p.picture()),

	expects('The page says "…".', (p, text) => p.says(text)),
	expects('The page does not say "…".', (p, text) => p.saysNot(text)),
	expects('The heading is "…".', (p, text) => p.heading(text)),
	expects('The title begins with "…".', (p, text) => p.title(text)),
	expects('There is a link "…".', (p, name) => p.there(['link'], whole(name))),
	expects('There is a button "…".', (p, name) => p.there(['button'], whole(name))),
	expects('There is a field "…".', (p, name) => p.field(name)),
	expects('The button "…" is pressed.', (p, name) => p.pressed(name, true)),
	expects('The button "…" is not pressed.', (p, name) => p.pressed(name, false)),
	expects('The field "…" holds "…".', (p, field, text) => p.holds(field, text)),
	expects('The field "…" is marked as wrong.', (p, field) => p.wrong(field)),
	expects('The field "…" says "…".', (p, field, text) => p.described(field, text)),
	expects('"…" is ticked.', (p, name) => p.ticked(name)),
	expects('The focus is on "…".', (p, name) => p.focusOn(name)),
	expects('The page speaks "X".', (p, lang) => p.speaks(lang)),
	expects('The address begins with "…".', (p, text) => p.address(text)),
	expects('The caption says "…".', (p, text) => p.caption(text)),
	expects('It stands at N seconds or later.', (p, n) => p.standsAt(Number(n))),
	expects('It took at most N keys.', (p, n) => p.keysAtMost(Number(n))),
	expects('I hear "…".', (p, text) => p.hears(text)),
];
