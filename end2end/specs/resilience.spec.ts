import { expect, field, LIST, EMPTY_LIVEKIT, row, test, visit, type Page, synced } from '../fixtures/test';
import type { LivekitState } from '../fixtures/server';

const COMPLETE: LivekitState = {
  inbound: [{ name: 'Twilio to Concierge', numbers: ['+14155550134', '0014155550134'], addresses: [], username: 'acme' }],
  outbound: [{ name: 'Twilio', address: 'acme.pstn.twilio.com', numbers: ['+14155550134'], username: 'acme' }],
  rules: [{ trunk: 'Twilio to Concierge', agent: 'concierge', metadata: '' }],
};

async function addCarrier(page: Page, name: string) {
  await visit(page, `${LIST}/create`);
  await field(page, 'Name').fill(name);
  await field(page, 'SIP Address').fill('acme.pstn.twilio.com');
  await field(page, 'Username').fill('acme');
  await field(page, 'Password').fill('s3cret-pass');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function addNumber(page: Page, number: string, bot: string) {
  await page.getByRole('link', { name: 'Add Number', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await field(dialog, 'Phone Number').fill(number);
  await field(dialog, 'Assign Bot').selectOption({ label: bot });
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(dialog).toBeHidden();
}

for (const after_commit of [false, true]) {
  const when = after_commit ? 'after the trunk was created, before the response' : 'before the trunk was created';
  test(`kill during a sync, ${when}, neither loses nor duplicates objects`, async ({ page, server, guard }) => {
    await server.bot('Concierge');
    guard.expectOffline();
    await addCarrier(page, 'Twilio');
    await expect(page.getByText('No trunks yet: add a phone number', { exact: true })).toBeVisible();
    await server.faults({ fault: 'delay', ms: 3_000, method: 'CreateSIPInboundTrunk', after_commit });
    await addNumber(page, '+14155550134', 'Concierge');
    await expect(page.getByText('Sync pending', { exact: true })).toBeVisible();
    await expect.poll(async () => (await server.calls()).CreateSIPInboundTrunk ?? 0).toBe(1);
    if (after_commit) await expect.poll(async () => (await server.livekitState()).inbound.length).toBe(1);
    await server.kill9();
    await server.restart();

    // The open page is updated without a reload.
    await expect(synced(page)).toBeVisible({ timeout: 25_000 });
    expect(await server.livekitState()).toEqual(COMPLETE);
    const carrier = await server.carrierNamed('Twilio');
    expect(carrier).toMatchObject({ lk_sync_status: 'synced', auth_password: '********' });
    expect(carrier.dids).toMatchObject([{ number: '+14155550134' }]);

    // The session is still valid after the restart.
    await visit(page, LIST);
    await expect(row(page, 'Twilio')).toContainText('Synced');
    await expect(row(page, 'Twilio')).toContainText('1');
  });
}

test('lost response after a trunk was created does not duplicate it', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier();
  await server.waitForStatus(carrier, 'synced');
  await visit(page, `${LIST}/${carrier.id}`);
  await server.faults(
    { fault: 'drop', after_commit: true, method: 'CreateSIPInboundTrunk' },
    { fault: 'drop', after_commit: true, method: 'CreateSIPOutboundTrunk' },
    { fault: 'truncate', method: 'CreateSIPDispatchRule' },
  );
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await expect(row(page, '+1 415-555-0134')).toBeVisible();
  await expect(synced(page)).toBeVisible({ timeout: 30_000 });
  await server.expectLivekit(COMPLETE);
});

test('changes during a LiveKit outage are synced afterwards', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const old = await server.carrier({ name: 'Old', sip_address: 'old.example' });
  await server.number(old, '+14155550100', { bot_id: bot.id });
  await server.waitForStatus(old, 'synced');

  await server.faults({ fault: 'drop', sticky: true });
  await visit(page, `${LIST}/${old.id}?delete=1`);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Carrier' }).click();
  await expect(page.getByText('No carriers yet')).toBeVisible();
  expect((await server.livekitState()).inbound.map((trunk) => trunk.name)).toEqual(['Old to Concierge']);

  await addCarrier(page, 'Twilio');
  // The number of the deleted carrier can be used at once.
  await addNumber(page, '+14155550134', 'Concierge');
  await expect(row(page, '+1 415-555-0134')).toBeVisible();
  await expect(page.getByText(/^Sync (failed|pending)$/).first()).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/LiveKit/);

  await server.clearFaults();
  await page.getByRole('button', { name: 'Sync to LiveKit' }).click();
  await expect(synced(page)).toBeVisible({ timeout: 20_000 });
  await server.expectLivekit(COMPLETE);
});

test('slow LiveKit does not delay the page; the badge is updated later', async ({ page, server }) => {
  await server.faults({ fault: 'delay', ms: 600, sticky: true });
  await server.bot('Concierge');
  await addCarrier(page, 'Twilio');
  await addNumber(page, '+14155550134', 'Concierge');
  await expect(page.getByText('Sync pending', { exact: true })).toBeVisible();
  await expect(synced(page)).toBeVisible({ timeout: 25_000 });
  await server.expectLivekit(COMPLETE);
  await server.clearFaults();
});

test('typed values are kept while the server is away', async ({ page, server, guard }) => {
  guard.expectOffline();
  await visit(page, `${LIST}/create`);
  await field(page, 'Name').fill('While offline');
  await field(page, 'SIP Address').fill('gw.example');
  await server.kill9();
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The server does not answer');
  await expect(field(page, 'Name')).toHaveValue('While offline');
  await server.restart();
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'While offline', level: 1 })).toBeVisible();
  await server.carrierNamed('While offline');
  await server.expectLivekit(EMPTY_LIVEKIT);
});
