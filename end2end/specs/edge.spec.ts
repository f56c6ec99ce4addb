import { expect, field, path, row, test, visit } from '../fixtures/test';

const USERS = '/dashboard/edge/users';
const DEVICES = '/dashboard/edge/devices';

test('a user and its device are created, changed and deleted', async ({ page, server, accessible }) => {
  await visit(page, USERS);
  await expect(page.getByText('No edge users yet')).toBeVisible();
  await accessible(page, 'no edge users');
  await page.getByRole('link', { name: 'Add the First Edge User' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(field(page, 'Username')).toBeFocused();
  await field(page, 'Username').fill('alice smith');
  await field(page, 'Display Name').fill('Alice');
  await expect(page.getByText('Write letters, digits, dots, hyphens and underscores.')).toBeVisible();
  await field(page, 'Username').fill('alice');
  await accessible(page, 'add an edge user');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(row(page, 'Alice (alice)')).toContainText('Active');
  expect(path(page)).toBe(USERS);
  const user = (await server.get('/edge/users')).items[0];

  await page.getByRole('link', { name: 'Devices' }).last().click();
  await expect(page.getByText('No devices yet')).toBeVisible();
  await page.getByRole('link', { name: 'Add Device' }).click();
  await field(page, 'User').selectOption({ label: 'Alice (alice)' });
  await field(page, 'Auth Username').fill('alice-desk');
  await field(page, 'Realm').fill('sip.example.com');
  await field(page, 'Password').fill('short');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('Use a password of at least 8 characters.')).toBeVisible();
  await field(page, 'Password').fill('correct horse');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(row(page, 'alice-desk@sip.example.com')).toContainText('Alice (alice)');
  const device = (await server.get('/edge/devices')).items[0];
  expect(JSON.stringify(device)).not.toContain('correct horse');

  await page.getByRole('link', { name: 'alice-desk@sip.example.com' }).click();
  await expect(page).toHaveURL(`${server.url}${DEVICES}/${device.id}`);
  await accessible(page, 'device');
  await field(page, 'Transport').selectOption('tls');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect.poll(async () => (await server.get(`/edge/devices/${device.id}`)).transport).toBe('tls');

  // A user with a device is not deleted.
  await visit(page, `${USERS}/${user.id}?delete=1`);
  const dialog = page.getByRole('dialog', { name: 'Delete Alice (alice)' });
  await accessible(page, 'delete an edge user');
  await server.delete(`/edge/devices/${device.id}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No edge users yet')).toBeVisible();
});

test('an object in use is not deleted, and the dialog says why', async ({ page, server, guard }) => {
  const user = await server.post('/edge/users', { username: 'alice' });
  await server.post('/edge/devices', {
    user_id: user.id,
    auth_username: 'alice-desk',
    realm: 'sip.example.com',
    password: 'correct horse',
  });
  await visit(page, `${USERS}/${user.id}?delete=1`);
  guard.expectRefusal(409, /\/edge\/delete$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog').getByText(/alice-desk@sip.example.com/)).toBeVisible();
  expect((await server.get('/edge/users')).items).toHaveLength(1);
});

test('a target is a row, a number or a room', async ({ page, server }) => {
  const user = await server.post('/edge/users', { username: 'alice' });
  await visit(page, '/dashboard/edge/extensions/create');
  await field(page, 'Digits').fill('1001');
  await field(page, 'Target').selectOption({ label: 'User: alice' });
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(row(page, '1001')).toContainText('alice');
  const extension = (await server.get('/edge/extensions')).items[0];
  expect(extension.target).toEqual({ kind: 'user', id: user.id });

  await page.getByRole('link', { name: '1001' }).click();
  await field(page, 'Target').selectOption({ label: 'Forward to a Number…' });
  await page.getByRole('textbox', { name: 'Number of Target' }).fill('+14155550123');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect
    .poll(async () => (await server.get(`/edge/extensions/${extension.id}`)).target)
    .toEqual({ kind: 'forward', number: '+14155550123' });
  await visit(page, `/dashboard/edge/extensions/${extension.id}`);
  await expect(page.getByRole('textbox', { name: 'Number of Target' })).toHaveValue('+14155550123');
});

test('a schedule is written in lines, and a route has carriers in their order', async ({ page, server, accessible }) => {
  const first = await server.carrier({ name: 'First' });
  const second = await server.carrier({ name: 'Second' });
  await visit(page, '/dashboard/edge/schedules/create');
  await field(page, 'Name').fill('Office hours');
  await field(page, 'Rules').fill('someday 9-17');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText(/is no day and no time/)).toBeVisible();
  await field(page, 'Rules').fill('mon-fri 09:00-17:00\n2026-12-25 closed');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(row(page, 'Office hours')).toBeVisible();
  expect((await server.get('/edge/schedules')).items[0].rules).toHaveLength(6);

  await visit(page, '/dashboard/edge/outbound-routes/create');
  await field(page, 'Name').fill('Spain');
  await field(page, 'Prefix').fill('+34*');
  await page.getByRole('combobox', { name: 'Carriers, 1' }).selectOption({ label: 'Second' });
  await page.getByRole('combobox', { name: 'Carriers, 2' }).selectOption({ label: 'First' });
  await accessible(page, 'add an outbound route');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(row(page, 'Spain')).toContainText('Second, First');
  const route = (await server.get('/edge/outbound-routes')).items[0];
  expect(route.carrier_ids).toEqual([second.id, first.id]);
});

test('the route preview says which rule decides', async ({ page, server, accessible }) => {
  const carrier = await server.carrier({ name: 'Spain carrier' });
  await server.number(carrier, '+14155550134', { direction: 'both' });
  await server.waitForStatus(carrier, 'synced');
  await server.post('/edge/users', { username: 'alice' });
  await server.post('/edge/outbound-routes', { name: 'Spain', prefix: '+34', carrier_ids: [carrier.id] });
  await visit(page, '/dashboard/edge/route');
  await accessible(page, 'route preview');
  await page.getByLabel('From').fill('alice');
  await page.getByLabel('To', { exact: true }).fill('+34911234567');
  await page.getByRole('button', { name: 'Show the Route' }).click();
  await expect(page.getByRole('region', { name: 'Result' })).toContainText('Spain carrier');
  await expect(page.getByRole('region', { name: 'Rules' })).toContainText('Applies');
  await accessible(page, 'route preview, with a result');
});

test('edge settings are saved, and a second operator sees a conflict', async ({ page, colleague, guard }) => {
  await visit(page, '/dashboard/edge/settings');
  await visit(colleague, '/dashboard/edge/settings');
  await field(colleague, 'Inbound Channels').fill('20');
  await colleague.getByRole('button', { name: 'Save Changes' }).click();
  await expect(colleague.getByText('Saved the edge settings.')).toBeVisible();
  await field(page, 'Outbound Channels').fill('10');
  guard.expectRefusal(409, /\/edge\/update$/);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Inbound Channels');
});

test('a banned address is unbanned with one click', async ({ page, server, accessible }) => {
  const report = { node: 'edge-1', bans: [{ ip: '203.0.113.7', reason: 'digest_failures', count: 12 }] };
  const response = await page.request.post(`${server.url}/security/report`, { data: report });
  expect(response.ok()).toBe(true);
  await visit(page, '/dashboard/edge/bans');
  await expect(row(page, '203.0.113.7')).toContainText('edge-1');
  await accessible(page, 'bans');
  await page.getByRole('button', { name: 'Unban 203.0.113.7' }).click();
  await expect(row(page, '203.0.113.7')).toContainText('Lifted');
});

test('edge pages fit a narrow screen @narrow', async ({ page, server, accessible }) => {
  await server.post('/edge/users', { username: 'a-rather-long-username-of-an-edge-user', display_name: 'Reception of the East' });
  for (const address of [USERS, `${USERS}/create`, '/dashboard/edge/settings', '/dashboard/edge/route']) {
    await visit(page, address);
    const [needed, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(needed, address).toBeLessThanOrEqual(width);
    await accessible(page, `${address}, narrow`);
  }
});
