import { EXOTEL, expect, field, path, row, test } from '../fixtures/test';

const PAGE = '/dashboard/integrations/exotel';

test('without JavaScript, Exotel is connected, tested, imported from and disconnected', async ({ page, server, exotel, guard }) => {
  exotel.add('+912240001000', 'Front desk');
  exotel.add('+912240001001', 'Night desk');
  exotel.add('+912240001002', 'Texts');
  await page.goto(PAGE);
  await page.getByRole('link', { name: 'Connect Exotel' }).click();
  await field(page, 'Account SID').fill('ac me');
  await field(page, 'API Key').fill(EXOTEL.api_key);
  await page.getByRole('radio', { name: /Singapore/ }).check({ force: true });
  guard.expectRefusal(422, /exotel$/);
  await page.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(page.locator('#exotel-account_sid-error')).toBeVisible();
  await expect(page.locator('#exotel-api_token-error')).toContainText('Enter the API token');
  await expect(field(page, 'Account SID')).toHaveValue('ac me');
  await expect(field(page, 'API Key')).toHaveValue('');
  await expect(page.getByRole('radio', { name: /Singapore/ })).toBeChecked();
  expect(await page.content()).not.toContain(EXOTEL.api_key);
  await field(page, 'Account SID').fill(EXOTEL.account_sid);
  await field(page, 'API Key').fill(EXOTEL.api_key);
  await field(page, 'API Token').fill(EXOTEL.api_token);
  await page.getByRole('button', { name: 'Save Credentials' }).click();
  await expect(page).toHaveURL(`${server.url}${PAGE}`);

  exotel.fault = { status: 403 };
  await page.getByRole('button', { name: 'Test Connection' }).click();
  await expect(page.getByText(/KYC is verified/)).toBeVisible();
  exotel.fault = undefined;
  await page.getByRole('button', { name: 'Test Connection' }).click();
  await expect(page.getByText('Connected to Exotel')).toBeVisible();

  const carrier = await server.carrier({ name: 'Exotel Mumbai' });
  await page.getByRole('link', { name: 'Show Numbers' }).click();
  for (const name of ['Front desk', 'Night desk', 'Texts']) await row(page, name).getByRole('checkbox').uncheck();
  await page.getByRole('button', { name: 'Preview Import' }).click();
  await expect(page.getByText('Choose at least one number.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to Connection' }).click();
  await page.getByRole('link', { name: 'Show Numbers' }).click();
  await row(page, 'Texts').getByRole('checkbox').uncheck();
  await field(page, 'Direction').selectOption('inbound');
  await page.getByRole('button', { name: 'Preview Import' }).click();
  await expect(page.getByRole('heading', { name: '2 numbers will be added to Exotel Mumbai' })).toBeVisible();
  await expect(row(page, 'Texts')).toHaveCount(0);
  expect((await server.get(`/carriers/${carrier.id}`)).did_count).toBe(0);
  await page.getByRole('button', { name: 'Import 2 Numbers' }).click();
  expect(path(page)).toBe(`/dashboard/carriers/${carrier.id}`);
  await expect(row(page, 'Night desk')).toContainText('Inbound');
  expect((await server.get(`/carriers/${carrier.id}`)).dids).toHaveLength(2);

  await page.goto(`${PAGE}?disconnect=1`);
  await expect(page.getByRole('dialog')).toContainText('2 imported numbers stay');
  await page.getByRole('button', { name: 'Disconnect' }).last().click();
  await expect(page.getByText('No Exotel account is connected')).toBeVisible();
  expect((await server.get('/integrations/exotel')).connected).toBe(false);
});
