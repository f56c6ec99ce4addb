import { CALLS, expect, field, path, row, test, visit } from '../fixtures/test';

test('call is listed live, with its outcome and its history', async ({ page, server, accessible }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier({ name: 'Twilio' });
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await visit(page, CALLS);
  await expect(page.getByText('No calls yet')).toBeVisible();
  await page.evaluate(() => (document.body.dataset.same = 'document'));

  await server.inboundCall('1');
  const line = row(page, '+14155550123');
  await expect(line).toContainText('Ringing');
  await expect(line).toContainText('Twilio');
  await expect(line).toContainText('Concierge');
  await server.endCall('1', 'ringing');
  await expect(line).toContainText('No Answer');
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('document');
  await accessible(page, 'calls');

  await line.getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: '+14155550123 to +14155550134', level: 1 })).toBeVisible();
  await expect(page.getByText('The caller hung up, or no agent answered')).toBeVisible();
  const history = page.getByRole('region', { name: 'History' });
  await expect(history.getByRole('listitem')).toHaveCount(3);
  await expect(history.getByRole('listitem').last()).toContainText('Ended');
  await accessible(page, 'call');
});

test('open page of a call follows it', async ({ page, server }) => {
  await server.inboundCall('1');
  const [call] = (await server.get('/calls')).items;
  await visit(page, `${CALLS}/${call.id}`);
  await expect(page.getByText('Ringing').first()).toBeVisible();
  await server.endCall('1', 'hangup');
  await expect(page.getByRole('region', { name: 'History' }).getByRole('listitem').last()).toContainText('Ended');
  await expect(page.locator('.page-summary')).toContainText('Answered');
});

test('filters and search narrow the list and stay in the address', async ({ page, server }) => {
  await server.inboundCall('1', '+14155550111');
  await server.inboundCall('2', '+14155550122');
  await server.endCall('2', 'hangup', '+14155550122');
  await visit(page, CALLS);
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await field(page, 'Outcome').selectOption('Answered');
  await expect.poll(() => path(page)).toBe(`${CALLS}?outcome=answered`);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await field(page, 'Outcome').selectOption('All Outcomes');
  await page.getByRole('searchbox').fill('(415) 555-0111');
  await page.getByRole('searchbox').press('Enter');
  await expect(page.locator('tbody tr')).toHaveCount(0);
  await page.getByRole('searchbox').fill('+1 (415) 555-0111');
  await page.getByRole('searchbox').press('Enter');
  await expect(row(page, '+14155550111')).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(1);
});

test('retention is changed in its dialog', async ({ page, server }) => {
  await visit(page, CALLS);
  await page.getByRole('link', { name: 'Retention' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retention of Calls' });
  await expect(field(dialog, 'Days')).toHaveValue('90');
  await field(dialog, 'Days').fill('0');
  await dialog.getByRole('button', { name: 'Save Retention' }).click();
  await expect(dialog.getByText('Enter a whole number of days from 1 to 3650')).toBeVisible();
  await field(dialog, 'Days').fill('30');
  await dialog.getByRole('button', { name: 'Save Retention' }).click();
  await expect(dialog).toBeHidden();
  expect(await server.get('/settings/calls')).toEqual({ retention_days: 30 });
});

test('rejected call is explained, with the page that corrects it', async ({ page, server, accessible }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier({
    name: 'Twilio',
    auth_username: null,
    auth_password: null,
    inbound_auth: 'ip',
    allowed_addresses: ['203.0.113.0/24'],
  });
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  await visit(page, `${CALLS}/why`);
  await field(page, 'Source Address').fill('198.51.100.1');
  await field(page, 'From').fill('sip:+14155550123@198.51.100.1');
  await field(page, 'To').fill('+14155550134');
  await page.getByRole('button', { name: 'Replay the Call' }).click();
  for (const name of ['Desired State', "LiveKit's State"]) {
    const state = page.getByRole('region', { name });
    await expect(state.getByText('Rejected', { exact: true })).toBeVisible();
    await expect(state.getByRole('listitem').filter({ hasText: 'Source Policy' })).toContainText('on no allowlist');
  }
  await accessible(page, 'why a call was rejected');
  await page.getByRole('link', { name: 'Open the Carrier' }).first().click();
  await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
});
