import { expect, field, LIST, path, test, visit } from '../fixtures/test';

const TOPICS: [string, string][] = [
  ['overview', 'Overview'],
  ['connection', 'Connection settings'],
  ['authentication', 'Authentication'],
  ['pacing', 'Pacing'],
  ['directions', 'DID directions'],
  ['inbound', 'Inbound calls'],
  ['outbound', 'Outbound calls'],
  ['sync', 'Sync status'],
  ['plivo', 'Plivo'],
  ['twilio', 'Twilio'],
  ['exotel', 'Exotel'],
  ['trunk-api', 'Trunk API'],
  ['troubleshooting', 'Troubleshooting'],
];
const heading = { level: 3 } as const;

test('topic has the same text by address and by click', async ({ page, accessible }) => {
  test.slow();
  await visit(page, `${LIST}?guide=1`);
  const guide = page.getByRole('dialog', { name: 'Carrier guide' });
  const text = guide.getByRole('article');
  for (const [id, name] of TOPICS) {
    await guide.getByRole('navigation', { name: 'Topics' }).getByRole('link', { name, exact: true }).click();
    await expect(guide.getByRole('heading', { ...heading, name, exact: true })).toBeVisible();
    expect(path(page)).toBe(id === 'overview' ? `${LIST}?guide=overview` : `${LIST}?guide=${id}`);
    await accessible(page, `guide, ${id}`);
    const clicked = await text.innerText();
    const current = guide.getByRole('navigation', { name: 'Topics' }).locator('[aria-current]');
    await expect(current).toHaveText(name);
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
    expect(await text.innerText()).toBe(clicked);
  }
});

test('changing the topic focuses its heading; Back returns to the previous topic, Esc closes', async ({ page, server }) => {
  await server.carrier();
  await visit(page, LIST);
  const button = page.getByRole('link', { name: 'Guide' });
  await button.click();
  const guide = page.getByRole('dialog', { name: 'Carrier guide' });
  await guide.getByRole('article').getByRole('link', { name: 'Pacing' }).click();
  const pacing = guide.getByRole('heading', { ...heading, name: 'Pacing' });
  await expect(pacing).toBeFocused();
  await guide.getByRole('link', { name: 'DID directions' }).last().click();
  await expect(guide.getByRole('heading', { ...heading, name: 'DID directions' })).toBeFocused();
  await page.goBack();
  await expect(pacing).toBeVisible();
  expect(path(page)).toBe(`${LIST}?guide=pacing`);
  await page.keyboard.press('Escape');
  await expect(guide).toBeHidden();
  expect(path(page)).toBe(LIST);
  await expect(button).toBeFocused();
});

test('topic links keep the page and its unsaved form', async ({ page, server }) => {
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await field(page, 'Name').fill('Half done');
  await page.getByRole('link', { name: 'Guide' }).click();
  const guide = page.getByRole('dialog', { name: 'Carrier guide' });
  await guide.getByRole('article').getByRole('link', { name: 'Authentication' }).click();
  await expect(guide.getByRole('heading', { ...heading, name: 'Authentication' })).toBeVisible();
  expect(path(page)).toBe(`${LIST}/${carrier.id}?edit=1&guide=authentication`);
  await guide.getByRole('article').getByRole('link', { name: 'Plivo' }).click();
  await expect(guide.getByRole('heading', { ...heading, name: 'Plivo' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field(page, 'Name')).toHaveValue('Half done');
});

test('fields, ranges and the topic address can be copied', async ({ page, server }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await visit(page, `${LIST}?guide=plivo`);
  const guide = page.getByRole('dialog', { name: 'Carrier guide' });
  await guide.getByRole('button', { name: 'Copy: Primary URI' }).click();
  await expect(guide.getByRole('status')).toHaveText('Copied.');
  expect(await clipboard()).toBe('your-project.sip.livekit.cloud;transport=tcp');

  await guide.getByRole('button', { name: 'Copy: Allowed IPs' }).click();
  const providers = await server.get('/providers');
  const plivo = providers.find((provider: { id: string }) => provider.id === 'plivo');
  const ranges = plivo.signalling.ranges.map((entry: { range: string }) => entry.range);
  await expect.poll(clipboard).toBe(ranges.join('\n'));

  // The copied link opens the same topic.
  await guide.getByRole('button', { name: 'Copy the link to “Plivo”' }).click();
  await expect.poll(clipboard).toBe(`${server.url}/guide/plivo`);
  await page.goto(await clipboard());
  expect(path(page)).toBe(`${LIST}?guide=plivo`);

  // The copied list can be pasted into the form.
  await guide.getByRole('link', { name: 'Add a carrier with Plivo filled in' }).click();
  await expect(page.locator('.tag-text')).toHaveText(ranges);
});

test('failed topic shows the reason and can be retried', async ({ page, guard, accessible }) => {
  await visit(page, `${LIST}?guide=sync`);
  const guide = page.getByRole('dialog', { name: 'Carrier guide' });
  guard.expectOffline();
  await page.context().setOffline(true);
  const topics = guide.getByRole('navigation', { name: 'Topics' });
  await topics.getByRole('link', { name: 'Twilio' }).click();
  await expect(guide.getByRole('alert')).toContainText('No Connection');
  await accessible(page, 'guide, offline');
  await page.context().setOffline(false);
  await guide.getByRole('link', { name: 'Try again' }).click();
  await expect(guide.getByRole('heading', { ...heading, name: 'Twilio' })).toBeVisible();
  await expect(guide.getByRole('alert')).toHaveCount(0);
});

test('provider topics contain the settings that the console fills in', async ({ page }) => {
  await visit(page, `${LIST}?guide=plivo`);
  const text = page.getByRole('dialog').getByRole('article');
  await expect(text).toContainText('Plivo typically needs the IP allowlist');
  await visit(page, `${LIST}?guide=twilio`);
  await expect(text).toContainText('Twilio works with shared credentials');
  await visit(page, `${LIST}?guide=exotel`);
  await expect(text).toContainText('built-in integration');
  await expect(text.getByRole('link', { name: 'Open the Exotel page' })).toHaveAttribute('href', '/dashboard/integrations/exotel');
});

test('guide fits a narrow screen @narrow', async ({ page, accessible }) => {
  test.slow();
  for (const [id] of TOPICS) {
    await visit(page, `${LIST}?guide=${id}`);
    const guide = page.getByRole('region', { name: 'Carrier guide' });
    const [needed, width] = await guide.evaluate((element) => [element.scrollWidth, element.clientWidth]);
    expect.soft(needed, id).toBeLessThanOrEqual(width);
    await accessible(page, `guide, ${id}, narrow`);
  }
});
