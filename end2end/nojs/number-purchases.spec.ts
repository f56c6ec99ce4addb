import { expect, field, test } from '../fixtures/test';

test('without JavaScript, a number is registered', async ({ page, server, guard }) => {
  await page.goto('/dashboard/numbers/register');
  await field(page, 'Phone Number').fill('+442071234567');
  await field(page, 'SIP Address').fill('sip:custom');
  guard.expectRefusal(422, /\/numbers\/register$/);
  await page.getByRole('button', { name: 'Register Number' }).click();
  await expect(field(page, 'Phone Number')).toHaveValue('+442071234567');
  await field(page, 'SIP Address').fill('custom-sip.provider.com');
  await page.getByRole('button', { name: 'Register Number' }).click();
  await expect(page).toHaveURL(`${server.url}/dashboard/numbers`);
  expect((await server.get('/carriers')).items).toMatchObject([{ sip_address: 'custom-sip.provider.com' }]);
});

test('without JavaScript, a number is bought', async ({ page, server }) => {
  await server.put('/integrations/twilio', { account: `AC${'0123456789abcdef'.repeat(2)}`, secret: 'sandbox-token' });
  await page.goto('/dashboard/numbers/buy?provider=twilio&country=US&number=%2B16505551200');
  await page.getByRole('button', { name: 'Buy Number' }).click();
  await expect(page).toHaveURL(`${server.url}/dashboard/numbers/purchases`);
  await expect(page.getByRole('row', { name: /650-555-1200/ })).toBeVisible();
  await expect.poll(async () => (await server.get('/dids')).items.length).toBe(1);
});
