import { expect, field, path, row, test, visit } from '../fixtures/test';

const KEYS = '/dashboard/api-keys';

test('key is created, shown once, switched off and deleted', async ({ page, server, accessible }) => {
  await visit(page, KEYS);
  await expect(page.getByText('No API keys yet')).toBeVisible();
  await accessible(page, 'no API keys');
  await page.getByRole('link', { name: 'Create the First API Key' }).click();
  await page.getByRole('button', { name: 'Create API Key' }).click();
  await expect(field(page, 'Name')).toBeFocused();
  await field(page, 'Name').fill('CRM');
  await expect(field(page, 'Role')).toHaveValue('developer');
  await field(page, 'Role').selectOption('viewer');
  await field(page, 'Expires At \\(UTC\\)').fill('2099-01-01T00:00');
  await field(page, 'Allowed Addresses').fill('127.0.0.0/8');
  await field(page, 'Allowed Addresses').press('Enter');
  await accessible(page, 'create API key');
  await page.getByRole('button', { name: 'Create API Key' }).click();

  await expect(page.getByRole('heading', { name: 'Created CRM' })).toBeFocused();
  await expect(page.getByText('Copy the key now')).toBeVisible();
  await accessible(page, 'created API key');
  const key = await page.locator('.copy-value').innerText();
  expect(key).toMatch(/^tl_[\w-]{32}$/);
  const listed = (await server.get('/api-keys')).items[0];
  expect(listed).toMatchObject({
    name: 'CRM',
    prefix: key.slice(0, 7),
    role: 'viewer',
    is_active: true,
    expires_at: '2099-01-01T00:00:00.000Z',
    allowed_addresses: ['127.0.0.0/8'],
  });
  // The server trusts proxies of this machine, and so looks for the client in X-Forwarded-For.
  const get = (address: string) =>
    fetch(`${server.url}/api/v1/bots`, { headers: { 'X-API-Key': key, 'X-Forwarded-For': address } });
  expect((await get('198.51.100.1')).status).toBe(403);

  await page.getByRole('link', { name: 'Back to API Keys' }).click();
  await expect(row(page, 'CRM')).toContainText('Active');
  await expect(page.locator('main')).not.toContainText(key);
  await accessible(page, 'API keys');

  await row(page, 'CRM').getByRole('link', { name: 'CRM' }).click();
  await expect(field(page, 'Expires At \\(UTC\\)')).toHaveValue('2099-01-01T00:00');
  await accessible(page, 'API key');
  await page.getByRole('button', { name: 'Remove 127.0.0.0/8' }).click();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(row(page, 'CRM')).toContainText('Active');
  expect((await get('198.51.100.1')).status).toBe(200);
  // The last use is written after some seconds, and the list follows.
  await expect(row(page, 'CRM')).toContainText('just now', { timeout: 15_000 });

  await row(page, 'CRM').getByRole('link', { name: 'CRM' }).click();
  await field(page, 'Name').fill('Old CRM');
  await page.getByRole('switch', { name: 'Active' }).uncheck();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(row(page, 'Old CRM')).toContainText('Inactive');
  const refused = await get('198.51.100.1');
  expect(refused.status).toBe(403);
  expect((await refused.json()).detail).toBe('API key is inactive');

  await row(page, 'Old CRM').getByRole('link', { name: 'Old CRM' }).click();
  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Old CRM' });
  await expect(dialog).toContainText(`${key.slice(0, 7)}…) stop working at once`);
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'delete API key');
  await dialog.getByRole('button', { name: 'Delete API Key' }).click();
  await expect(page.getByText('No API keys yet')).toBeVisible();
  expect((await get('198.51.100.1')).status).toBe(401);
});

test('inactive precedes expired, and the search finds a key by its text', async ({ page, server }) => {
  const past = '2020-01-01T00:00:00Z';
  const active = await server.apiKey('CRM');
  await server.apiKey('Dialler', { expires_at: past });
  await server.apiKey('Reports', { expires_at: past, is_active: false });
  await visit(page, KEYS);
  for (const [name, status] of [['CRM', 'Active'], ['Dialler', 'Expired'], ['Reports', 'Inactive']]) {
    await expect(row(page, name).locator('.badge')).toHaveText(status);
  }
  await page.getByRole('searchbox').fill(active.key);
  await expect(row(page, 'Dialler')).toHaveCount(0);
  await expect(row(page, 'CRM')).toBeVisible();
});

test('changes by others are followed, and conflicting edits are shown', async ({ page, colleague, server, guard }) => {
  const { id } = await server.apiKey();
  await visit(page, `${KEYS}/${id}`);
  await visit(colleague, `${KEYS}/${id}`);
  await field(page, 'Name').fill('Mine');
  await field(colleague, 'Name').fill('Theirs');
  await colleague.getByRole('button', { name: 'Save Changes' }).click();
  await expect(row(colleague, 'Theirs')).toBeVisible();
  guard.expectRefusal(409, /^\/api\/fn\/api_keys\/update$/);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Someone else saved this API key' });
  await expect(dialog.getByRole('row', { name: /Name/ })).toContainText(/Theirs\s*Mine/);
  await dialog.getByRole('link', { name: 'Take theirs' }).click();
  await expect(field(page, 'Name')).toHaveValue('Theirs');
  await server.delete(`/api-keys/${id}`);
  await expect(page.getByText('This API key was deleted')).toBeVisible();
  expect(path(page)).toBe(`${KEYS}/${id}`);
});
