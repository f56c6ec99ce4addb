import { expect, field, test, visit } from '../fixtures/test';

const PURCHASES = '/dashboard/numbers/purchases';

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

test('a purchase without a connected provider is refused in the form', async ({ page, accessible, guard }) => {
  await visit(page, PURCHASES);
  await expect(page.getByText('No purchases yet')).toBeVisible();
  await accessible(page, 'no purchases');
  await visit(page, '/dashboard/numbers/buy?provider=twilio&country=US&number=%2B16505551234&price=1.15%20USD');
  await expect(page.getByText('1.15 USD per month, charged by Twilio from now on')).toBeVisible();
  await accessible(page, 'buy number');
  guard.expectRefusal(409, /\/number_purchases\/request$/);
  await page.getByRole('button', { name: 'Buy Number' }).click();
  await expect(page.getByText(/No Twilio account is connected/)).toBeVisible();
});
