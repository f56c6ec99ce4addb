import { expect, LIST, test, visit } from '../fixtures/test';

const WARM_UP = 5;
const ROUNDS = 100;

// A console stays open all day: what a page leaves behind adds up.
test('page changes leave no DOM nodes or listeners behind', async ({ page, server, browserName }) => {
  test.skip(browserName !== 'chromium', 'counts by the DevTools protocol');
  test.setTimeout(180_000);
  for (const name of ['Twilio', 'Plivo', 'Telnyx']) await server.carrier({ name });
  await server.bot('Concierge');
  await visit(page, LIST);
  const devtools = await page.context().newCDPSession(page);
  const counters = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return devtools.send('Memory.getDOMCounters');
  };
  const round = async () => {
    await page.getByRole('link', { name: 'Twilio' }).click();
    await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Bots' }).click();
    await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Carriers' }).click();
    await expect(page.getByRole('link', { name: 'Plivo' })).toBeVisible();
  };
  for (let index = 0; index < WARM_UP; index++) await round();
  const before = await counters();
  for (let index = 0; index < ROUNDS; index++) await round();
  const after = await counters();
  // Less than one per round: nothing grows with the number of page changes.
  expect(after.nodes - before.nodes).toBeLessThan(ROUNDS);
  expect(after.jsEventListeners - before.jsEventListeners).toBeLessThan(ROUNDS / 2);
});
