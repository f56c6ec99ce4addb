import { expect, field, row, test } from '../fixtures/test';

test('without JavaScript a key is created, shown once, switched off and deleted', async ({ page, server, guard }) => {
  await page.goto('/dashboard/api-keys');
  await page.getByRole('link', { name: 'Create the First API Key' }).click();
  await field(page, 'Allowed Addresses').fill('crm.example.com');
  guard.expectRefusal(422, /\/api-keys\/create$/);
  await page.getByRole('button', { name: 'Create API Key' }).click();
  await expect(page.getByText('crm.example.com is a host name.')).toBeVisible();
  await field(page, 'Name').fill('CRM');
  await field(page, 'Allowed Addresses').fill('203.0.113.0/24\n203.0.113.9');
  await field(page, 'Expires At \\(UTC\\)').fill('2099-01-01T00:00');
  await page.getByRole('button', { name: 'Create API Key' }).click();

  await expect(page.getByRole('heading', { name: 'Created CRM' })).toBeVisible();
  const key = await page.locator('.copy-value').innerText();
  expect(key).toMatch(/^tl_[\w-]{32}$/);
  expect((await server.get('/api-keys')).items).toEqual([
    expect.objectContaining({ prefix: key.slice(0, 7), expires_at: '2099-01-01T00:00:00.000Z' }),
  ]);
  await page.getByRole('link', { name: 'Open CRM' }).click();
  await expect(page.locator('main')).not.toContainText(key);
  await page.getByRole('switch', { name: 'Active' }).uncheck();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(row(page, 'CRM')).toContainText('Inactive');

  await page.getByRole('link', { name: 'CRM' }).click();
  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('stop working at once')).toBeVisible();
  await page.getByRole('button', { name: 'Delete API Key' }).click();
  await expect(page.getByText('No API keys yet')).toBeVisible();
  expect((await server.get('/api-keys')).total).toBe(0);
});
