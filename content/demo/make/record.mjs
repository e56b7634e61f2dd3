// The first lesson: this server, used by keyboard in a real Chromium, photographed step by step in the time that the
// voice takes. Usage: CURBCUT=… node record.mjs WORK; WORK has lesson.json (its times) from sound.mjs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { launch } from '../../../tests/browser/lib/browser.mjs';
import { startServer } from '../../../tests/browser/lib/server.mjs';

const work = process.argv[2];
const demo = new URL('..', import.meta.url).pathname;
const plan = JSON.parse(readFileSync(`${work}/lesson.json`, 'utf8'));
const ROLES = { link: '链接', button: '按钮', textbox: '编辑框', searchbox: '搜索框', slider: '滑块', combobox: '组合框', main: '正文' };
const KEYS = { Tab: 'Tab 键', Enter: '回车键', Space: '空格键' };

// ---- frames ----

const scenes = []; // {name, frames: [{file, weight} or {file, seconds}]}
let page, count = 0, strip = '';

async function shot(frame) {
	await page.evaluate((text) => {
		let bar = document.getElementById('film-strip');
		if (!bar) {
			bar = document.body.appendChild(document.createElement('div'));
			bar.id = 'film-strip';
			bar.setAttribute('aria-hidden', 'true');
			Object.assign(bar.style, { position: 'fixed', left: 0, right: 0, top: 0, zIndex: 2147483647, padding: '4px 12px', font: '600 18px/28px sans-serif',
				color: '#fff', background: '#1a365d' });
			document.body.style.paddingTop = '36px';
			document.documentElement.style.scrollPaddingTop = '60px';
			document.activeElement?.scrollIntoView({ block: 'nearest' });
		}
		bar.hidden = !text;
		bar.textContent = text;
	}, strip);
	const file = `${work}/frames/${String(count++).padStart(4, '0')}.png`;
	await page.screenshot({ path: file });
	scenes.at(-1).frames.push({ file, ...frame });
}

// What a screen reader would say of the thing that has the focus.
async function focus() {
	const session = await page.context().newCDPSession(page);
	const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
	const { nodes: [node] } = await session.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
	await session.detach();
	const pressed = node.properties?.find((p) => p.name === 'pressed')?.value.value;
	return { name: node.name?.value ?? '', role: node.role?.value ?? '', pressed: pressed === 'true' };
}

async function tell(key) {
	const now = await focus();
	strip = `${KEYS[key]}　读屏：${[now.name, ROLES[now.role], now.pressed && '已按下'].filter(Boolean).join('，')}`;
	return now;
}

// ---- what the person does ----

async function tab(name, limit = 60) {
	for (let i = 0; i < limit; i++) {
		await page.keyboard.press('Tab');
		const now = await tell('Tab');
		await shot({ weight: 1 });
		if (name.test(now.name)) return;
	}
	throw new Error(`Tab never came to ${name}`);
}

async function key(name) {
	await page.keyboard.press(name);
	await page.waitForTimeout(200); // a state that follows the media comes a moment later
	await tell(name);
	await shot({ weight: 2 });
}

async function enter() {
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	strip = `${KEYS.Enter}　读屏：${await page.title()}`;
	await shot({ weight: 2 });
}

async function type(text) {
	for (const c of text) {
		await page.keyboard.insertText(c);
		await shot({ weight: 0.5 });
	}
}

// Photographs what moves by itself, in its own time.
async function live(seconds) {
	const end = performance.now() + seconds * 1000;
	for (let before = performance.now(); before < end;) {
		await shot({});
		const now = performance.now();
		scenes.at(-1).frames.at(-1).seconds = (now - before) / 1000;
		before = now;
	}
}

const show = (selector) => page.locator(selector).first().evaluate((element) => element.scrollIntoView({ block: 'start' }));

function story(server, account) {
	const long = (name) => plan.cues.filter((cue) => cue.scene === name).reduce((sum, cue) => sum + cue.to - cue.from, 0);
	return {
		async title() {
			await page.goto(`${server.origin}/`);
			await shot({ weight: 6 });
			await tab(/^登录$/);
			await enter();
		},
		async name() {
			await tab(/学号/);
			await type(account.name);
		},
		async password() {
			await tab(/密码/);
			await type(account.password);
			await enter();
		},
		async skip() {
			await tab(/跳到正文/);
			await key('Enter');
		},
		async search() {
			await tab(/找课程/);
			await type('读屏');
			await enter();
		},
		async course() {
			await tab(/用键盘和读屏软件学习/);
			await enter();
		},
		async lesson() {
			await tab(/第 1 课|从登录到看学时/);
			await enter();
		},
		async play() {
			await tab(/^播放$/);
			await key('Space');
			await live(long('play') - 1.5);
		},
		async captions() {
			await tab(/^字幕$/);
			if ((await focus()).pressed) await key('Space');
			await live(1.5);
			await key('Space');
			await live(3);
			await key('Space');
			await live(1.5);
			await key('Space');
			await live(2);
		},
		async transcript() {
			strip = '读屏：文字稿，标题';
			await show('h2:has-text("文字稿"), summary:has-text("文字稿")');
			await live(long('transcript'));
		},
		async record() {
			await page.goto(`${server.origin}/`);
			await tab(/我的学时/);
			await enter();
		},
		async why() {
			strip = '读屏：学时是怎么算的，标题';
			await show('h3, h4');
			await shot({ weight: 1 });
		},
		async end() {
			await shot({ weight: 1 });
		},
	};
}

// ---- putting it together ----

// A scene lasts from its first cue to the next scene's; steps share what what moves by itself leaves over.
function timed() {
	const starts = scenes.map((scene, i) => (i ? plan.cues.find((cue) => cue.scene === scene.name).from - 0.4 : 0));
	return scenes.flatMap((scene, i) => {
		const all = (starts[i + 1] ?? plan.seconds) - starts[i];
		const own = scene.frames.reduce((sum, f) => sum + (f.seconds ?? 0), 0);
		const weights = scene.frames.reduce((sum, f) => sum + (f.weight ?? 0), 0);
		const moving = own ? Math.min(1, (all * 0.8) / own) : 1;
		// one step is at most 0.6 s: the last picture stays
		const step = Math.min(0.6, weights ? Math.max(0.1, all * 0.8 - own * moving) / weights : 0);
		const frames = scene.frames.map((f) => ({ file: f.file, seconds: f.seconds ? f.seconds * moving : f.weight * step }));
		frames.at(-1).seconds += all - frames.reduce((sum, f) => sum + f.seconds, 0);
		return frames;
	});
}

const server = await startServer({ settings: 'origin = http://school.example\n' });
const browser = await launch();
try {
	rmSync(`${work}/frames`, { recursive: true, force: true });
	mkdirSync(`${work}/frames`, { recursive: true });
	const filled = execFileSync(`${demo}fill.sh`, [process.env.CURBCUT, server.data, server.origin], { encoding: 'utf8' });
	const [, name, password] = /^(learner1) +learner +(\S+)/m.exec(filled);
	const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 640, height: 360 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
	page = await context.newPage();
	const steps = story(server, { name, password });
	for (const scene of [...new Set(plan.cues.map((cue) => cue.scene))]) {
		scenes.push({ name: scene, frames: [] });
		await steps[scene]();
	}
	const frames = timed();
	writeFileSync(`${work}/frames.txt`, `${frames.map((f) => `file '${f.file}'\nduration ${f.seconds.toFixed(3)}`).join('\n')}\nfile '${frames.at(-1).file}'\n`);
	console.log(`${frames.length} pictures`);
} finally {
	await browser.close();
	await server.stop();
}
