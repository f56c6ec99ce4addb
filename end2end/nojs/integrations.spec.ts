import { expect, field, test } from '../fixtures/test';

const PAGE = '/dashboard/integrations';

test('without JavaScript, Vonage is connected, searched and disconnected', async ({ page, server, guard }) => {
  await page.goto(PAGE);
  await page.getByRole('link', { name: 'Connect Vonage' }).click();
  await field(page, 'API Key').fill('abcd1234');
  await field(page, 'API Secret').fill('sandbox-secret');
  guard.expectRefusal(422, /integrations$/);
  await page.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(page.getByText('Enter the domain of your SIP trunk')).toBeVisible();
  await expect(field(page, 'API Key')).toHaveValue('abcd1234');
  await expect(field(page, 'API Secret')).toHaveValue('');
  await field(page, 'API Secret').fill('sandbox-secret');
  await field(page, 'SIP Domain').fill('acme.sip-us.vonage.com');
  await page.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(page).toHaveURL(`${server.url}${PAGE}`);
  const card = page.getByRole('region', { name: 'Vonage' });
  await card.getByRole('button', { name: 'Test Connection' }).click();
  await expect(card.getByText('Accepted')).toBeVisible();

  await card.getByRole('link', { name: 'Find Numbers Vonage' }).click();
  await expect(field(page, 'Provider')).toHaveValue('vonage');
  await field(page, 'Country').selectOption('United States');
  await page.getByRole('button', { name: 'Find Numbers' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: '+1 212-555-0100' })).toContainText('0.90 EUR a month');

  await page.goto(`${PAGE}?disconnect=vonage`);
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('link', { name: 'Connect Vonage' })).toBeVisible();
  expect((await server.get('/integrations/vonage')).connected).toBe(false);
});
