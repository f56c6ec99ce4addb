import { expect, LIST, row, test } from '../fixtures/test';

test('without JavaScript, drift is repaired, a trunk adopted and orphans removed', async ({ page, server, guard }) => {
  const bot = await server.bot();
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  const { rules, outbound } = await server.livekit();
  await server.callLivekit('DeleteSIPDispatchRule', { sip_dispatch_rule_id: rules[0].sip_dispatch_rule_id });
  await page.goto(`${LIST}/${carrier.id}`);
  await page.getByRole('link', { name: 'Compare with LiveKit' }).click();
  await expect(page.getByRole('heading', { name: 'Out of sync: 1 change needed' })).toBeVisible();

  await page.getByRole('link', { name: 'Apply Changes…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Create the dispatch rule');
  await server.callLivekit('DeleteSIPTrunk', { sip_trunk_id: outbound[0].sip_trunk_id });
  guard.expectRefusal(409, /\/drift$/);
  await dialog.getByRole('button', { name: 'Apply Changes' }).click();
  await expect(dialog.getByRole('alert')).toContainText('nothing was done');
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Apply Changes' }).click();
  await expect(page.getByText('Changes applied.')).toBeVisible();
  await expect(page.getByText('Synced with LiveKit')).toBeVisible();

  const trunk = await server.createUnmanagedTrunk(['+14155550199']);
  await page.getByRole('link', { name: 'Refresh' }).click();
  await page.getByRole('link', { name: /^Adopt… Other console/ }).click();
  await dialog.getByLabel('Bot that answers its numbers').selectOption(bot.id);
  await dialog.getByLabel('Username and Password').check();
  await dialog.getByRole('button', { name: 'Preview Adoption' }).click();
  await expect(dialog).toContainText('Becomes a number of this carrier, inbound.');
  await expect(dialog.getByLabel('Username and Password')).toBeChecked();
  await dialog.getByRole('button', { name: 'Adopt', exact: true }).click();
  await expect(page.getByText('Trunk adopted.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to Carrier' }).click();
  await expect(row(page, '+1 415-555-0199')).toContainText('Concierge');
  expect(await server.get(`/carriers/${carrier.id}`)).toMatchObject({ auth_username: 'unmanaged', did_count: 2 });
  expect(trunk).toMatch(/^ST_/);

  const metadata = JSON.stringify({ managed_by: 'trunkline', carrier_id: 'car_01hf7yat000000000000000000' });
  await server.callLivekit('CreateSIPOutboundTrunk', { trunk: { name: 'Left behind', metadata, address: 'sip.example.com', numbers: ['+14155550188'] } });
  await page.goto(`${LIST}/${carrier.id}/drift`);
  await page.getByRole('link', { name: /^Remove… orphaned objects of/ }).click();
  await dialog.getByRole('button', { name: 'Remove Orphaned Objects' }).click();
  await expect(page.getByText('Orphaned objects removed.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Orphaned objects' })).toHaveCount(0);

  await server.faults({ fault: 'drop', sticky: true });
  guard.expectRefusal(502, /\/drift$/);
  await page.goto(`${LIST}/${carrier.id}/drift`);
  await expect(page.getByText('LiveKit does not answer as it should')).toBeVisible();
  await server.clearFaults();
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByText('Synced with LiveKit')).toBeVisible();
});
