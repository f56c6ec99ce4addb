import { waitForHydration, expect, field, LIST, EMPTY_LIVEKIT, path, test, visit, synced } from '../fixtures/test';

const IP = { auth_username: null, auth_password: null, allowed_addresses: ['203.0.113.7'] };

test('editing changes the settings on the page and in LiveKit', async ({ page, server, accessible }) => {
  const bot = await server.bot();
  const carrier = await server.carrier({ destination_country: 'US', transport: 'tcp', outbound_channels: 25 });
  await server.number(carrier, '+14155550134', { bot_id: bot.id, label: 'Front desk' });
  await server.waitForStatus(carrier, 'synced');
  await visit(page, `${LIST}/${carrier.id}`);
  const main = page.getByRole('main');
  for (const text of ['acme.pstn.twilio.com', 'United States', 'acme', 'Inbound calls need the same username and password.', 'Last synced', 'Front desk']) {
    await expect(main.getByText(text, { exact: false }).first()).toBeVisible();
  }
  await expect(main.locator('.fact').filter({ hasText: 'Password' }).first()).toHaveText(/Password\s*Set/);
  await expect(main).not.toContainText('s3cret');
  await expect(main.getByRole('link', { name: 'Concierge' })).toHaveAttribute('href', `/dashboard/bots/${bot.id}`);
  for (const what of ['SIP address', 'username', 'carrier ID', 'inbound trunk ID', 'outbound trunk ID']) {
    await expect(main.getByRole('button', { name: `Copy the ${what}` })).toBeVisible();
  }
  await accessible(page, 'carrier');

  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  expect(path(page)).toBe(`${LIST}/${carrier.id}?edit=1`);
  await expect(field(page, 'Name')).toHaveValue('Twilio');
  await expect(field(page, 'Password')).toHaveValue('');
  await accessible(page, 'carrier, editing');
  await field(page, 'Name').fill('Twilio US');
  await field(page, 'SIP Address').fill('new.pstn.twilio.com:5061');
  await field(page, 'Outbound Burst').fill('42');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByRole('heading', { name: 'Twilio US', level: 1 })).toBeVisible();
  expect(path(page)).toBe(`${LIST}/${carrier.id}`);
  await expect(main.getByText('new.pstn.twilio.com:5061')).toBeVisible();

  await expect(synced(page)).toBeVisible();
  // The blank password is kept: without one, LiveKit would have no username.
  await server.expectLivekit({
    inbound: [{ name: 'Twilio US to Concierge', numbers: expect.arrayContaining(['+14155550134']) as unknown as string[], addresses: [], username: 'acme' }],
    outbound: [{ name: 'Twilio US', address: 'new.pstn.twilio.com:5061', numbers: ['+14155550134'], username: 'acme' }],
    rules: [{ trunk: 'Twilio US to Concierge', agent: 'concierge', metadata: '' }],
  });
  expect((await server.livekit()).outbound[0].auth_password).toBe('********');
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({ name: 'Twilio US', auth_password: '********', outbound_burst: 42 });
});

test('IP mode requires an address and removes the credentials in LiveKit', async ({
  page,
  server,
  accessible,
}) => {
  const bot = await server.bot();
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  // The radio button is visually hidden, so the card is clicked.
  await page.getByText('IP Allowlist', { exact: true }).click();
  await expect(page.getByRole('radio', { name: /IP Allowlist/ })).toBeChecked();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const list = field(page, 'Inbound IP Allowlist');
  await expect(list).toBeFocused();
  await expect(page.locator('#carrier-allowed_addresses-error')).toHaveText(/Add at least one address/);
  await accessible(page, 'carrier, editing with a fault');
  expect((await server.get(`/carriers/${carrier.id}`)).inbound_auth).toBe('credentials');

  await list.pressSequentially('203.0.113.7,');
  await expect(page.locator('#carrier-allowed_addresses-error')).toHaveCount(0);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByText('Inbound calls are accepted from the allowed addresses only.')).toBeVisible();
  await expect
    .poll(async () => (await server.livekitState()).inbound)
    .toMatchObject([{ addresses: ['203.0.113.7/32'], username: '' }]);
  expect((await server.livekitState()).outbound[0].username).toBe('acme');
});

test('carrier without credentials and addresses is closed; accepting any source warns', async ({ page, server, accessible }) => {
  const bot = await server.bot();
  const carrier = await server.carrier({ auth_username: null, auth_password: null });
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  expect((await server.livekitState()).inbound).toEqual([]);
  await visit(page, `${LIST}/${carrier.id}`);
  await expect(page.getByText('Inbound calls are blocked: there are neither credentials nor allowed addresses')).toBeVisible();
  await accessible(page, 'closed carrier');

  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('switch', { name: 'Accept Any Source' }).check();
  const warning = page.getByText('Inbound calls are accepted from any source: whoever finds the address can call in.');
  await expect(warning).toBeVisible();
  await accessible(page, 'any source, editing');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByRole('heading', { name: 'Connection Settings', exact: true })).toBeVisible();
  await expect(warning).toBeVisible();
  await expect.poll(async () => (await server.livekitState()).inbound).toMatchObject([{ addresses: [], username: '' }]);
});

test('new password replaces the old one; clearing the username removes both', async ({ page, server }) => {
  const carrier = await server.carrier(IP);
  await server.number(carrier, '+14155550134', { direction: 'outbound' });
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  await field(page, 'Username').fill('newcomer');
  await field(page, 'Password').fill('pass-phrase');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByText('newcomer', { exact: true })).toBeVisible();
  await expect.poll(async () => (await server.livekitState()).outbound[0]?.username).toBe('newcomer');

  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(page.getByText('Leave empty to keep the current password')).toBeVisible();
  await field(page, 'Username').fill('');
  await expect(page.getByText('Without a username, the current password is removed')).toBeVisible();
  await expect(field(page, 'Password')).toHaveAttribute('placeholder', '');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(page.getByText('Not set', { exact: true })).toHaveCount(3);
  await expect.poll(async () => (await server.livekitState()).outbound[0]?.username).toBe('');
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({ auth_username: null, auth_password: null });
});

test('conflicting edits of a carrier are shown and merged', async ({ page, colleague, server, guard, accessible }) => {
  const carrier = await server.carrier({ name: 'Shared', outbound_burst: 5 });
  const edit = `${LIST}/${carrier.id}?edit=1`;
  await visit(page, edit);
  await visit(colleague, edit);
  await field(page, 'Name').fill('Shared by me');
  await field(colleague, 'Name').fill('Shared by them');
  await field(colleague, 'Outbound Burst').fill('77');
  await colleague.getByRole('button', { name: 'Save Changes' }).click();
  await expect(colleague.getByRole('heading', { name: 'Shared by them', level: 1 })).toBeVisible();

  await field(page, 'SIP Address').fill('mine.example');
  guard.expectRefusal(409, /^\/api\/fn\/carriers\//);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Someone else saved this carrier' });
  await expect(dialog).toBeVisible();
  const both = (label: string) => dialog.getByRole('row').filter({ has: page.getByRole('rowheader', { name: label, exact: true }) }).getByRole('cell');
  await expect(both('Name')).toHaveText(['Shared by them', 'Shared by me']);
  await expect(both('SIP Address')).toHaveText(['acme.pstn.twilio.com', 'mine.example']);
  await expect(both('Outbound Burst')).toHaveText(['77', 'not changed by you']);
  await accessible(page, 'conflict');

  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(field(page, 'Name')).toHaveValue('Shared by me');
  await expect(field(page, 'SIP Address')).toHaveValue('mine.example');
  expect((await server.get(`/carriers/${carrier.id}`)).name).toBe('Shared by them');

  await page.getByRole('button', { name: 'Save Changes' }).click();
  await dialog.getByRole('button', { name: 'Keep mine and save' }).click();
  await expect(page.getByRole('heading', { name: 'Shared by me', level: 1 })).toBeVisible();
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({
    name: 'Shared by me',
    sip_address: 'mine.example',
    outbound_burst: 77,
  });
  // The colleague's page is updated without a reload.
  await expect(colleague.getByRole('heading', { name: 'Shared by me', level: 1 })).toBeVisible();
});

test('sync error is shown, and a sync resolves it without a reload', async ({ page, server, accessible }) => {
  const reason = 'Two trunks claim one number, and nobody may say which: ' + 'ask the administrator of the project. '.repeat(12);
  await server.faults({ fault: 'error', code: 'invalid_argument', message: reason, method: 'CreateSIPInboundTrunk', sticky: true });
  const bot = await server.bot();
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await visit(page, `${LIST}/${carrier.id}`);
  await expect(page.getByText('Sync failed', { exact: true })).toBeVisible();
  await expect(page.locator('.banner').getByText('Two trunks claim one number').first()).toBeVisible();
  // With the keyboard.
  await page.getByText('Show the whole message').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.banner').getByText(reason.trim()).last()).toBeVisible();
  await accessible(page, 'failed sync');

  await page.getByRole('button', { name: 'Sync to LiveKit' }).click();
  await expect(page.locator('.toasts').getByRole('alert')).toHaveText(/Sync failed\./);
  await expect(page.locator('.sync-banner')).toHaveAttribute('title', /Two trunks claim one number/);
  await visit(page, LIST);
  await expect(page.getByText('One needs attention.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Twilio' })).toContainText('Error');
  await accessible(page, 'list with a failed sync');
  await page.goBack();
  await waitForHydration(page);

  await server.clearFaults();
  await page.getByRole('button', { name: 'Sync to LiveKit' }).focus();
  await page.keyboard.press('Enter');
  await expect(synced(page)).toBeVisible();
  await expect(page.getByText('Sync failed', { exact: true })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Sync to LiveKit' })).toBeFocused();
  const livekit = await server.livekitState();
  expect(livekit.inbound.map((trunk) => trunk.name)).toEqual(['Twilio to Concierge']);
  expect(livekit.rules).toHaveLength(1);
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({ lk_sync_status: 'synced', lk_sync_error: null });
});

test('Sync to LiveKit resets changes made by another console', async ({ page, server }) => {
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134');
  await server.waitForStatus(carrier, 'synced');
  await visit(page, `${LIST}/${carrier.id}`);
  const before = await server.calls();
  await page.getByRole('button', { name: 'Sync to LiveKit' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Synced to LiveKit.' })).toBeVisible();
  const after = await server.calls();
  expect(after.ListSIPOutboundTrunk).toBeGreaterThan(before.ListSIPOutboundTrunk);
  // The trunk existed, so none was created.
  expect(after.CreateSIPOutboundTrunk).toBe(before.CreateSIPOutboundTrunk);
  expect((await server.livekitState()).outbound).toHaveLength(1);
});

test('deleting asks for confirmation and removes the trunks', async ({ page, server, accessible }) => {
  const bot = await server.bot();
  const carrier = await server.carrier({ name: 'Doomed' });
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.number(carrier, '+14155550135');
  await server.waitForStatus(carrier, 'synced');
  await visit(page, `${LIST}/${carrier.id}`);
  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Doomed' });
  await expect(dialog).toContainText('All of its 2 phone numbers');
  await expect(dialog).toContainText('its trunks with their dispatch rules');
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'delete carrier');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('link', { name: 'Delete', exact: true })).toBeFocused();
  expect((await server.get('/carriers')).total).toBe(1);

  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  await dialog.getByRole('button', { name: 'Delete Carrier' }).click();
  await expect(page.getByText('No carriers yet')).toBeVisible();
  expect(path(page)).toBe(LIST);
  expect((await server.get('/carriers')).total).toBe(0);
  await server.expectLivekit(EMPTY_LIVEKIT);
  expect((await server.get(`/bots/${bot.id}`)).did_count).toBe(0);
});

test('unsaved edit asks for confirmation, also from the guide and with Esc', async ({ page, server }) => {
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}?edit=1`);
  const question = page.getByRole('dialog', { name: 'Leave Without Saving?' });
  await field(page, 'Name').fill('Half done');
  // The guide opens over the form and keeps its values.
  await page.getByRole('link', { name: 'Guide' }).click();
  await expect(page.getByRole('dialog', { name: 'Carrier guide' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(field(page, 'Name')).toHaveValue('Half done');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(question.getByRole('button', { name: 'Stay' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(field(page, 'Name')).toHaveValue('Half done');
});
