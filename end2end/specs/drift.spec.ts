import { waitForHydration, expect, LIST, path, test, visit, type Page } from '../fixtures/test';
import type { Server } from '../fixtures/server';

/** A synced carrier with a number and its bot. */
async function carrier(server: Server) {
  const bot = await server.bot();
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  return { bot, carrier, address: `${LIST}/${carrier.id}/drift` };
}

async function causeDrift(server: Server) {
  const { inbound, rules } = await server.livekit();
  const change = { name: 'Renamed', auth_password: 'found-out' };
  await server.callLivekit('UpdateSIPInboundTrunk', { sip_trunk_id: inbound[0].sip_trunk_id, update: change });
  await server.callLivekit('DeleteSIPDispatchRule', { sip_dispatch_rule_id: rules[0].sip_dispatch_rule_id });
}

const object = (page: Page, name: string) => page.locator('details').filter({ hasText: name });

test('drift is shown and repaired', async ({ page, server, accessible }) => {
  const { carrier: twilio, address } = await carrier(server);
  await visit(page, `${LIST}/${twilio.id}`);
  await page.getByRole('link', { name: 'Compare with LiveKit' }).click();
  await expect(page.getByRole('heading', { name: 'Twilio in LiveKit', level: 1 })).toBeVisible();
  expect(path(page)).toBe(address);
  await expect(page.getByText('Synced with LiveKit')).toBeVisible();
  await expect(object(page, 'outbound trunk')).toContainText('In sync');
  await accessible(page, 'in sync');
  const byLink = await page.getByRole('main').innerText();
  await visit(page, address);
  const withoutTime = (text: string) => text.replace(/Read from LiveKit.*/, '');
  expect(withoutTime(await page.getByRole('main').innerText())).toBe(withoutTime(byLink));

  await causeDrift(server);
  await page.getByRole('link', { name: 'Refresh' }).click();
  await expect(page.getByRole('heading', { name: 'Out of sync: 2 changes needed' })).toBeVisible();
  const trunk = object(page, 'inbound trunk').filter({ hasText: 'Differs' });
  await expect(trunk.getByRole('row', { name: /^name/i })).toContainText(/Twilio to Concierge\s*Renamed/);
  await expect(trunk.getByRole('row', { name: /auth password/i })).toContainText('Differs');
  await expect(object(page, 'dispatch rule').filter({ hasText: 'Missing' })).toContainText('does not exist');
  await expect(page.getByRole('main')).not.toContainText('found-out');
  await accessible(page, 'drifted');

  await page.getByRole('link', { name: 'Apply Changes…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply Changes to LiveKit' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'dry run');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect((await server.livekit()).rules).toEqual([]);
  await page.getByRole('link', { name: 'Apply Changes…' }).click();
  await dialog.getByRole('button', { name: 'Apply Changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Synced with LiveKit')).toBeVisible();
  const state = await server.livekitState();
  expect(state.inbound[0]).toMatchObject({ name: 'Twilio to Concierge', username: 'acme' });
  expect(state.rules).toHaveLength(1);
});

test('outdated dry run is refused, and the new one is shown', async ({ page, server, guard }) => {
  const { address } = await carrier(server);
  await causeDrift(server);
  await visit(page, `${address}?apply=1`);
  const dialog = page.getByRole('dialog', { name: 'Apply Changes to LiveKit' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  const { outbound } = await server.livekit();
  await server.callLivekit('DeleteSIPTrunk', { sip_trunk_id: outbound[0].sip_trunk_id });
  guard.expectRefusal(409, /\/drift\/apply$/);
  await dialog.getByRole('button', { name: 'Apply Changes' }).click();
  await expect(dialog.getByRole('alert')).toContainText('nothing was done');
  expect((await server.livekit()).rules).toEqual([]);
  await dialog.getByRole('link', { name: 'Refresh' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(3);
  await waitForHydration(page);
  await dialog.getByRole('button', { name: 'Apply Changes' }).click();
  await expect(page.getByText('Synced with LiveKit')).toBeVisible();
});

test('unmanaged trunk can be kept, and adopted with its rule', async ({ page, server, guard, accessible }) => {
  guard.expectRefusal(422, /\/drift\/adopt$/);
  const { carrier: twilio, address } = await carrier(server);
  const bot = await server.bot('Night desk');
  const trunk = await server.createUnmanagedTrunk(['+14155550199'], { allowed_addresses: ['192.0.2.7'] });
  const rule = { name: 'Other rule', trunk_ids: [trunk], rule: { dispatch_rule_individual: { room_prefix: 'other-' } }, room_config: { agents: [{ agent_name: 'old-agent' }] } };
  const { sip_dispatch_rule_id } = await server.callLivekit('CreateSIPDispatchRule', { dispatch_rule: rule });
  await visit(page, address);
  const unmanaged = page.getByRole('region', { name: 'Not managed by Trunkline' });
  await expect(unmanaged).toContainText('No carrier has its numbers or its address.');
  await accessible(page, 'unmanaged trunks');
  await unmanaged.getByRole('link', { name: /^Adopt… Other console/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Adopt into Twilio' });
  await dialog.getByRole('link', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect((await server.livekit()).inbound.find((one: any) => one.sip_trunk_id === trunk).name).toBe('Other console');

  await unmanaged.getByRole('link', { name: /^Adopt… Other console/ }).click();
  await dialog.getByRole('button', { name: 'Preview Adoption' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Choose the bot that answers');
  await dialog.getByLabel('Bot that answers its numbers').selectOption(bot.id);
  await dialog.getByLabel('Allowed IPs').check();
  // A change by others keeps the choice.
  await server.put(`/carriers/${twilio.id}`, { outbound_burst: 42 });
  await server.waitForStatus(twilio, 'synced');
  await accessible(page, 'adopt');
  await dialog.getByRole('button', { name: 'Preview Adoption' }).click();
  await expect(dialog).toContainText('+14155550199');
  await expect(dialog).toContainText('in place of the agent old-agent');
  await expect(dialog.getByLabel('Allowed IPs')).toBeChecked();
  await accessible(page, 'adopt, dry run');
  expect((await server.get(`/carriers/${twilio.id}`)).did_count).toBe(1);
  await dialog.getByRole('button', { name: 'Adopt', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Trunk adopted.' })).toHaveCount(1);
  await expect(dialog).toBeHidden();
  expect(await server.get(`/carriers/${twilio.id}`)).toMatchObject({ did_count: 2, allowed_addresses: ['192.0.2.7'] });
  await server.waitForStatus(twilio, 'synced');
  const { inbound, rules } = await server.livekit();
  // Adopted in place: same ids, now with the bot.
  expect(inbound.find((one: any) => one.sip_trunk_id === trunk)).toMatchObject({ name: 'Twilio to Night desk', numbers: ['+14155550199', '0014155550199'], auth_username: 'acme' });
  const agent = rules.find((one: any) => one.sip_dispatch_rule_id === sip_dispatch_rule_id).room_config.agents[0];
  expect(agent.agent_name).toBe('night desk');
});

test('orphans are listed and removed', async ({ page, server, accessible }) => {
  const { address } = await carrier(server);
  const metadata = JSON.stringify({ managed_by: 'trunkline', carrier_id: 'car_01hf7yat000000000000000000' });
  await server.callLivekit('CreateSIPOutboundTrunk', { trunk: { name: 'Left behind', metadata, address: 'sip.example.com', numbers: ['+14155550188'] } });
  await visit(page, address);
  const orphans = page.getByRole('region', { name: 'Orphaned objects' });
  await expect(orphans).toContainText('Unknown carrier');
  await accessible(page, 'orphans');
  await orphans.getByRole('link', { name: /^Remove… orphaned objects of/ }).click();
  const dialog = page.getByRole('dialog', { name: /^Remove Orphaned Objects of/ });
  await expect(dialog).toContainText('If another Trunkline uses the same LiveKit project');
  await accessible(page, 'remove orphans');
  await dialog.getByRole('button', { name: 'Remove Orphaned Objects' }).click();
  await expect(dialog).toBeHidden();
  await expect(orphans).toBeHidden();
  expect((await server.livekitState()).outbound).toHaveLength(1);
});

test('unreachable LiveKit is reported and can be retried', async ({ page, server, guard, accessible }) => {
  const { address } = await carrier(server);
  await server.faults({ fault: 'html502', sticky: true });
  guard.expectRefusal(502, /\/drift$/);
  await visit(page, address);
  await expect(page.getByText('LiveKit does not answer as it should')).toBeVisible();
  await accessible(page, 'LiveKit away');
  await server.clearFaults();
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByText('Synced with LiveKit')).toBeVisible();
});

test('drift page fits a narrow screen @narrow', async ({ page, server, accessible }) => {
  const { bot, address } = await carrier(server);
  await causeDrift(server);
  const trunk = await server.createUnmanagedTrunk(['+14155550199']);
  const metadata = JSON.stringify({ managed_by: 'trunkline', carrier_id: 'car_01hf7yat000000000000000000' });
  await server.callLivekit('CreateSIPOutboundTrunk', { trunk: { name: 'Left behind', metadata, address: 'sip.example.com', numbers: ['+14155550188'] } });
  for (const query of ['', '?apply=1', `?adopt=${trunk}`, `?adopt=${trunk}&bot_id=${bot.id}&preview=1`, '?remove=car_01hf7yat000000000000000000']) {
    await visit(page, address + query);
    const [needed, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect.soft(needed, `${query} scrolls sideways`).toBeLessThanOrEqual(width);
    await accessible(page, `drift ${query}, narrow`);
  }
});
