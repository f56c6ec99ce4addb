import { expect, field, test, visit } from '../fixtures/test';

const PURCHASES = '/dashboard/numbers/purchases';
const BUY = '/dashboard/numbers/buy?provider=twilio&country=US&number=';
const TWILIO = { account: `AC${'0123456789abcdef'.repeat(2)}`, secret: 'sandbox-token' };

test('a number is registered on a new carrier', async ({ page, server, accessible }) => {
  const bot = await server.bot('Concierge');
  await visit(page, '/dashboard/numbers/register');
  await accessible(page, 'register number');
  await field(page, 'Phone Number').fill('020 7123 4567');
  await field(page, 'SIP Address').fill('sip:custom');
  await page.getByRole('button', { name: 'Register Number' }).click();
  await expect(page.getByText('Write the number with plus and country code')).toBeVisible();
  await expect(field(page, 'Phone Number')).toBeFocused();
  await field(page, 'Phone Number').fill('+442071234567');
  await field(page, 'SIP Address').fill('custom-sip.provider.com');
  await field(page, 'Username').fill('my_sip_user');
  await field(page, 'Password').fill('my_sip_pass');
  await field(page, 'Bot').selectOption({ label: 'Concierge' });
  await page.getByRole('button', { name: 'Register Number' }).click();
  await expect(page.getByText('Registered +442071234567.')).toBeVisible();
  const [carrier] = (await server.get('/carriers')).items;
  expect(carrier).toMatchObject({ sip_address: 'custom-sip.provider.com', provider: 'custom' });
  expect(carrier.dids).toMatchObject([{ number: '+442071234567', bot_id: bot.id }]);
});

test('the confirmation of a purchase shows what the provider offers now', async ({ page, server, accessible, guard }) => {
  await visit(page, PURCHASES);
  await expect(page.getByText('No purchases yet')).toBeVisible();
  await accessible(page, 'no purchases');
  guard.expectRefusal(409, /\/numbers\/buy/);
  await visit(page, `${BUY}%2B16505551200`);
  await expect(page.getByText(/No Twilio account is connected/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Buy Number' })).toHaveCount(0);
  await accessible(page, 'buy number, not connected');

  await server.put('/integrations/twilio', TWILIO);
  guard.expectRefusal(404, /\/numbers\/buy/);
  await visit(page, `${BUY}%2B16505559999`);
  await expect(page.getByText('+16505559999 is not available any more')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Find Numbers' })).toHaveAttribute(
    'href',
    '/dashboard/numbers/find?provider=twilio&country_code=US',
  );
  await accessible(page, 'buy number, sold');

  await visit(page, `${BUY}%2B16505551200&price=0.01%20USD`);
  await expect(page.getByText('1.15 USD per month, charged by Twilio from now on')).toBeVisible();
  await accessible(page, 'buy number');
});

test('a number is bought, and deleted and released', async ({ page, server, accessible }) => {
  await server.put('/integrations/twilio', TWILIO);
  await visit(page, `${BUY}%2B16505551200`);
  await page.getByRole('button', { name: 'Buy Number' }).click();
  await expect(page).toHaveURL(`${server.url}${PURCHASES}`);
  const row = page.getByRole('row', { name: /650-555-1200/ });
  await expect(row).toContainText('Completed');
  await accessible(page, 'purchases');
  const [carrier] = (await server.get('/carriers')).items;
  expect(carrier).toMatchObject({ provider: 'twilio', dids: [{ number: '+16505551200' }] });

  await row.getByRole('link', { name: 'Delete Number' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete +1 650-555-1200' });
  await accessible(page, 'delete a bought number');
  await page.reload();
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Delete Number' }).click();
  await expect(row).toContainText('Released');
  expect((await server.get('/dids')).items).toEqual([]);
});
