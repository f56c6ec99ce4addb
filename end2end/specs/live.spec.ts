import { expect, field, LIST, EMPTY_LIVEKIT, row, test, visit } from '../fixtures/test';

test('list is updated by changes of others', async ({ page, server }) => {
  await visit(page, LIST);
  await expect(page.getByText('No carriers yet')).toBeVisible();
  await page.evaluate(() => (document.body.dataset.same = 'document'));
  const carrier = await server.carrier({ name: 'Newcomer' });
  await expect(row(page, 'Newcomer')).toContainText('Synced');
  await server.number(carrier, '+14155550134');
  await expect(row(page, 'Newcomer')).toContainText(/1\s+DID/);
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

test('carrier page is updated by changes and deletion of others', async ({ page, server, guard }) => {
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
  await expect(page.getByText('No numbers yet')).toBeVisible();
  guard.expectRefusal(404, /\/carriers\//);
  await server.delete(`/carriers/${carrier.id}`);
  await expect(page.getByText('There is no such carrier')).toBeVisible();
});

test('typed values are not replaced by saves of others', async ({ page, server }) => {
  const carrier = await server.carrier({ name: 'Busy' });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await field(page, 'SIP address').fill('typed.example');
  await field(page, 'Username').focus();
  await server.put(`/carriers/${carrier.id}`, { name: 'Busy elsewhere', sip_address: 'elsewhere.example', outbound_burst: 9 });
  await expect(page.getByRole('heading', { name: 'Busy elsewhere', level: 1 })).toBeVisible();
  await expect(field(page, 'SIP address')).toHaveValue('typed.example');
  await expect(field(page, 'Username')).toBeFocused();

  await visit(page, `${LIST}/${carrier.id}?did=new`);
  const dialog = page.getByRole('dialog', { name: 'Add number' });
  await field(dialog, 'Phone number').fill('+1415555');
  await server.number(carrier, '+14155550199', { label: 'From elsewhere' });
  // Behind the modal dialog, so it has no role to locate it by.
  await expect(page.locator('tbody tr').filter({ hasText: 'From elsewhere' })).toBeVisible();
  await expect(field(dialog, 'Phone number')).toHaveValue('+1415555');
  await expect(field(dialog, 'Phone number')).toBeFocused();
});

test('unchanged form is updated by saves of others and saves without a conflict', async ({ page, server }) => {
  const carrier = await server.carrier({ name: 'Quiet' });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await server.put(`/carriers/${carrier.id}`, { name: 'Quiet no more', outbound_burst: 9 });
  await expect(field(page, 'Name')).toHaveValue('Quiet no more');
  await expect(field(page, 'Outbound burst')).toHaveValue('9');
  await field(page, 'SIP address').fill('then.example');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('heading', { name: 'Connection', exact: true })).toBeVisible();
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({ name: 'Quiet no more', sip_address: 'then.example' });
});
