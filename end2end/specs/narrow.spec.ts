import { cell, EMAIL, expect, field, LIST, row, test, visit, type Page } from '../fixtures/test';

/** Nothing overflows the screen horizontally. */
async function fits(page: Page, what: string) {
  const [needed, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect.soft(needed, `${what} scrolls sideways`).toBeLessThanOrEqual(width);
  expect.soft(width, `${what} is as wide as the screen`).toBe(390);
}

test('list shows cards, and every page fits a narrow screen @narrow', async ({ page, server, accessible }) => {
  test.slow();
  const bot = await server.bot('Concierge with a rather long name for a bot', { agent_name: 'concierge-for-the-front-desk' });
  const carrier = await server.carrier({
    name: 'Twilio Elastic SIP trunking for the East of the United States',
    sip_address: 'a-very-long-name-of-a-customer-account.pstn.ashburn.twilio.com:5061',
    allowed_addresses: ['54.172.60.0/30', '2001:db8:1234:5678:9abc:def0:1234:5678'],
  });
  const did = await server.number(carrier, '+14155550134', { bot_id: bot.id, label: 'The number on the front page of the website' });
  await server.number(carrier, '+14155550135');
  await server.carrier({ name: 'Other', sip_address: 'other.example', auth_username: null, auth_password: null });
  await server.waitForStatus(carrier, 'synced');

  await visit(page, LIST);
  await expect(page.getByRole('columnheader').first()).toBeHidden();
  const card = row(page, 'Twilio Elastic');
  const box = (await card.boundingBox())!;
  expect(box.height).toBeGreaterThan(60);
  expect(box.width).toBeGreaterThan(300);
  await expect(card).toContainText('Synced');
  await expect(cell(card, 'DIDs')).toHaveText(/2/);
  await expect(cell(card, 'CPS')).toBeVisible();
  await fits(page, 'list');
  await accessible(page, 'list, narrow');

  // Narrow screens have no column heads, so the order has a field.
  await page.getByRole('combobox', { name: 'Order' }).selectOption('-name');
  await expect(page).toHaveURL(/sort=-name/);
  await expect(cell(page.locator('tbody tr').first(), 'Name')).toContainText('Twilio');

  const base = `${LIST}/${carrier.id}`;
  for (const [address, what] of [
    [`${LIST}?guide=1`, 'guide'],
    [`${LIST}?q=none`, 'nothing found'],
    [`${LIST}/create`, 'create'],
    [base, 'carrier'],
    [`${base}?edit=1`, 'edit'],
    [`${base}?did=new`, 'add number'],
    [`${base}?did=${did.id}`, 'edit number'],
    [`${base}?remove=${did.id}`, 'remove number'],
    [`${base}?delete=1`, 'delete carrier'],
    ['/dashboard/bots', 'bots'],
    ['/dashboard/bots/create', 'create bot'],
    [`/dashboard/bots/${bot.id}`, 'bot'],
    [`/dashboard/bots/${bot.id}?delete=1`, 'delete bot'],
    ['/dashboard/integrations/exotel', 'Exotel'],
  ]) {
    await visit(page, address);
    await fits(page, what);
    await accessible(page, `${what}, narrow`);
  }
});

test('menu opens by touch and closes after navigation @narrow', async ({ page, accessible }) => {
  await visit(page, LIST);
  await expect(page.getByRole('link', { name: 'Bots' }).filter({ visible: true })).toHaveCount(0);
  await page.locator('summary').filter({ hasText: 'Menu' }).tap();
  const bots = page.getByRole('link', { name: 'Bots' }).filter({ visible: true });
  await expect(bots).toBeVisible();
  await expect(page.getByText(EMAIL).filter({ visible: true })).toBeVisible();
  await fits(page, 'menu');
  await accessible(page, 'menu, narrow');
  await bots.tap();
  await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
  await expect(bots).toHaveCount(0);
});

test('carrier and number can be added by touch @narrow', async ({ page, server }) => {
  await server.bot('Concierge');
  await visit(page, LIST);
  await page.getByRole('link', { name: 'Add Carrier' }).first().tap();
  await field(page, 'Name').fill('Twilio');
  await field(page, 'SIP Address').fill('acme.pstn.twilio.com');
  await field(page, 'Username').fill('acme');
  await field(page, 'Password').fill('s3cret-pass');
  await page.getByRole('button', { name: 'Create Carrier' }).tap();
  await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Add Number', exact: true }).tap();
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await field(dialog, 'Phone Number').fill('+14155550134');
  await dialog.getByText('Inbound', { exact: true }).tap();
  await field(dialog, 'Assign Bot').selectOption({ label: 'Concierge' });
  await fits(page, 'add number');
  await dialog.getByRole('button', { name: 'Add Number' }).tap();
  await expect(dialog).toBeHidden();
  await expect(row(page, '+1 415-555-0134')).toContainText('Concierge');
  const carrier = await server.carrierNamed('Twilio');
  await server.waitForStatus(carrier, 'synced');
  expect((await server.livekitState()).rules).toEqual([{ trunk: 'Twilio to Concierge', agent: 'concierge', metadata: '' }]);
});

test('sync error can be read by touch @narrow', async ({ page, server, accessible }) => {
  const reason = 'The number is on another trunk. '.repeat(20).trim();
  await server.faults({ fault: 'error', code: 'invalid_argument', message: reason, method: 'CreateSIPOutboundTrunk', sticky: true });
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134');
  await visit(page, `${LIST}/${carrier.id}`);
  await expect(page.getByText('Sync failed', { exact: true })).toBeVisible();
  await page.getByText('Show the whole message').tap();
  await expect(page.locator('.banner').getByText(reason)).toBeVisible();
  await fits(page, 'failed sync');
  await accessible(page, 'failed sync, narrow');
});
