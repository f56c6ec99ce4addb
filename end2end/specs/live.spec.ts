import { cell, expect, field, LIST, EMPTY_LIVEKIT, row, test, visit } from '../fixtures/test';

test('list is updated by changes of others', async ({ page, server }) => {
  await visit(page, LIST);
  await expect(page.getByText('No carriers yet')).toBeVisible();
  await page.evaluate(() => (document.body.dataset.same = 'document'));
  const carrier = await server.carrier({ name: 'Newcomer' });
  await expect(row(page, 'Newcomer')).toContainText('No Trunks');
  await server.number(carrier, '+14155550134');
  await expect(row(page, 'Newcomer')).toContainText('Synced');
  await expect(cell(row(page, 'Newcomer'), 'DIDs')).toHaveText(/1/);
  await server.put(`/carriers/${carrier.id}`, { name: 'Renamed', outbound_cps: 7 });
  await expect(row(page, 'Renamed')).toContainText('7/s');
  await server.faults({ fault: 'error', code: 'invalid_argument', message: 'refused', sticky: true });
  await server.put(`/carriers/${carrier.id}`, { name: 'Stuck' });
  await expect(row(page, 'Stuck')).toContainText('Error');
  await expect(page.getByText('One needs attention.')).toBeVisible();
  await server.clearFaults();
  await expect(row(page, 'Stuck')).toContainText('Synced', { timeout: 20_000 });
  await server.delete(`/carriers/${carrier.id}`);
  await expect(page.getByText('No carriers yet')).toBeVisible();
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('document');
  await server.expectLivekit(EMPTY_LIVEKIT);
});

test('carrier page is updated by changes and deletion of others', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier({ name: 'Before' });
  await visit(page, `${LIST}/${carrier.id}`);
  await server.put(`/carriers/${carrier.id}`, { name: 'After', sip_address: 'after.example' });
  await expect(page.getByRole('heading', { name: 'After', level: 1 })).toBeVisible();
  await expect(page.getByText('after.example')).toBeVisible();
  await expect(page).toHaveTitle('After · Trunkline');
  const did = await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await expect(row(page, '+1 415-555-0134')).toContainText('Concierge');
  await server.put(`/bots/${bot.id}`, { name: 'Porter' });
  await expect(row(page, '+1 415-555-0134')).toContainText('Porter');
  await server.delete(`/carriers/${carrier.id}/dids/${did.id}`);
  await expect(page.getByText('No phone numbers yet')).toBeVisible();
  await server.delete(`/carriers/${carrier.id}`);
  await expect(page.getByText('This carrier was deleted')).toBeVisible();
});

test('typed values are not replaced by saves of others', async ({ page, server }) => {
  const carrier = await server.carrier({ name: 'Busy' });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await field(page, 'SIP Address').fill('typed.example');
  await field(page, 'Username').focus();
  await server.put(`/carriers/${carrier.id}`, { name: 'Busy elsewhere', sip_address: 'elsewhere.example', outbound_burst: 9 });
  await expect(page.getByRole('heading', { name: 'Busy elsewhere', level: 1 })).toBeVisible();
  await expect(field(page, 'SIP Address')).toHaveValue('typed.example');
  await expect(field(page, 'Username')).toBeFocused();

  await visit(page, `${LIST}/${carrier.id}?did=new`);
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await field(dialog, 'Phone Number').fill('+1415555');
  await server.number(carrier, '+14155550199', { label: 'From elsewhere' });
  // Behind the modal dialog, so it has no role to locate it by.
  await expect(page.locator('tbody tr').filter({ hasText: 'From elsewhere' })).toBeVisible();
  await expect(field(dialog, 'Phone Number')).toHaveValue('+1415555');
  await expect(field(dialog, 'Phone Number')).toBeFocused();
});

test('unchanged form is updated by saves of others and saves without a conflict', async ({ page, server }) => {
  const carrier = await server.carrier({ name: 'Quiet' });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await server.put(`/carriers/${carrier.id}`, { name: 'Quiet no more', outbound_burst: 9 });
  await expect(field(page, 'Name')).toHaveValue('Quiet no more');
  await expect(field(page, 'Outbound Burst')).toHaveValue('9');
  await field(page, 'SIP Address').fill('then.example');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByRole('heading', { name: 'Connection Settings', exact: true })).toBeVisible();
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({ name: 'Quiet no more', sip_address: 'then.example' });
});

test('form says that its carrier was deleted, and keeps what was typed', async ({ page, server }) => {
  const carrier = await server.carrier({ name: 'Doomed' });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await field(page, 'Name').fill('Typed in vain');
  await server.delete(`/carriers/${carrier.id}`);
  await expect(page.getByRole('alert').filter({ hasText: 'This carrier was deleted' })).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Typed in vain');
});
