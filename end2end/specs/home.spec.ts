import { expect, field, HOME, LIST, names, path, test, visit, type Page } from '../fixtures/test';

const NONE = { auth_username: null, auth_password: null };

const group = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}`) });
const step = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) });

test('checklist is updated without a reload until everything is set up', async ({ page, server, accessible }) => {
  await visit(page, '/');
  expect(path(page)).toBe(HOME);
  await expect(page.getByRole('heading', { name: 'Get Started' })).toBeVisible();
  await expect(page.getByText('1 of 5 done')).toBeVisible();
  await expect(step(page, 'Connect LiveKit')).toContainText('Done: ');
  await expect(step(page, 'Add the First Bot')).toContainText('To do: ');
  await accessible(page, 'home, empty');
  await page.evaluate(() => (document.body.dataset.same = 'document'));

  const bot = await server.bot('Concierge');
  await expect(step(page, 'Add the First Bot')).toContainText('Done: ');
  const carrier = await server.carrier();
  await expect(step(page, 'Add the First Carrier')).toContainText('Done: ');
  await expect(group(page, 'Carriers Without Numbers')).toContainText('Twilio');
  await accessible(page, 'home, half-way');

  // The step links to the carrier without a number.
  await step(page, 'Add the First Number').getByRole('link').click();
  const dialog = page.getByRole('dialog', { name: 'Add number' });
  await field(dialog, 'Phone number').fill('+14155550134');
  await field(dialog, 'Assign bot').selectOption({ label: 'Concierge' });
  await dialog.getByRole('button', { name: 'Add number' }).click();
  await expect(dialog).toBeHidden();
  await server.waitForStatus(carrier, 'synced');

  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.getByText('Nothing Needs Attention')).toBeVisible();
  await expect(page.getByText('1 carrier, 1 number, 1 bot').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Get Started' })).toBeHidden();
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('document');
  await accessible(page, 'home, nothing needs attention');

  // Groups appear and disappear without a reload.
  await server.delete(`/bots/${bot.id}`);
  await expect(group(page, 'Numbers Without a Bot')).toContainText('+1 415-555-0134');
  await expect(page.getByText('Nothing Needs Attention')).toBeHidden();
});

test('each group has its count, five rows and a link to all of them', async ({ page, server, accessible }) => {
  await server.bot('Concierge');
  const twilio = await server.carrier({ name: 'Twilio' });
  for (let index = 0; index < 6; index++) await server.number(twilio, `+1415555013${index}`, { label: `Desk ${index}` });
  await server.carrier({ name: 'Old PBX', ...NONE, accept_any_source: true });
  await server.waitForStatus(twilio, 'synced');
  await server.faults({ fault: 'error', code: 'invalid_argument', message: 'no such region', method: 'UpdateSIPOutboundTrunk', sticky: true });
  await server.put(`/carriers/${twilio.id}`, { name: 'Twilio US' });
  await server.waitForStatus(twilio, 'error');

  await visit(page, HOME);
  await expect(group(page, 'Failed Syncs')).toContainText('no such region');
  const unanswered = group(page, 'Numbers Without a Bot');
  await expect(unanswered.getByRole('heading')).toHaveText(/Numbers Without a Bot\s+6/);
  await expect(unanswered.getByRole('listitem')).toHaveCount(5);
  await expect(unanswered.getByRole('listitem').first()).toContainText(/Desk 0 · Twilio US/);
  await expect(group(page, 'Open to Any Source')).toContainText('Old PBX');
  await expect(page.getByText('Nothing Needs Attention')).toBeHidden();
  await accessible(page, 'home with trouble');

  await unanswered.getByRole('link', { name: /415-555-0131/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit number' });
  await field(dialog, 'Assign bot').selectOption({ label: 'Concierge' });
  await dialog.getByRole('button', { name: 'Save number' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(unanswered.getByRole('heading')).toHaveText(/5$/);
  await expect(unanswered.getByRole('link', { name: /415-555-0131/ })).toHaveCount(0);

  await group(page, 'Open to Any Source').getByRole('link', { name: /Show All/ }).click();
  await expect(page).toHaveURL(`${server.url}${LIST}?attention=open`);
  await expect.poll(() => names(page)).toEqual(['Old PBX']);
});

test('attention filter is kept by search, order and reload', async ({ page, server, accessible }) => {
  for (const name of ['Alpha', 'Beta', 'Gamma']) await server.carrier({ name, ...NONE, accept_any_source: true });
  const guarded = await server.carrier({ name: 'Guarded' });
  await server.number(guarded, '+14155550134');
  await visit(page, LIST);
  const show = page.getByRole('combobox', { name: 'Show' });
  await show.selectOption('Open to Any Source');
  await expect(page).toHaveURL(/\?attention=open$/);
  await expect.poll(() => names(page)).toEqual(['Alpha', 'Beta', 'Gamma']);
  await expect(page.getByText('3 of 3')).toBeVisible();
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
  await expect.poll(() => names(page)).toEqual(['Gamma', 'Beta', 'Alpha']);
  await page.getByRole('searchbox').fill('a');
  await expect.poll(() => path(page)).toBe(`${LIST}?q=a&sort=-name&attention=open`);
  await page.getByRole('searchbox').fill('beta');
  await expect.poll(() => names(page)).toEqual(['Beta']);
  await page.reload();
  await expect(show).toHaveValue('open');
  expect(await names(page)).toEqual(['Beta']);

  await visit(page, `${LIST}?attention=sync_error`);
  await expect(page.getByText('No carriers match')).toBeVisible();
  await accessible(page, 'list without such carriers');
  await page.getByRole('link', { name: 'Clear Filters' }).click();
  await expect.poll(() => names(page)).toEqual(['Alpha', 'Beta', 'Gamma', 'Guarded']);
  await expect(show).toHaveValue('');
  await accessible(page, 'list with its filter');
});

test('unreachable LiveKit is reported', async ({ page, server, accessible }) => {
  const bot = await server.bot();
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  await server.faults({ fault: 'html502', sticky: true });
  await visit(page, HOME);
  await expect(page.getByText('LiveKit is not reachable')).toBeVisible();
  await expect(page.getByText('Nothing Needs Attention')).toBeHidden();
  await accessible(page, 'home without LiveKit');
});

test('failed request is reported and can be retried', async ({ page, server, guard }) => {
  await server.carrier();
  await visit(page, LIST);
  guard.expectOffline();
  await page.route('**/api/fn/overview/get', (route) => route.abort());
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.getByText('No connection')).toBeVisible();
  await page.unroute('**/api/fn/overview/get');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Get Started' })).toBeVisible();
});

test('home page fits a narrow screen @narrow', async ({ page, server, accessible }) => {
  const carrier = await server.carrier({
    name: 'Twilio Elastic SIP trunking for the East of the United States',
    sip_address: 'a-very-long-name-of-a-customer-account.pstn.ashburn.twilio.com:5061',
    ...NONE,
    accept_any_source: true,
  });
  await server.number(carrier, '+14155550134', { label: 'The number on the front page of the website' });
  await visit(page, HOME);
  await expect(group(page, 'Open to Any Source')).toBeVisible();
  const [needed, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(needed).toBeLessThanOrEqual(width);
  await accessible(page, 'home, narrow');

  // The header of a carrier's page: the actions fill their rows.
  await visit(page, `${LIST}/${carrier.id}`);
  const actions = page.locator('.page-actions').locator('a, button');
  const boxes = await Promise.all((await actions.all()).map(async (action) => (await action.boundingBox())!));
  for (const top of new Set(boxes.map((box) => Math.round(box.y)))) {
    const row = boxes.filter((box) => Math.round(box.y) === top);
    const right = Math.max(...row.map((box) => box.x + box.width));
    expect.soft(right, `row at ${top} reaches the edge`).toBeGreaterThan(390 - 24);
    expect.soft(Math.min(...row.map((box) => box.x)), `row at ${top} begins at the edge`).toBeLessThan(24);
  }
});
