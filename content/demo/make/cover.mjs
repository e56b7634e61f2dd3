// The cover of the audio-book: a drawing, photographed by Chromium. Usage: node cover.mjs
import { readFileSync } from 'node:fs';
import { launch } from '../../../tests/browser/lib/browser.mjs';

const demo = new URL('..', import.meta.url).pathname;
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 600, height: 600 } });
await page.setContent(`<body style="margin:0">${readFileSync(`${demo}texts/cover.svg`, 'utf8')}</body>`);
await page.screenshot({ path: `${demo}handbook/book/cover.png` });
await browser.close();
