import { existsSync } from 'node:fs';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

// The system's Chromium if it is installed, else the one that Playwright downloaded.
const system = '/usr/bin/chromium';
const executablePath = existsSync(system) ? system : undefined;

const wide = { viewport: { width: 1360, height: 900 } };
const projects: PlaywrightTestConfig['projects'] = [
  { name: 'desktop', testDir: 'specs', grepInvert: /@narrow/, use: wide },
  // A telephone: narrow, and with touch instead of a mouse.
  {
    name: 'narrow',
    testDir: 'specs',
    grep: /@narrow/,
    use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  },
  { name: 'nojs', testDir: 'nojs', use: { ...wide, javaScriptEnabled: false } },
];
// Pictures for review; they assert nothing.
if (process.env.SCREENSHOTS) {
  projects.push({ name: 'screenshots', testDir: '.', testMatch: 'screenshots.spec.ts', timeout: 180_000, use: wide });
}

export default defineConfig({
  outputDir: 'test-results',
  projects,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A busy CI machine may exceed a timeout once.
  retries: process.env.CI ? 1 : 0,
  workers: Number(process.env.WORKERS ?? 2),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['./fixtures/summary-reporter.ts']],
  use: {
    locale: 'en-US',
    timezoneId: 'UTC',
    // Contrast cannot be measured during a transition.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 20_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
