// Time from saving a file to the changed page in an open browser, under `make dev`: a page's `.rs` file, and a style.
// Run it by `make bench-dev`, with nothing else building. The files are restored at the end.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';

const ROOT = path.resolve(import.meta.dirname, '..');
const PAGE = path.join(ROOT, 'app/src/pages/entry/login.rs');
const STYLE = path.join(ROOT, 'style/tokens.css');
const LISTEN = '127.0.0.1:3990';
const ROUNDS = 5;
const FIRST_BUILD_MS = 30 * 60_000;
const EDIT_MS = 5 * 60_000;

const seconds = (from) => (performance.now() - from) / 1000;
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];

const folder = await mkdtemp(path.join(tmpdir(), 'trunkline-dev-'));
const originals = new Map();
for (const file of [PAGE, STYLE]) originals.set(file, await readFile(file, 'utf8'));

const watch = spawn('cargo', ['leptos', 'watch', '--', 'serve', '--sandbox', '--listen', LISTEN], {
  cwd: ROOT,
  env: {
    ...process.env,
    LEPTOS_HASH_FILES: 'false',
    DATABASE_URL: `sqlite://${folder}/trunkline.db`,
    TRUNKLINE_ADMIN_EMAIL: 'bench@example.com',
    TRUNKLINE_ADMIN_PASSWORD: 'correct horse battery',
  },
  stdio: ['ignore', 'ignore', 'inherit'],
  detached: true,
});
const system = '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath: existsSync(system) ? system : undefined });

try {
  const page = await browser.newPage();
  console.log('Building; the first time this takes a while.');
  const started = performance.now();
  for (;;) {
    const response = await page.goto(`http://${LISTEN}/login`).catch(() => null);
    if (response?.ok() && (await page.locator('html[data-hydrated=true]').count().catch(() => 0))) break;
    if (performance.now() - started > FIRST_BUILD_MS) throw new Error('The server did not start.');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  console.log(`The first page after ${seconds(started).toFixed(0)} s.`);

  const rust = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const text = `Round ${round}`;
    const saved = performance.now();
    await writeFile(PAGE, originals.get(PAGE).replace('title="Log In"', `title="${text}"`));
    await page.locator('h1', { hasText: text }).waitFor({ timeout: EDIT_MS });
    await page.locator('html[data-hydrated=true]').waitFor({ timeout: EDIT_MS });
    rust.push(seconds(saved));
    console.log(`.rs, round ${round}: ${rust.at(-1).toFixed(1)} s`);
  }
  const css = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const colour = `rgb(${round}, 2, 3)`;
    const saved = performance.now();
    await writeFile(STYLE, `${originals.get(STYLE)}\nbody { outline-color: ${colour}; }\n`);
    await page.waitForFunction((colour) => getComputedStyle(document.body).outlineColor === colour, colour, { timeout: EDIT_MS });
    css.push(seconds(saved));
  }
  console.log(`\n| edit | median, s | slowest, s |\n|---|--:|--:|`);
  for (const [name, times] of [['a page (.rs)', rust], ['a style (.css)', css]]) {
    console.log(`| ${name} | ${median(times).toFixed(1)} | ${Math.max(...times).toFixed(1)} |`);
  }
} finally {
  for (const [file, text] of originals) await writeFile(file, text);
  process.kill(-watch.pid, 'SIGINT');
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
