import { expect, field, path, test, visit } from '../fixtures/test';

const PAGE = '/dashboard/integrations';
const FIND = '/dashboard/numbers/find';
const TWILIO = { account: `AC${'0123456789abcdef'.repeat(2)}`, secret: 'sandbox-token' };

test('Twilio is connected, tested, changed and disconnected', async ({ page, server, accessible }) => {
  await visit(page, '/dashboard');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Integrations' }).click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['LiveKit', 'Exotel', 'Twilio', 'Vonage']);
  await expect(page.getByRole('region', { name: 'LiveKit' }).getByText('Connected', { exact: true })).toBeVisible();
  const card = page.getByRole('region', { name: 'Twilio' });
  await expect(card.getByText('Not Connected')).toBeVisible();
  await accessible(page, 'integrations');

  await card.getByRole('link', { name: 'Connect Twilio' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect Twilio' });
  await expect(field(dialog, 'Account SID')).toBeFocused();
  await accessible(page, 'connect Twilio');
  await field(dialog, 'Account SID').fill('AC1');
  await dialog.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(dialog.getByText('This is not the account SID')).toBeVisible();
  await field(dialog, 'Account SID').fill(TWILIO.account);
  await field(dialog, 'Auth Token or API Key Secret').fill(TWILIO.secret);
  await dialog.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(card.getByText(TWILIO.account)).toBeVisible();
  expect(path(page)).toBe(PAGE);
  expect(await server.get('/integrations/twilio')).toMatchObject({ connected: true, secret: '********' });

  await card.getByRole('button', { name: 'Test Connection' }).click();
  await expect(card.getByText('Accepted')).toBeVisible();

  await card.getByRole('link', { name: 'Edit Twilio' }).click();
  const editing = page.getByRole('dialog', { name: 'Edit Twilio' });
  await field(editing, 'Auth Token or API Key Secret').fill('invalid');
  await editing.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(card.getByText('None yet')).toBeVisible();
  await card.getByRole('button', { name: 'Test Connection' }).click();
  await expect(card.getByText(/Copy account SID and auth token/)).toBeVisible();
  await expect(card.getByText('Failing')).toBeVisible();

  await card.getByRole('link', { name: 'Disconnect Twilio' }).click();
  const removing = page.getByRole('dialog', { name: 'Disconnect Twilio' });
  await expect(removing).toContainText('their calls go on');
  await accessible(page, 'disconnect Twilio');
  await removing.getByRole('button', { name: 'Disconnect' }).click();
  await expect(card.getByText('Not Connected')).toBeVisible();
  expect((await server.get('/integrations/twilio')).connected).toBe(false);
});

test('numbers are found by country, area code, pattern and type', async ({ page, server, guard, accessible }) => {
  await server.put('/integrations/twilio', TWILIO);
  await visit(page, FIND);
  await accessible(page, 'find numbers');
  await field(page, 'Country').selectOption('United States');
  await field(page, 'Area Code').fill('650');
  await page.getByRole('button', { name: 'Find Numbers' }).click();
  const found = page.getByRole('region', { name: '12 numbers' });
  const first = found.getByRole('listitem').first();
  await expect(first).toContainText('+1 650-555-1200');
  await expect(first).toContainText('1.15 USD a month');
  await expect(first).toContainText('Voice');
  await expect(first.getByRole('link', { name: 'Buy' })).toHaveAttribute(
    'href',
    '/dashboard/numbers/buy?provider=twilio&country=US&number=%2B16505551200',
  );
  await accessible(page, 'found numbers');

  await field(page, 'Area Code').fill('');
  await field(page, 'Country').selectOption('United Kingdom');
  await field(page, 'Type').selectOption('Mobile');
  await page.getByRole('button', { name: 'Find Numbers' }).click();
  await expect(page.getByText('Required: Address in the country').first()).toBeVisible();

  await field(page, 'Pattern').fill('999999');
  await page.getByRole('button', { name: 'Find Numbers' }).click();
  await expect(page.getByText('Twilio has no such number in United Kingdom')).toBeVisible();

  guard.expectRefusal(422, /numbers\/search$/);
  await field(page, 'Pattern').fill('5**5');
  await page.getByRole('button', { name: 'Find Numbers' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'must not stand beside each other' })).toBeVisible();

  guard.expectRefusal(409, /numbers\/search$/);
  await field(page, 'Provider').selectOption('Vonage');
  await field(page, 'Pattern').fill('');
  await page.getByRole('button', { name: 'Find Numbers' }).click();
  await expect(page.getByText('No Vonage account is connected')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open Integrations' })).toBeVisible();
});
