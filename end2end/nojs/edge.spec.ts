import { expect, field, test } from '../fixtures/test';

const USERS = '/dashboard/edge/users';

test('without JavaScript, an edge user is added, changed and deleted', async ({ page, server, guard }) => {
  await page.goto(USERS);
  await page.getByRole('link', { name: 'Add Edge User' }).click();
  await field(page, 'Username').fill('alice smith');
  await field(page, 'Display Name').fill('Alice');
  guard.expectRefusal(422, /\/users\/create$/);
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('Write letters, digits, dots, hyphens and underscores.')).toBeVisible();
  await expect(field(page, 'Display Name')).toHaveValue('Alice');
  await field(page, 'Username').fill('alice');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page).toHaveURL(`${server.url}${USERS}`);
  const user = (await server.get('/edge/users')).items[0];
  expect(user).toMatchObject({ username: 'alice', display_name: 'Alice' });

  await page.getByRole('link', { name: 'Alice (alice)' }).click();
  await page.getByRole('switch', { name: 'Do Not Disturb' }).check();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  expect((await server.get(`/edge/users/${user.id}`)).dnd).toBe(true);
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(`${server.url}${USERS}`);
  expect((await server.get('/edge/users')).items).toEqual([]);
});

test('without JavaScript, edge settings are saved and a ban is lifted', async ({ page, server }) => {
  await page.goto('/dashboard/edge/settings');
  await field(page, 'Inbound Channels').fill('20');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  expect((await server.get('/edge/settings')).max_in).toBe(20);
  const report = { node: 'edge-1', bans: [{ ip: '203.0.113.7', reason: 'digest_failures' }] };
  await page.request.post(`${server.url}/security/report`, { data: report });
  await page.goto('/dashboard/edge/bans');
  await page.getByRole('button', { name: 'Unban 203.0.113.7' }).click();
  await expect(page.getByRole('table').getByText('Lifted', { exact: true })).toBeVisible();
});
